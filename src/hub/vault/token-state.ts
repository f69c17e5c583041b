import type { Secret } from '../../kernel/index.ts'
import type { TokenRow } from '../store/index.ts'
import type { Place } from './envelope.ts'
import type { VaultParts } from './vault-parts.ts'

/** An access token as it is stored, opened. Times are ms since 1970. */
export interface StoredToken {
  readonly value: Secret
  /** The environment that it may be sent to. */
  readonly environmentUrl: string
  readonly issuedAt: number
  readonly expiresAt: number
}

type TokenColumn = 'access_token' | 'refresh_token' | 'former_refresh_token'

const LARGEST_MARGIN_MS = 120_000

/** Opens a stored access token of an environment, if there is one. */
export function openAccessToken(
  { keyring }: Pick<VaultParts, 'keyring'>,
  row: TokenRow,
  environmentUrl: string,
): StoredToken | undefined {
  if (row.access_token === null || row.issued_at === null || row.expires_at === null)
    return undefined
  const place = tokenPlace(row.workspace_id, row.credential_id, 'access_token')
  return {
    value: keyring.open(row.access_token, place),
    environmentUrl,
    issuedAt: row.issued_at,
    expiresAt: row.expires_at,
  }
}

/** Opens a stored refresh token, the newest or the one before. */
export function openRefreshToken(
  { keyring }: Pick<VaultParts, 'keyring'>,
  row: TokenRow,
  column: 'refresh_token' | 'former_refresh_token',
): Secret | undefined {
  const sealed = row[column]
  if (sealed === null) return undefined
  return keyring.open(sealed, tokenPlace(row.workspace_id, row.credential_id, column))
}

/** Where a token of a Credential is sealed for. */
export function tokenPlace(workspaceId: string, id: string, column: TokenColumn): Place {
  return { workspaceId, table: 'credential_tokens', row: id, column }
}

/**
 * Tells whether a token is good for a while yet. The margin is two minutes, but less for a token that
 * does not live long, lest it be renewed at every use.
 */
export function isFresh({ issuedAt, expiresAt }: StoredToken, now: number): boolean {
  const margin = Math.min(LARGEST_MARGIN_MS, Math.max(0, expiresAt - issuedAt) / 4)
  return expiresAt - now > margin
}

/** Tells whether a token has not ended, however soon it will. */
export function isAlive({ expiresAt }: StoredToken, now: number): boolean {
  return expiresAt - now > 1_000
}
