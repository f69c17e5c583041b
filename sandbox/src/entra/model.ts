/** A directory (tenant) of the sandbox. */
export interface Tenant {
  readonly id: string
  readonly displayName: string
  /** Verified domain names; each may stand for the id in an address. */
  readonly domains: readonly string[]
}

/** What the seeded user is there to show. */
export type UserStory =
  | 'admin'
  | 'member'
  | 'guest'
  | 'disabled'
  | 'needsMfa'
  | 'noConsentRight'
  | 'notInOrganization'
  | 'withoutRole'
  | 'passwordExpired'
  | 'disabledInOrganization'

export interface User {
  readonly id: string
  /** The home tenant. */
  readonly tenantId: string
  readonly username: string
  readonly displayName: string
  readonly story: UserStory
  password: string
  admin: boolean
  enabled: boolean
  passwordExpired: boolean
  mfaRequired: boolean
  mayConsent: boolean
  /** Conditional Access refuses every token for this user (53003). */
  blockedByPolicy: boolean
  /** Conditional Access asks for a sign-in this often, in ms (70043); 0 for never. */
  signInFrequencyMs: number
  /** Other tenants in which the user is a guest. */
  guestOf: string[]
  /** Grants from before this time (ms) are void: sessions revoked, password reset by an admin. */
  tokensValidFrom: number
}

export interface Secret {
  readonly id: string
  readonly value: string
  readonly description: string
  readonly startsAt: number
  endsAt: number
}

export interface Certificate {
  readonly id: string
  readonly pem: string
  /** SHA-1 of the DER form in upper-case hex, as the portal shows it. */
  readonly thumbprint: string
  /** base64url of the SHA-1 and SHA-256 digests: the `x5t` and `x5t#S256` headers. */
  readonly x5t: string
  readonly x5tS256: string
  readonly notBefore: number
  readonly notAfter: number
}

export interface FederatedCredential {
  readonly id: string
  readonly issuer: string
  readonly subject: string
  readonly audience: string
  /** The issuer's public keys, as a JWK set. */
  readonly keys: readonly Readonly<Record<string, unknown>>[]
}

export type Platform = 'web' | 'spa' | 'native'

export interface RedirectUri {
  readonly platform: Platform
  readonly uri: string
}

/** A delegated permission in the registration, granted or not. */
export interface Permission {
  readonly resourceAppId: string
  readonly scope: string
}

/** An app registration, with the service principals it has in tenants. */
export interface App {
  readonly objectId: string
  readonly appId: string
  readonly tenantId: string
  displayName: string
  audience: 'single' | 'multi'
  redirectUris: RedirectUri[]
  permissions: Permission[]
  secrets: Secret[]
  certificates: Certificate[]
  federatedCredentials: FederatedCredential[]
  /** "Allow public client flows" (isFallbackPublicClient). */
  publicClient: boolean
  enabled: boolean
  assignmentRequired: boolean
  assignedUserIds: string[]
  /** Not Entra's rule: reuse of a rotated refresh token revokes its family. */
  strictRefresh: boolean
  /** id_tokens of the v1 endpoint come unsigned (alg none). */
  unsignedIdToken: boolean
  /** Client credentials through /common succeed, with a useless token of a foreign tenant. */
  appOnlyOnCommon: boolean
  /** Tenant id to object id of the enterprise application there. */
  servicePrincipals: Record<string, string>
}

export interface Consent {
  readonly appId: string
  readonly tenantId: string
  /** Nobody in particular: granted by an admin for all users of the tenant. */
  readonly userId?: string
  readonly resourceAppId: string
  readonly scopes: readonly string[]
}

/** How and when somebody proved who they are. */
export interface SignIn {
  readonly userId: string
  readonly at: number
  readonly mfa: boolean
}

export interface AuthorizationCode {
  readonly hash: string
  readonly appId: string
  readonly redirectUri: string
  readonly platform: Platform
  readonly version: 1 | 2
  /** The tenant as the path named it: its id, or `common`, `organizations`. */
  readonly tenantPath: string
  /** The tenant of the tokens to come. */
  readonly tenantId: string
  readonly signIn: SignIn
  readonly resource?: string
  readonly scopes: readonly string[]
  readonly nonce?: string
  readonly challenge?: { readonly method: string; readonly value: string }
  readonly issuedAt: number
  redeemed: boolean
}

export interface RefreshToken {
  readonly hash: string
  readonly family: string
  readonly appId: string
  readonly tenantId: string
  readonly signIn: SignIn
  readonly resource?: string
  readonly scopes: readonly string[]
  readonly issuedAt: number
  /** Fixed end for tokens of a single-page application. */
  readonly spaEndsAt?: number
  lastUsedAt: number
  rotated: boolean
  revokedAt?: number
}

export interface DeviceCode {
  readonly hash: string
  readonly userCode: string
  readonly appId: string
  readonly version: 1 | 2
  readonly tenantPath: string
  readonly resource?: string
  readonly scopes: readonly string[]
  readonly issuedAt: number
  outcome: 'pending' | 'approved' | 'declined' | 'redeemed'
  signIn?: SignIn
  tenantId?: string
}

/** The browser's side: who is signed in there, by the value of its cookie. */
export interface Session {
  readonly id: string
  accounts: SignIn[]
  touchedAt: number
}

/** All that Entra remembers; plain JSON, so that it can be written to a file. */
export interface EntraState {
  tenants: Tenant[]
  users: User[]
  apps: App[]
  consents: Consent[]
  codes: AuthorizationCode[]
  refreshTokens: RefreshToken[]
  deviceCodes: DeviceCode[]
  sessions: Session[]
}
