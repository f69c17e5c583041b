import type { Queryable } from './queryable.ts'

export interface UserRow {
  readonly workspaceId: string
  readonly id: string
  readonly name: string
  readonly passwordHash: string
}

const COLUMNS = [
  'workspace_id as workspaceId',
  'id',
  'name',
  'password_hash as passwordHash',
] as const

/** Reads the user of a normalised name; names are unique over all workspaces. */
export async function findUserByName(db: Queryable, nameKey: string): Promise<UserRow | undefined> {
  return await db
    .selectFrom('users')
    .select(COLUMNS)
    .where('name_key', '=', nameKey)
    .executeTakeFirst()
}

/** Reads at most `limit` users of a workspace, oldest first. */
export async function listUsers(
  db: Queryable,
  workspaceId: string,
  limit: number,
): Promise<readonly UserRow[]> {
  return await db
    .selectFrom('users')
    .select(COLUMNS)
    .where('workspace_id', '=', workspaceId)
    .orderBy('created_at')
    .limit(limit)
    .execute()
}

/** Holds a workspace until the transaction ends, so that two first users cannot be made at once. */
export async function lockWorkspace(transaction: Queryable, workspaceId: string): Promise<void> {
  await transaction
    .selectFrom('workspaces')
    .select('id')
    .where('id', '=', workspaceId)
    .forUpdate()
    .executeTakeFirstOrThrow()
}

/** Adds a user; answers false when the name is taken. */
export async function insertUser(
  db: Queryable,
  user: UserRow & { readonly nameKey: string; readonly at: number },
): Promise<boolean> {
  const at = new Date(user.at)
  const result = await db
    .insertInto('users')
    .values({
      workspace_id: user.workspaceId,
      id: user.id,
      name: user.name,
      name_key: user.nameKey,
      password_hash: user.passwordHash,
      created_at: at,
      updated_at: at,
    })
    .onConflict((conflict) => conflict.column('name_key').doNothing())
    .executeTakeFirst()
  return result.numInsertedOrUpdatedRows === 1n
}

/** Stores another password; answers the user, or nothing when there is none. */
export async function updatePassword(
  db: Queryable,
  user: {
    readonly workspaceId: string
    readonly id: string
    readonly passwordHash: string
    readonly at: number
  },
): Promise<UserRow | undefined> {
  return await db
    .updateTable('users')
    .set({ password_hash: user.passwordHash, updated_at: new Date(user.at) })
    .where('workspace_id', '=', user.workspaceId)
    .where('id', '=', user.id)
    .returning(COLUMNS)
    .executeTakeFirst()
}
