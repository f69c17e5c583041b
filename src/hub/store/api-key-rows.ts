import { moment } from './moment.ts'
import type { Queryable } from './queryable.ts'

export interface ApiKeyRow {
  readonly workspaceId: string
  readonly id: string
  readonly name: string
  readonly hint: string
  readonly scopes: readonly string[]
  readonly createdAt: number
  readonly expiresAt: number
  readonly lastUsedAt: number | null
}

const COLUMNS = [
  'workspace_id as workspaceId',
  'id',
  'name',
  'hint',
  'scopes',
  'created_at as createdAt',
  'expires_at as expiresAt',
  'last_used_at as lastUsedAt',
] as const

/** Stores a key by its hash. */
export async function insertApiKey(
  db: Queryable,
  key: Omit<ApiKeyRow, 'lastUsedAt'> & {
    readonly keyHash: string
    readonly createdBy: string | null
  },
): Promise<void> {
  await db
    .insertInto('api_keys')
    .values({
      workspace_id: key.workspaceId,
      id: key.id,
      key_hash: key.keyHash,
      hint: key.hint,
      name: key.name,
      scopes: [...key.scopes],
      created_by: key.createdBy,
      created_at: new Date(key.createdAt),
      expires_at: new Date(key.expiresAt),
    })
    .execute()
}

/** Reads a key that has not ended. */
export async function findApiKey(
  db: Queryable,
  keyHash: string,
  at: number,
): Promise<ApiKeyRow | undefined> {
  return await db
    .selectFrom('api_keys')
    .select(COLUMNS)
    .where('key_hash', '=', keyHash)
    .where('expires_at', '>', moment(at))
    .executeTakeFirst()
}

/** Reads the newest thousand keys of a workspace, ended ones too. */
export async function listApiKeys(
  db: Queryable,
  workspaceId: string,
): Promise<readonly ApiKeyRow[]> {
  return await db
    .selectFrom('api_keys')
    .select(COLUMNS)
    .where('workspace_id', '=', workspaceId)
    .orderBy('created_at', 'desc')
    .limit(1000)
    .execute()
}

/** Notes that a key was used. */
export async function touchApiKey(
  db: Queryable,
  key: { readonly workspaceId: string; readonly id: string; readonly at: number },
): Promise<void> {
  await db
    .updateTable('api_keys')
    .set({ last_used_at: new Date(key.at) })
    .where('workspace_id', '=', key.workspaceId)
    .where('id', '=', key.id)
    .execute()
}

/** Removes a key; answers whether there was one. */
export async function deleteApiKey(
  db: Queryable,
  workspaceId: string,
  id: string,
): Promise<boolean> {
  const result = await db
    .deleteFrom('api_keys')
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .executeTakeFirst()
  return result.numDeletedRows === 1n
}
