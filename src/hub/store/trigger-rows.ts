import { type Selectable, sql } from 'kysely'
import type { Json, JsonObject } from '../../kernel/index.ts'
import type { Queryable } from './queryable.ts'
import type { StoredRun, TriggersTable } from './tables/triggers.ts'

export interface TriggerKey {
  readonly workspaceId: string
  readonly id: string
}

/** A stored trigger, with what can be told of its run and its deliveries. */
export type TriggerRow = Selectable<TriggersTable> & {
  /** By the database's clock. */
  readonly running: boolean
  readonly waiting_deliveries: number
  readonly failed_deliveries: number
}

/** A run that was begun: only the newest of its trigger may write. */
export interface TriggerRun extends TriggerKey {
  readonly epoch: number
}

/** Stores a trigger. */
export async function insertTrigger(
  db: Queryable,
  { workspaceId, id }: TriggerKey,
  trigger: {
    readonly name: string
    readonly credentialId: string
    readonly entry: string
    readonly config: JsonObject
    readonly createdAt: number
  },
): Promise<void> {
  await db
    .insertInto('triggers')
    .values({
      workspace_id: workspaceId,
      id,
      name: trigger.name,
      credential_id: trigger.credentialId,
      entry: trigger.entry,
      config: JSON.stringify(trigger.config),
      state: 'active',
      created_at: new Date(trigger.createdAt),
    })
    .execute()
}

/** Reads one trigger. */
export async function readTrigger(
  db: Queryable,
  { workspaceId, id }: TriggerKey,
): Promise<TriggerRow | undefined> {
  return await selectTriggers(db, workspaceId).where('id', '=', id).executeTakeFirst()
}

/** Lists a workspace's triggers by name. */
export async function listTriggers(
  db: Queryable,
  workspaceId: string,
): Promise<readonly TriggerRow[]> {
  return await selectTriggers(db, workspaceId).orderBy('name').orderBy('id').limit(10_000).execute()
}

/** Finds the trigger that a message is for, before its workspace is known. */
export async function findHook(
  db: Queryable,
  id: string,
): Promise<{ readonly workspaceId: string; readonly keyHash: string | null } | undefined> {
  return await db
    .selectFrom('triggers')
    .select(['workspace_id as workspaceId', 'hook_key_hash as keyHash'])
    .where('id', '=', id)
    .executeTakeFirst()
}

/** Pauses or resumes a trigger; a run that is under way can write no more. */
export async function setTriggerState(
  db: Queryable,
  key: TriggerKey,
  state: TriggersTable['state'],
): Promise<void> {
  await update(db, key)
    .set((set) => ({ state, epoch: set('epoch', '+', 1), lease_expires_at: null }))
    .execute()
}

/** Notes the hash of the key of an attempt to enable, in place of any other's; false where it is enabled. */
export async function beginHook(db: Queryable, key: TriggerKey, keyHash: string): Promise<boolean> {
  const [result] = await update(db, key)
    .set({ hook_key_hash: keyHash })
    .where('enabled_at', 'is', null)
    .execute()
  return (result?.numUpdatedRows ?? 0n) > 0n
}

/** Notes what an attempt has registered; false where another attempt has begun since, or it was disabled. */
export async function confirmHook(
  db: Queryable,
  key: TriggerKey,
  hook: { readonly keyHash: string; readonly registered: Json; readonly enabledAt: number },
): Promise<boolean> {
  const { keyHash, registered, enabledAt } = hook
  const [result] = await update(db, key)
    .set({ registered: JSON.stringify(registered), enabled_at: new Date(enabledAt) })
    .where('hook_key_hash', '=', keyHash)
    .where('enabled_at', 'is', null)
    .execute()
  return (result?.numUpdatedRows ?? 0n) > 0n
}

/** Forgets a key and what was registered with it; false where that was no longer what is there. */
export async function clearHook(
  db: Queryable,
  key: TriggerKey,
  hook: { readonly keyHash: string | null; readonly enabled: boolean },
): Promise<boolean> {
  const [result] = await update(db, key)
    .set({ hook_key_hash: null, registered: null, enabled_at: null })
    .where('hook_key_hash', '=', hook.keyHash)
    .where('enabled_at', hook.enabled ? 'is not' : 'is', null)
    .execute()
  return (result?.numUpdatedRows ?? 0n) > 0n
}

/** Deletes a trigger with what is left of it. */
export async function deleteTrigger(db: Queryable, { workspaceId, id }: TriggerKey): Promise<void> {
  await db
    .deleteFrom('triggers')
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .execute()
}

/** Begins a run, unless the trigger is paused or a run is alive; every run before it can write no more. */
export async function startRun(
  db: Queryable,
  key: TriggerKey,
  leaseMs: number,
): Promise<Selectable<TriggersTable> | undefined> {
  return await update(db, key)
    .set((set) => ({ epoch: set('epoch', '+', 1), lease_expires_at: after(leaseMs) }))
    .where('state', '=', 'active')
    .where((where) =>
      where.or([
        where('lease_expires_at', 'is', null),
        where('lease_expires_at', '<=', sql<number>`clock_timestamp()`),
      ]),
    )
    .returningAll()
    .executeTakeFirst()
}

/** Says that a run is alive; false when another has taken its place. */
export async function keepRun(db: Queryable, run: TriggerRun, leaseMs: number): Promise<boolean> {
  const [result] = await ofRun(db, run)
    .set({ lease_expires_at: after(leaseMs) })
    .execute()
  return (result?.numUpdatedRows ?? 0n) > 0n
}

/**
 * Keeps every other run from writing until the transaction ends, which a process that falls asleep in it
 * cannot put off for longer than its lease; nothing when this run is not the newest.
 */
export async function lockRun(
  db: Queryable,
  { workspaceId, id, epoch }: TriggerRun,
  leaseMs: number,
): Promise<{ readonly lastSequence: number } | undefined> {
  await sql`select set_config('idle_in_transaction_session_timeout', ${`${leaseMs}ms`}, true)`.execute(
    db,
  )
  return await db
    .selectFrom('triggers')
    .select('last_sequence as lastSequence')
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .where('epoch', '=', epoch)
    .forUpdate()
    .executeTakeFirst()
}

/** Notes how far a run has come; without a cursor its place stays. */
export async function savePlace(
  db: Queryable,
  run: TriggerRun,
  place: {
    readonly lastSequence: number
    readonly cursor?: Json | undefined
    readonly leaseMs: number
  },
): Promise<void> {
  const { lastSequence, cursor, leaseMs } = place
  await ofRun(db, run)
    .set((set) => ({
      last_sequence: lastSequence,
      lease_expires_at: after(leaseMs),
      ...(cursor !== undefined && {
        cursor: JSON.stringify(cursor),
        cursor_version: set('cursor_version', '+', 1),
      }),
    }))
    .execute()
}

/** Ends a run, if it is the newest still. */
export async function endRun(db: Queryable, run: TriggerRun, ended: StoredRun): Promise<void> {
  await ofRun(db, run)
    .set({ lease_expires_at: null, last_run: JSON.stringify(ended) })
    .execute()
}

function selectTriggers(db: Queryable, workspaceId: string) {
  const deliveries = (state: string) => sql<number>`(
    select count(*) from trigger_deliveries as each
    where each.workspace_id = triggers.workspace_id and each.trigger_id = triggers.id
      and each.state = ${sql.lit(state)})`
  return db
    .selectFrom('triggers')
    .selectAll()
    .select(sql<boolean>`coalesce(lease_expires_at > clock_timestamp(), false)`.as('running'))
    .select(deliveries('stored').as('waiting_deliveries'))
    .select(deliveries('failed').as('failed_deliveries'))
    .where('workspace_id', '=', workspaceId)
}

function update(db: Queryable, { workspaceId, id }: TriggerKey) {
  return db.updateTable('triggers').where('workspace_id', '=', workspaceId).where('id', '=', id)
}

function ofRun(db: Queryable, run: TriggerRun) {
  return update(db, run).where('epoch', '=', run.epoch)
}

function after(ms: number) {
  return sql<Date>`clock_timestamp() + make_interval(secs => ${ms / 1000})`
}
