import type { Secret } from '../../kernel/index.ts'
import type { AuthClientRow, AuthClientSecretRow, StoredProblem } from '../store/index.ts'

/** Why something does not work, kept until it works again. */
export type Problem = StoredProblem

/** How an Auth Client proves who it is to the authorization server. */
export type AuthenticationMethod = 'secret' | 'certificate' | 'federated' | 'none'

/** What may be shown of a secret; the secret itself is never given back. */
export interface SecretView {
  readonly id: string
  readonly slot: 'current' | 'next'
  /** The first three characters of a long secret, as Entra's portal shows them, and its length class. */
  readonly hint: string
  readonly expiresAt?: number
  readonly createdAt: number
}

/** An OAuth client registered with an authorization server. Times are ms since 1970. */
export interface AuthClient {
  readonly id: string
  readonly workspaceId: string
  readonly name: string
  readonly clientId: string
  readonly authentication: AuthenticationMethod
  readonly secrets: readonly SecretView[]
  readonly certificate?: { readonly thumbprint: string; readonly notAfter: number }
  /** The file that a federated assertion is read from at each use. */
  readonly assertionFile?: string
  /** As it was typed, byte for byte; so are the two below. */
  readonly authorizationEndpoint: string
  readonly tokenEndpoint: string
  readonly deviceEndpoint?: string
  readonly scopes?: string
  /** Why the authorization server refuses this client, while it does. */
  readonly problem?: Problem
  readonly createdAt: number
  readonly updatedAt: number
  /** Counts the edits: an edit says which one it was made on. */
  readonly version: number
}

/** What a person fills in. Text loses what surrounds it invisibly; endpoints are kept as they are. */
export interface AuthClientInput {
  readonly name: string
  readonly clientId: string
  readonly authentication: AuthenticationMethod
  readonly secret?: Secret
  readonly secretExpiresAt?: number
  readonly certificatePem?: string
  readonly privateKeyPem?: Secret
  readonly assertionFile?: string
  readonly authorizationEndpoint: string
  readonly tokenEndpoint: string
  readonly deviceEndpoint?: string
  readonly scopes?: string
}

/** What is to change; a field that is absent stays. */
export type AuthClientChanges = {
  readonly [Field in keyof AuthClientInput]?: AuthClientInput[Field] | undefined
} & {
  /** The version that the change was made on. */
  readonly version: number
}

/** Something accepted that is probably wrong. */
export interface Warning {
  readonly code: string
  readonly field?: string
  readonly what: string
  readonly remedy: string
}

/** An Auth Client as it is now, and what is doubtful about it. */
export interface AuthClientAnswer {
  readonly authClient: AuthClient
  readonly warnings: readonly Warning[]
}

/** Presents a stored Auth Client without anything secret. */
export function toAuthClient(
  row: AuthClientRow,
  secrets: readonly AuthClientSecretRow[],
  thumbprint: string | undefined,
): AuthClient {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    name: row.name,
    clientId: row.client_id,
    authentication: row.authentication,
    secrets: secrets.filter(({ auth_client_id }) => auth_client_id === row.id).map(toSecretView),
    authorizationEndpoint: row.authorization_endpoint,
    tokenEndpoint: row.token_endpoint,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    version: row.version,
    ...(thumbprint !== undefined &&
      row.certificate_expires_at !== null && {
        certificate: { thumbprint, notAfter: row.certificate_expires_at },
      }),
    ...(row.assertion_file !== null && { assertionFile: row.assertion_file }),
    ...(row.device_endpoint !== null && { deviceEndpoint: row.device_endpoint }),
    ...(row.scopes !== null && { scopes: row.scopes }),
    ...(row.problem !== null && { problem: row.problem }),
  }
}

function toSecretView(row: AuthClientSecretRow): SecretView {
  return {
    id: row.id,
    slot: row.slot,
    hint: row.hint,
    createdAt: row.created_at,
    ...(row.expires_at !== null && { expiresAt: row.expires_at }),
  }
}
