import { type Selectable, sql } from 'kysely'
import { moment } from './moment.ts'
import type { Queryable } from './queryable.ts'
import type { CredentialTokensTable, StoredProblem } from './tables/vault.ts'

/** The stored tokens of a Credential, sealed, with what is known of its lease. */
export type TokenRow = Selectable<CredentialTokensTable>

export interface TokenKey {
  readonly workspaceId: string
  readonly id: string
}

/** A lease that was given: only its holder knows the fence, and only the newest fence may save. */
export interface Lease extends TokenKey {
  readonly fence: number
}

/** Tokens to store; sealed. */
export interface TokenColumns {
  readonly accessToken: string
  readonly refreshToken: string | null
  readonly formerRefreshToken: string | null
  readonly issuedAt: number
  readonly expiresAt: number
}

/** Times by the database's clock. */
export interface TokenTimes {
  /** For how long no refresh is to be tried. */
  readonly coolingMs: number
  /** How long ago the access token was obtained because the one before was refused; null if not so. */
  readonly forcedAgoMs: number | null
}

/** Reads a Credential's tokens. */
export async function readTokens(
  db: Queryable,
  { workspaceId, id }: TokenKey,
): Promise<(TokenRow & TokenTimes) | undefined> {
  return await db
    .selectFrom('credential_tokens')
    .selectAll()
    .select(
      sql<number>`coalesce(ceil(greatest(0,
        extract(epoch from retry_at - clock_timestamp())) * 1000), 0)::float8`.as('coolingMs'),
    )
    .select(
      sql<number | null>`(extract(epoch from clock_timestamp() - forced_at) * 1000)::float8`.as(
        'forcedAgoMs',
      ),
    )
    .where('workspace_id', '=', workspaceId)
    .where('credential_id', '=', id)
    .executeTakeFirst()
}

/**
 * Takes the lease if it is free or its time is over, by the database's clock; answers with the tokens as
 * they are under it. A mark of a refresh under way that is still there was left by an earlier holder.
 */
export async function takeLease(
  db: Queryable,
  { workspaceId, id }: TokenKey,
  { owner, leaseMs }: { readonly owner: string; readonly leaseMs: number },
): Promise<TokenRow | undefined> {
  return await db
    .updateTable('credential_tokens')
    .set((set) => ({
      lease_owner: owner,
      lease_fence: set('lease_fence', '+', 1),
      lease_expires_at: after(leaseMs),
    }))
    .where('workspace_id', '=', workspaceId)
    .where('credential_id', '=', id)
    .where((where) =>
      where.or([
        where('lease_owner', 'is', null),
        where('lease_expires_at', '<=', sql<number>`clock_timestamp()`),
      ]),
    )
    .returningAll()
    .executeTakeFirst()
}

/** Marks that a refresh begins and prolongs the lease; false when the lease went to another. */
export async function markRefreshStarted(
  db: Queryable,
  lease: Lease,
  leaseMs: number,
): Promise<boolean> {
  const [result] = await leased(db, lease)
    .set({
      refresh_started_at: sql<Date>`coalesce(refresh_started_at, clock_timestamp())`,
      lease_expires_at: after(leaseMs),
    })
    .execute()
  return (result?.numUpdatedRows ?? 0n) > 0n
}

/** Stores what a refresh brought and ends its lease; false, and nothing stored, when it is too late. */
export async function saveTokens(
  db: Queryable,
  lease: Lease,
  tokens: TokenColumns,
  options: { readonly forced: boolean },
): Promise<boolean> {
  const [result] = await leased(db, lease)
    .set((set) => ({
      ...toColumns(tokens),
      forced_at: options.forced ? sql<Date>`clock_timestamp()` : null,
      version: set('version', '+', 1),
    }))
    .execute()
  return (result?.numUpdatedRows ?? 0n) > 0n
}

/**
 * Marks that a holder whose lease went to another had sent a refresh all the same: a strict server may
 * take that for theft and end what the other obtained.
 */
export async function markOvertaken(db: Queryable, { workspaceId, id }: TokenKey): Promise<void> {
  await db
    .updateTable('credential_tokens')
    .set({ refresh_started_at: sql<Date>`coalesce(refresh_started_at, clock_timestamp())` })
    .where('workspace_id', '=', workspaceId)
    .where('credential_id', '=', id)
    .execute()
}

/**
 * Lets the database undo this transaction soon if the process stands still within it: nobody else could
 * take the lease meanwhile.
 */
export async function limitStandstill(db: Queryable, ms: number): Promise<void> {
  await sql`select set_config('idle_in_transaction_session_timeout', ${String(ms)}, true)`.execute(
    db,
  )
}

/** Ends a lease without any news. */
export async function releaseLease(db: Queryable, lease: Lease): Promise<void> {
  await leased(db, lease).set({ lease_owner: null, lease_expires_at: null }).execute()
}

/** Notes a failure and ends its lease; false when the lease went to another. */
export async function saveFailure(
  db: Queryable,
  lease: Lease,
  failure: {
    readonly problem: StoredProblem
    readonly retryMs: number
    /** The server answered: whatever was under way has ended. */
    readonly answered: boolean
  },
): Promise<boolean> {
  const [result] = await leased(db, lease)
    .set((set) => ({
      failures: set('failures', '+', 1),
      failure: JSON.stringify(failure.problem),
      retry_at: after(failure.retryMs),
      ...(failure.answered ? { refresh_started_at: null } : {}),
      lease_owner: null,
      lease_expires_at: null,
    }))
    .execute()
  return (result?.numUpdatedRows ?? 0n) > 0n
}

/** Stores the tokens of a new sign-in; a refresh that is still under way will not be saved. */
export async function replaceTokens(
  db: Queryable,
  { workspaceId, id }: TokenKey,
  tokens: TokenColumns,
): Promise<void> {
  await db
    .updateTable('credential_tokens')
    .set((set) => ({
      ...toColumns(tokens),
      forced_at: null,
      version: set('version', '+', 1),
      lease_fence: set('lease_fence', '+', 1),
    }))
    .where('workspace_id', '=', workspaceId)
    .where('credential_id', '=', id)
    .execute()
}

/** Erases a Credential's tokens. */
export async function eraseTokens(db: Queryable, { workspaceId, id }: TokenKey): Promise<void> {
  await db
    .updateTable('credential_tokens')
    .set((set) => ({
      access_token: null,
      refresh_token: null,
      former_refresh_token: null,
      issued_at: null,
      expires_at: null,
      forced_at: null,
      ...SETTLED,
      version: set('version', '+', 1),
      lease_fence: set('lease_fence', '+', 1),
    }))
    .where('workspace_id', '=', workspaceId)
    .where('credential_id', '=', id)
    .execute()
}

/** A Credential nobody has renewed for long. */
export interface IdleRow extends TokenKey {
  readonly issuedAt: number
}

/**
 * Lists connected delegated Credentials of all workspaces whose tokens are older, the oldest first,
 * `after` one of them.
 */
export async function listIdle(
  db: Queryable,
  issuedBefore: number,
  limit: number,
  after?: IdleRow,
): Promise<readonly IdleRow[]> {
  const rows = await db
    .selectFrom('credential_tokens as tokens')
    .innerJoin('credentials', (join) =>
      join
        .onRef('tokens.workspace_id', '=', 'credentials.workspace_id')
        .onRef('tokens.credential_id', '=', 'credentials.id'),
    )
    .select(['tokens.workspace_id as workspaceId', 'tokens.credential_id as id'])
    .select('tokens.issued_at as issuedAt')
    .where('credentials.state', '=', 'connected')
    .where('credentials.grant_kind', '=', 'delegated')
    .where('tokens.refresh_token', 'is not', null)
    .where('tokens.issued_at', '<', moment(issuedBefore))
    .where((where) =>
      where.or([
        where('tokens.retry_at', 'is', null),
        where('tokens.retry_at', '<=', sql<number>`clock_timestamp()`),
      ]),
    )
    .where(after === undefined ? sql<boolean>`true` : isAfter(after))
    .orderBy('tokens.issued_at')
    .orderBy('tokens.workspace_id')
    .orderBy('tokens.credential_id')
    .limit(limit)
    .execute()
  return rows.map(({ issuedAt, ...key }) => ({ ...key, issuedAt: issuedAt ?? 0 }))
}

function isAfter({ issuedAt, workspaceId, id }: IdleRow) {
  return sql<boolean>`(tokens.issued_at, tokens.workspace_id, tokens.credential_id)
    > (${moment(issuedAt)}, ${workspaceId}, ${id})`
}

const SETTLED = {
  lease_owner: null,
  lease_expires_at: null,
  refresh_started_at: null,
  failures: 0,
  failure: null,
  retry_at: null,
} as const

function toColumns(tokens: TokenColumns) {
  return {
    access_token: tokens.accessToken,
    refresh_token: tokens.refreshToken,
    former_refresh_token: tokens.formerRefreshToken,
    issued_at: new Date(tokens.issuedAt),
    expires_at: new Date(tokens.expiresAt),
    ...SETTLED,
  }
}

function leased(db: Queryable, { workspaceId, id, fence }: Lease) {
  return db
    .updateTable('credential_tokens')
    .where('workspace_id', '=', workspaceId)
    .where('credential_id', '=', id)
    .where('lease_fence', '=', fence)
}

function after(ms: number) {
  return sql<Date>`clock_timestamp() + ${ms} * interval '1 millisecond'`
}
