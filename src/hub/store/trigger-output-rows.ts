import { sql } from 'kysely'
import type { Json } from '../../kernel/index.ts'
import type { Queryable } from './queryable.ts'
import type { TriggerKey } from './trigger-rows.ts'

/** A stored output. */
export interface OutputRow {
  readonly sequence: number
  readonly outputId: string | null
  readonly body: Json
  readonly createdAt: number
}

/** An output to store, its body as JSON text. */
export interface NewOutputRow {
  readonly id: string | null
  readonly body: string
}

/**
 * Stores outputs with the sequences after `after`, but for those that are stored already; answers how many
 * were stored. Whoever calls holds the trigger's row, so that sequences become visible in their order.
 */
export async function insertOutputs(
  db: Queryable,
  { workspaceId, id }: TriggerKey,
  outputs: readonly NewOutputRow[],
  { after, at }: { readonly after: number; readonly at: number },
): Promise<number> {
  const result = await sql`
    insert into trigger_outputs
      (workspace_id, trigger_id, sequence, output_id, body, created_at)
    select ${workspaceId}::text, ${id}::text, ${after}::bigint + new.position, new.output_id,
      new.body::json, ${new Date(at)}::timestamptz
    from unnest(${outputs.map((output) => output.id)}::text[],
      ${outputs.map(({ body }) => body)}::text[])
      with ordinality as new (output_id, body, position)
    order by new.position
    on conflict (workspace_id, trigger_id, output_id) do nothing`.execute(db)
  return Number(result.numAffectedRows ?? 0n)
}

/** Lists the outputs after a sequence, in their order. */
export async function listOutputs(
  db: Queryable,
  { workspaceId, id }: TriggerKey,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<readonly OutputRow[]> {
  return await db
    .selectFrom('trigger_outputs')
    .select(['sequence', 'output_id as outputId', 'body', 'created_at as createdAt'])
    .where('workspace_id', '=', workspaceId)
    .where('trigger_id', '=', id)
    .where('sequence', '>', after)
    .orderBy('sequence')
    .limit(limit)
    .execute()
}

/** Deletes some of a trigger's outputs; answers how many. */
export async function deleteSomeOutputs(
  db: Queryable,
  { workspaceId, id }: TriggerKey,
  limit: number,
): Promise<number> {
  const result = await sql`
    delete from trigger_outputs where workspace_id = ${workspaceId} and trigger_id = ${id}
      and sequence in (select sequence from trigger_outputs
        where workspace_id = ${workspaceId} and trigger_id = ${id} limit ${limit})`.execute(db)
  return Number(result.numAffectedRows ?? 0n)
}

/** Deletes some of the outputs stored before a moment; answers how many. */
export async function deleteOldOutputs(
  db: Queryable,
  before: number,
  limit: number,
): Promise<number> {
  const result = await sql`
    delete from trigger_outputs where ctid in (
      select ctid from trigger_outputs where created_at < ${new Date(before)} limit ${limit}
    )`.execute(db)
  return Number(result.numAffectedRows ?? 0n)
}
