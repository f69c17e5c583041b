import type { Selectable } from 'kysely'
import { moment } from './moment.ts'
import type { Queryable } from './queryable.ts'
import type { AuthClientsTable, StoredProblem } from './tables/vault.ts'

/** A stored Auth Client, without its secrets. */
export type AuthClientRow = Selectable<AuthClientsTable>

/** The columns that a person fills in. */
export type AuthClientColumns = Pick<
  AuthClientRow,
  | 'name'
  | 'client_id'
  | 'authentication'
  | 'certificate_pem'
  | 'certificate_expires_at'
  | 'private_key'
  | 'assertion_file'
  | 'authorization_endpoint'
  | 'token_endpoint'
  | 'device_endpoint'
  | 'scopes'
>

export async function insertAuthClient(
  db: Queryable,
  { workspaceId, id, at }: { workspaceId: string; id: string; at: number },
  columns: AuthClientColumns,
): Promise<void> {
  await db
    .insertInto('auth_clients')
    .values({
      ...withDates(columns),
      workspace_id: workspaceId,
      id,
      created_at: new Date(at),
      updated_at: new Date(at),
    })
    .execute()
}

/** Reads an Auth Client; `lock` keeps others from changing it until the transaction ends. */
export async function readAuthClient(
  db: Queryable,
  workspaceId: string,
  id: string,
  options: { readonly lock?: boolean } = {},
): Promise<AuthClientRow | undefined> {
  const query = db
    .selectFrom('auth_clients')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
  return await (options.lock ? query.forNoKeyUpdate() : query).executeTakeFirst()
}

/** Lists a workspace's Auth Clients by name, or those with one client id. */
export async function listAuthClients(
  db: Queryable,
  workspaceId: string,
  options: { readonly clientId?: string } = {},
): Promise<readonly AuthClientRow[]> {
  let query = db.selectFrom('auth_clients').selectAll().where('workspace_id', '=', workspaceId)
  if (options.clientId !== undefined) query = query.where('client_id', '=', options.clientId)
  return await query.orderBy('name').orderBy('id').limit(1_000).execute()
}

/** Changes what a person filled in; what failed before gets another chance. */
export async function updateAuthClient(
  db: Queryable,
  { workspaceId, id, at }: { workspaceId: string; id: string; at: number },
  columns: Partial<AuthClientColumns>,
): Promise<void> {
  await db
    .updateTable('auth_clients')
    .set((set) => ({
      ...withDates(columns),
      updated_at: new Date(at),
      version: set('version', '+', 1),
      problem: null,
      retry_at: null,
    }))
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .execute()
}

export async function deleteAuthClient(
  db: Queryable,
  workspaceId: string,
  id: string,
): Promise<void> {
  await db
    .deleteFrom('auth_clients')
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .execute()
}

/** Notes that an Auth Client fails, and until when nothing is tried with it. */
export async function setAuthClientProblem(
  db: Queryable,
  { workspaceId, id }: { workspaceId: string; id: string },
  problem: StoredProblem,
  retryAt: number,
): Promise<void> {
  await db
    .updateTable('auth_clients')
    .set({ problem: JSON.stringify(problem), retry_at: new Date(retryAt) })
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .execute()
}

/** Notes that an Auth Client works; answers whether it had failed. */
export async function clearAuthClientProblem(
  db: Queryable,
  { workspaceId, id }: { workspaceId: string; id: string },
): Promise<boolean> {
  const [result] = await db
    .updateTable('auth_clients')
    .set({ problem: null, retry_at: null })
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .where('problem', 'is not', null)
    .execute()
  return (result?.numUpdatedRows ?? 0n) > 0n
}

/** Lists Auth Clients of all workspaces whose certificate ends before a moment. */
export async function listExpiringCertificates(
  db: Queryable,
  before: number,
  limit: number,
): Promise<readonly AuthClientRow[]> {
  return await db
    .selectFrom('auth_clients')
    .selectAll()
    .where('authentication', '=', 'certificate')
    .where('certificate_expires_at', '<', moment(before))
    .orderBy('certificate_expires_at')
    .limit(limit)
    .execute()
}

function withDates<Columns extends Partial<AuthClientColumns>>({
  certificate_expires_at: expiry,
  ...columns
}: Columns) {
  if (expiry === undefined) return columns
  return { ...columns, certificate_expires_at: expiry === null ? null : new Date(expiry) }
}
