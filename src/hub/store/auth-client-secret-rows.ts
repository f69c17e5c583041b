import type { Selectable } from 'kysely'
import { moment } from './moment.ts'
import type { Queryable } from './queryable.ts'
import type { AuthClientSecretsTable } from './tables/vault.ts'

/** A stored secret of an Auth Client; `secret` is sealed. */
export type AuthClientSecretRow = Selectable<AuthClientSecretsTable>

/** Lists the secrets of one Auth Client, or of a workspace's. */
export async function listSecrets(
  db: Queryable,
  workspaceId: string,
  authClientId?: string,
): Promise<readonly AuthClientSecretRow[]> {
  let query = db
    .selectFrom('auth_client_secrets')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
  if (authClientId !== undefined) query = query.where('auth_client_id', '=', authClientId)
  return await query.orderBy('auth_client_id').orderBy('slot').execute()
}

/** Puts a secret into its slot; what was there is erased. */
export async function putSecret(db: Queryable, row: AuthClientSecretRow): Promise<void> {
  await deleteSecret(db, row.workspace_id, row.auth_client_id, row.slot)
  await db
    .insertInto('auth_client_secrets')
    .values({
      ...row,
      expires_at: row.expires_at === null ? null : new Date(row.expires_at),
      created_at: new Date(row.created_at),
    })
    .execute()
}

/** Notes another end of the current secret. */
export async function setSecretExpiry(
  db: Queryable,
  workspaceId: string,
  authClientId: string,
  expiresAt: number | null,
): Promise<void> {
  await db
    .updateTable('auth_client_secrets')
    .set({ expires_at: expiresAt === null ? null : new Date(expiresAt) })
    .where('workspace_id', '=', workspaceId)
    .where('auth_client_id', '=', authClientId)
    .where('slot', '=', 'current')
    .execute()
}

/** Erases a slot's secret, or those of both slots. */
export async function deleteSecret(
  db: Queryable,
  workspaceId: string,
  authClientId: string,
  slot?: 'current' | 'next',
): Promise<void> {
  let query = db
    .deleteFrom('auth_client_secrets')
    .where('workspace_id', '=', workspaceId)
    .where('auth_client_id', '=', authClientId)
  if (slot !== undefined) query = query.where('slot', '=', slot)
  await query.execute()
}

/** Makes one secret the current one, if it still is the next one; the former is erased. */
export async function promoteSecret(
  db: Queryable,
  workspaceId: string,
  authClientId: string,
  secretId: string,
): Promise<boolean> {
  const next = await db
    .selectFrom('auth_client_secrets')
    .select('id')
    .where('workspace_id', '=', workspaceId)
    .where('auth_client_id', '=', authClientId)
    .where('id', '=', secretId)
    .where('slot', '=', 'next')
    .forUpdate()
    .executeTakeFirst()
  if (next === undefined) return false
  await deleteSecret(db, workspaceId, authClientId, 'current')
  await db
    .updateTable('auth_client_secrets')
    .set({ slot: 'current' })
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', secretId)
    .execute()
  return true
}

/** Lists secrets of all workspaces that end before a moment, the soonest first. */
export async function listExpiringSecrets(
  db: Queryable,
  before: number,
  limit: number,
): Promise<readonly AuthClientSecretRow[]> {
  return await db
    .selectFrom('auth_client_secrets')
    .selectAll()
    .where('expires_at', '<', moment(before))
    .orderBy('expires_at')
    .limit(limit)
    .execute()
}
