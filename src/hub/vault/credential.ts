import type { Json } from '../../kernel/index.ts'
import type { CredentialRow, StoredIdentity } from '../store/index.ts'
import type { Problem } from './auth-client.ts'

/** The organization and user that a Credential is pinned to. */
export type Identity = StoredIdentity

export type CredentialState = 'new' | 'connected' | 'needs_reconnect' | 'auth_client_failing'

/** The grant of one user or application user on one environment. Times are ms since 1970. */
export interface Credential {
  readonly id: string
  readonly workspaceId: string
  readonly authClientId: string
  readonly name: string
  /** As it was typed. */
  readonly baseUrl: string
  /** The environment's origin. */
  readonly environmentUrl: string
  readonly apiVersion: string
  readonly grant: 'delegated' | 'app'
  readonly state: CredentialState
  readonly problem?: Problem
  readonly identity?: Identity
  /** When the access token in use ends. */
  readonly expiresAt?: number
  readonly refreshedAt?: number
  readonly usedAt?: number
  /** Until when it works even if nobody touches it, as far as is known. */
  readonly worksUntilAtLeast?: number
  /** The summary of the last verification. */
  readonly verification?: Json
  /** JSON of the claims challenge that the next sign-in has to answer. */
  readonly claimsDemand?: string
  readonly createdAt: number
  readonly updatedAt: number
  readonly version: number
}

/** What a person fills in. */
export interface CredentialInput {
  readonly name: string
  readonly authClientId: string
  readonly baseUrl: string
  readonly apiVersion?: string
  readonly grant?: 'delegated' | 'app'
}

/** What is to change; a field that is absent stays. */
export type CredentialChanges = {
  readonly [Field in keyof CredentialInput]?: CredentialInput[Field] | undefined
} & { readonly version: number }

/** A Credential as it is now. */
export interface CredentialAnswer {
  readonly credential: Credential
}

// Entra's default, which cannot be configured: learn.microsoft.com/entra/identity-platform/refresh-tokens
const REFRESH_TOKEN_MS = 90 * 86_400_000

/** Presents a stored Credential; `secretEndsAt` is when the Auth Client's own proof ends, if known. */
export function toCredential(
  row: CredentialRow,
  known: { readonly isEntra: boolean; readonly secretEndsAt?: number | undefined },
): Credential {
  const worksUntil = worksUntilAtLeast(row, known)
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    authClientId: row.auth_client_id,
    name: row.name,
    baseUrl: row.base_url,
    environmentUrl: row.environment_url,
    apiVersion: row.api_version,
    grant: row.grant_kind,
    state: row.state,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    version: row.version,
    ...(row.problem !== null && { problem: row.problem }),
    ...(row.identity !== null && { identity: row.identity }),
    ...(row.expires_at !== null && { expiresAt: row.expires_at }),
    ...(row.issued_at !== null && { refreshedAt: row.issued_at }),
    ...(row.used_at !== null && { usedAt: row.used_at }),
    ...(worksUntil !== undefined && { worksUntilAtLeast: worksUntil }),
    ...(row.verification !== null && { verification: row.verification }),
    ...(row.claims_demand !== null && { claimsDemand: row.claims_demand }),
  }
}

/**
 * Until when a Credential works without a touch. A refresh token of Entra's lives 90 days from its last
 * use; an application works as long as its proof, if that end is known. Another server's lifetime is not known beyond its access token.
 */
function worksUntilAtLeast(
  row: CredentialRow,
  { isEntra, secretEndsAt }: { isEntra: boolean; secretEndsAt?: number | undefined },
): number | undefined {
  if (row.state !== 'connected' || row.issued_at === null || row.expires_at === null)
    return undefined
  if (row.grant_kind === 'app') return secretEndsAt
  const grantEndsAt = isEntra ? row.issued_at + REFRESH_TOKEN_MS : row.expires_at
  // What was obtained until the secret's end goes on to work until it expires.
  return secretEndsAt === undefined
    ? grantEndsAt
    : Math.min(grantEndsAt, Math.max(secretEndsAt, row.expires_at))
}
