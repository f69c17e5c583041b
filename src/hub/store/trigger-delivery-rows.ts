import { sql } from 'kysely'
import type { Queryable } from './queryable.ts'
import type { StoredProblem } from './tables/vault.ts'
import type { TriggerKey } from './trigger-rows.ts'

/** A message that Dataverse sent, waiting to be worked on. */
export interface DeliveryRow {
  readonly sequence: number
  readonly body: string | null
  readonly attempts: number
}

/** Stores a message; false when the same one is stored already. */
export async function insertDelivery(
  db: Queryable,
  { workspaceId, id }: TriggerKey,
  delivery: { readonly identity: string; readonly body: string; readonly at: number },
): Promise<boolean> {
  const result = await db
    .insertInto('trigger_deliveries')
    .values({
      workspace_id: workspaceId,
      trigger_id: id,
      identity: delivery.identity,
      body: delivery.body,
      state: 'stored',
      received_at: new Date(delivery.at),
    })
    .onConflict((conflict) =>
      conflict.columns(['workspace_id', 'trigger_id', 'identity']).doNothing(),
    )
    .executeTakeFirst()
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n
}

/** Measures what is kept of a trigger's messages: those that wait, and those that were given up. */
export async function measureBacklog(
  db: Queryable,
  { workspaceId, id }: TriggerKey,
): Promise<{ readonly messages: number; readonly bytes: number }> {
  const { rows } = await sql<{ readonly messages: number; readonly bytes: number }>`
    select count(*) as messages, coalesce(sum(octet_length(body)), 0)::bigint as bytes
    from trigger_deliveries
    where workspace_id = ${workspaceId} and trigger_id = ${id} and state <> 'done'`.execute(db)
  return rows[0] ?? { messages: 0, bytes: 0 }
}

/** Lists triggers that have messages to work on and no run. */
export async function listDue(db: Queryable, limit: number): Promise<readonly TriggerKey[]> {
  const { rows } = await sql<TriggerKey>`
    select triggers.workspace_id as "workspaceId", triggers.id
    from triggers
    where triggers.state = 'active'
      and (lease_expires_at is null or lease_expires_at <= clock_timestamp())
      and exists (select from trigger_deliveries as each
        where each.workspace_id = triggers.workspace_id and each.trigger_id = triggers.id
          and each.state = 'stored'
          and (each.retry_at is null or each.retry_at <= clock_timestamp()))
    limit ${limit}`.execute(db)
  return rows
}

/** Reads a trigger's oldest message that is to be worked on now. */
export async function nextDelivery(
  db: Queryable,
  { workspaceId, id }: TriggerKey,
): Promise<DeliveryRow | undefined> {
  return await db
    .selectFrom('trigger_deliveries')
    .select(['sequence', 'body', 'attempts'])
    .where('workspace_id', '=', workspaceId)
    .where('trigger_id', '=', id)
    .where('state', '=', 'stored')
    .where((where) =>
      where.or([
        where('retry_at', 'is', null),
        where('retry_at', '<=', sql<number>`clock_timestamp()`),
      ]),
    )
    .orderBy('sequence')
    .limit(1)
    .executeTakeFirst()
}

/** Marks a message as done and erases it; only its identity stays. */
export async function finishDelivery(
  db: Queryable,
  key: TriggerKey,
  sequence: number,
): Promise<void> {
  await delivery(db, key, sequence).set({ state: 'done', body: null, problem: null }).execute()
}

/** Puts a message off, or gives it up when no retry is wanted. */
export async function putOffDelivery(
  db: Queryable,
  key: TriggerKey,
  sequence: number,
  failure: { readonly problem: StoredProblem; readonly retryMs: number | undefined },
): Promise<void> {
  const { problem, retryMs } = failure
  await delivery(db, key, sequence)
    .set((set) => ({
      attempts: set('attempts', '+', 1),
      problem: JSON.stringify(problem),
      ...(retryMs === undefined
        ? { state: 'failed' as const }
        : {
            retry_at: sql<Date>`clock_timestamp() + make_interval(secs => ${retryMs / 1000})`,
          }),
    }))
    .execute()
}

/** Has messages that were put off or given up worked on again, at once. */
export async function reviveDeliveries(
  db: Queryable,
  { workspaceId, id }: TriggerKey,
): Promise<void> {
  await db
    .updateTable('trigger_deliveries')
    .set({ state: 'stored', attempts: 0, retry_at: null })
    .where('workspace_id', '=', workspaceId)
    .where('trigger_id', '=', id)
    .where('state', '<>', 'done')
    .execute()
}

/** Deletes some of the messages that ended and were received before a moment; answers how many. */
export async function deleteOldDeliveries(
  db: Queryable,
  before: number,
  limit: number,
): Promise<number> {
  const result = await sql`
    delete from trigger_deliveries where ctid in (
      select ctid from trigger_deliveries
      where received_at < ${new Date(before)} and state <> 'stored' limit ${limit}
    )`.execute(db)
  return Number(result.numAffectedRows ?? 0n)
}

function delivery(db: Queryable, { workspaceId, id }: TriggerKey, sequence: number) {
  return db
    .updateTable('trigger_deliveries')
    .where('workspace_id', '=', workspaceId)
    .where('trigger_id', '=', id)
    .where('sequence', '=', sequence)
}
