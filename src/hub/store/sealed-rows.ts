import { sql } from 'kysely'
import type { Queryable } from './queryable.ts'

/** A column of sealed values, in a table keyed by workspace and one id. */
export interface SealedColumn {
  readonly table: string
  readonly idColumn: string
  readonly column: string
}

/** Every column of sealed values; a rotation of keys goes through all of them. */
export const sealedColumns: readonly SealedColumn[] = [
  { table: 'auth_clients', idColumn: 'id', column: 'private_key' },
  { table: 'auth_client_secrets', idColumn: 'id', column: 'secret' },
  { table: 'credential_tokens', idColumn: 'credential_id', column: 'access_token' },
  { table: 'credential_tokens', idColumn: 'credential_id', column: 'refresh_token' },
  { table: 'credential_tokens', idColumn: 'credential_id', column: 'former_refresh_token' },
  { table: 'connect_flows', idColumn: 'id', column: 'code_verifier' },
]

export interface SealedRow {
  readonly workspaceId: string
  readonly row: string
  readonly envelope: string
}

/** Counts the values of a column that are sealed under any other key than this one. */
export async function countSealedOtherwise(
  db: Queryable,
  { table, column }: SealedColumn,
  keyId: string,
): Promise<number> {
  const { rows } = await sql<{ count: number | string }>`
    select count(*) as count from ${sql.table(table)}
    where split_part(${sql.ref(column)}, '.', 2) <> ${keyId}`.execute(db)
  return Number(rows[0]?.count ?? 0)
}

/** Reads and locks some values of a column that are sealed under any other key than this one. */
export async function lockSealedOtherwise(
  db: Queryable,
  { table, idColumn, column }: SealedColumn,
  keyId: string,
  limit: number,
): Promise<readonly SealedRow[]> {
  const { rows } = await sql<SealedRow>`
    select workspace_id as "workspaceId", ${sql.ref(idColumn)} as "row",
      ${sql.ref(column)} as envelope
    from ${sql.table(table)}
    where split_part(${sql.ref(column)}, '.', 2) <> ${keyId}
    order by workspace_id, ${sql.ref(idColumn)} limit ${limit} for update`.execute(db)
  return rows
}

/** Reads a column's values after a place in the order of workspace and id. */
export async function listSealed(
  db: Queryable,
  { table, idColumn, column }: SealedColumn,
  after: { readonly workspaceId: string; readonly row: string },
  limit: number,
): Promise<readonly SealedRow[]> {
  const { rows } = await sql<SealedRow>`
    select workspace_id as "workspaceId", ${sql.ref(idColumn)} as "row",
      ${sql.ref(column)} as envelope
    from ${sql.table(table)}
    where ${sql.ref(column)} is not null
      and (workspace_id, ${sql.ref(idColumn)}) > (${after.workspaceId}, ${after.row})
    order by workspace_id, ${sql.ref(idColumn)} limit ${limit}`.execute(db)
  return rows
}

/** Writes a value back that was sealed under another key. */
export async function updateSealed(
  db: Queryable,
  { table, idColumn, column }: SealedColumn,
  { workspaceId, row, envelope }: SealedRow,
): Promise<void> {
  await sql`
    update ${sql.table(table)} set ${sql.ref(column)} = ${envelope}
    where workspace_id = ${workspaceId} and ${sql.ref(idColumn)} = ${row}`.execute(db)
}
