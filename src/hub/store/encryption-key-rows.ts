import { sql } from 'kysely'
import type { Queryable } from './queryable.ts'

export interface EncryptionKeyRow {
  readonly keyId: string
  readonly checkValue: string
  readonly state: 'active' | 'readable' | 'retired'
}

/** Keeps other processes from registering or activating keys until the transaction ends. */
export async function lockKeys(db: Queryable): Promise<void> {
  await sql`lock table encryption_keys in share row exclusive mode`.execute(db)
}

/** Lists all keys that the store was ever written with, oldest first. */
export async function listKeys(db: Queryable): Promise<readonly EncryptionKeyRow[]> {
  return await db
    .selectFrom('encryption_keys')
    .select(['key_id as keyId', 'check_value as checkValue', 'state'])
    .orderBy('created_at')
    .orderBy('key_id')
    .execute()
}

/** Reads the active key's id and keeps it active until the transaction ends. */
export async function lockActiveKey(db: Queryable): Promise<string> {
  const query = db
    .selectFrom('encryption_keys')
    .select('key_id as keyId')
    .where('state', '=', 'active')
    .forShare()
  // Having waited for a rotation to change the active key, a statement finds the former no longer active
  // and has not seen the new one: the next statement does.
  const found = (await query.executeTakeFirst()) ?? (await query.executeTakeFirstOrThrow())
  return found.keyId
}

/** Adds a key that can be read with. */
export async function insertKey(
  db: Queryable,
  key: { readonly keyId: string; readonly checkValue: string; readonly createdAt: number },
): Promise<void> {
  await db
    .insertInto('encryption_keys')
    .values({
      key_id: key.keyId,
      check_value: key.checkValue,
      created_at: new Date(key.createdAt),
    })
    .execute()
}

/** Makes a key the active one; waits for the transactions that still write under the former. */
export async function activateKey(db: Queryable, keyId: string): Promise<void> {
  await db
    .updateTable('encryption_keys')
    .set({ state: 'readable' })
    .where('state', '=', 'active')
    .execute()
  await db
    .updateTable('encryption_keys')
    .set({ state: 'active' })
    .where('key_id', '=', keyId)
    .execute()
}

/** Marks keys as no longer needed by anything stored. */
export async function retireKeys(
  db: Queryable,
  keyIds: readonly string[],
  at: number,
): Promise<void> {
  if (keyIds.length === 0) return
  await db
    .updateTable('encryption_keys')
    .set({ state: 'retired', retired_at: new Date(at) })
    .where('key_id', 'in', keyIds)
    .where('state', '=', 'readable')
    .execute()
}
