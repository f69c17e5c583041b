import type { Selectable } from 'kysely'
import type { Queryable } from './queryable.ts'
import type {
  CredentialsTable,
  CredentialTokensTable,
  StoredIdentity,
  StoredProblem,
} from './tables/vault.ts'

/** A stored Credential with the dates of its tokens. */
export type CredentialRow = Selectable<CredentialsTable> &
  Pick<Selectable<CredentialTokensTable>, 'issued_at' | 'expires_at'>

/** The columns that a person fills in. */
export type CredentialColumns = Pick<
  CredentialRow,
  'name' | 'auth_client_id' | 'base_url' | 'environment_url' | 'api_version' | 'grant_kind'
>

type Key = { readonly workspaceId: string; readonly id: string }

// https://www.postgresql.org/docs/current/errcodes-appendix.html
const FOREIGN_KEY_VIOLATION = '23503'

export async function insertCredential(
  db: Queryable,
  { workspaceId, id, at }: Key & { at: number },
  columns: CredentialColumns,
): Promise<void> {
  await db
    .insertInto('credentials')
    .values({
      ...columns,
      workspace_id: workspaceId,
      id,
      state: 'new',
      created_at: new Date(at),
      updated_at: new Date(at),
    })
    .execute()
  await db
    .insertInto('credential_tokens')
    .values({ workspace_id: workspaceId, credential_id: id })
    .execute()
}

/** Reads a Credential. */
export async function readCredential(
  db: Queryable,
  workspaceId: string,
  id: string,
): Promise<CredentialRow | undefined> {
  return await selectCredentials(db, workspaceId)
    .where('credentials.id', '=', id)
    .executeTakeFirst()
}

/** Keeps others from changing a Credential until the transaction ends; answers whether it is there. */
export async function lockCredential(db: Queryable, { workspaceId, id }: Key): Promise<boolean> {
  const found = await db
    .selectFrom('credentials')
    .select('id')
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst()
  return found !== undefined
}

/** Lists a workspace's Credentials by name, or those of one Auth Client. */
export async function listCredentials(
  db: Queryable,
  workspaceId: string,
  options: { readonly authClientId?: string; readonly limit?: number } = {},
): Promise<readonly CredentialRow[]> {
  let query = selectCredentials(db, workspaceId)
  if (options.authClientId !== undefined)
    query = query.where('credentials.auth_client_id', '=', options.authClientId)
  return await query
    .orderBy('credentials.name')
    .orderBy('credentials.id')
    .limit(options.limit ?? 10_000)
    .execute()
}

const UNCONNECTED = {
  state: 'new',
  problem: null,
  verification: null,
  claims_demand: null,
} as const

/** Changes what a person filled in. `forget` takes back state and problem, as of a new Credential. */
export async function updateCredential(
  db: Queryable,
  { workspaceId, id, at }: Key & { at: number },
  columns: Partial<CredentialColumns>,
  forget: { readonly connection: boolean; readonly identity: boolean },
): Promise<void> {
  await db
    .updateTable('credentials')
    .set((set) => ({
      ...columns,
      ...(forget.connection ? UNCONNECTED : {}),
      ...(forget.identity ? { identity: null } : {}),
      updated_at: new Date(at),
      version: set('version', '+', 1),
    }))
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .execute()
}

/**
 * Deletes a Credential; its tokens are erased with it. False, and nothing deleted, while triggers use it:
 * then the transaction cannot go on.
 */
export async function deleteCredential(db: Queryable, { workspaceId, id }: Key): Promise<boolean> {
  try {
    await db
      .deleteFrom('credentials')
      .where('workspace_id', '=', workspaceId)
      .where('id', '=', id)
      .execute()
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === FOREIGN_KEY_VIOLATION)
      return false
    throw error
  }
}

/** Sets a Credential's state, and the problem that goes with it; answers whether it changed. */
export async function setCredentialState(
  db: Queryable,
  { workspaceId, id }: Key,
  state: CredentialRow['state'],
  problem?: StoredProblem,
): Promise<boolean> {
  const [result] = await db
    .updateTable('credentials')
    .set({ state, problem: problem === undefined ? null : JSON.stringify(problem) })
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .where((where) => where.or([where('state', '<>', state), where('problem', 'is not', null)]))
    .execute()
  return (result?.numUpdatedRows ?? 0n) > 0n
}

/** Moves all Credentials of an Auth Client from one state to another. */
export async function moveCredentials(
  db: Queryable,
  { workspaceId, authClientId }: { workspaceId: string; authClientId: string },
  move: { readonly from: CredentialRow['state']; readonly to: CredentialRow['state'] },
  problem?: StoredProblem,
): Promise<void> {
  await db
    .updateTable('credentials')
    .set({ state: move.to, problem: problem === undefined ? null : JSON.stringify(problem) })
    .where('workspace_id', '=', workspaceId)
    .where('auth_client_id', '=', authClientId)
    .where('state', '=', move.from)
    .execute()
}

/** Notes the claims challenge that the next sign-in has to answer, or that there is none. */
export async function setClaimsDemand(
  db: Queryable,
  { workspaceId, id }: Key,
  claims: string | null,
): Promise<void> {
  await db
    .updateTable('credentials')
    .set({ claims_demand: claims })
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .execute()
}

export async function setIdentity(
  db: Queryable,
  { workspaceId, id }: Key,
  identity: StoredIdentity,
): Promise<void> {
  await db
    .updateTable('credentials')
    .set({ identity: JSON.stringify(identity) })
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .execute()
}

export async function setUsedAt(
  db: Queryable,
  { workspaceId, id, at }: Key & { at: number },
): Promise<void> {
  await db
    .updateTable('credentials')
    .set({ used_at: new Date(at) })
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .execute()
}

function selectCredentials(db: Queryable, workspaceId: string) {
  return db
    .selectFrom('credentials')
    .innerJoin('credential_tokens as tokens', (join) =>
      join
        .onRef('tokens.workspace_id', '=', 'credentials.workspace_id')
        .onRef('tokens.credential_id', '=', 'credentials.id'),
    )
    .selectAll('credentials')
    .select(['tokens.issued_at', 'tokens.expires_at'])
    .where('credentials.workspace_id', '=', workspaceId)
}
