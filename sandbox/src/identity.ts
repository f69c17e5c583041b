/** The claims of an access token that Dataverse looks at. Times are seconds since 1970. */
export interface AccessTokenClaims {
  readonly iss: string
  readonly aud: string
  readonly tid: string
  /** Object id of the user, or of the service principal when app-only. */
  readonly oid: string
  readonly appid: string
  readonly upn?: string
  readonly name?: string
  /** Delegated permissions, space separated; absent when app-only. */
  readonly scp?: string
  readonly nbf: number
  readonly exp: number
}

export type TokenVerdict =
  | { readonly valid: true; readonly claims: AccessTokenClaims }
  | { readonly valid: false; readonly reason: string }

/** The one thing that Dataverse needs of Entra ID: signature and times checked, audience and tenant not. */
export interface TokenInspector {
  inspect(token: string): Promise<TokenVerdict>
}

/** One Dataverse environment as both sides see it. */
export interface OrganizationIdentity {
  readonly id: string
  readonly uniqueName: string
  readonly friendlyName: string
  readonly tenantId: string
  /** Origins under which this organization answers, the first one canonical, without trailing slash. */
  readonly origins: readonly string[]
  /** The tenant's authorization endpoint, named by the 401 challenge. */
  readonly authorizationUri: string
}
