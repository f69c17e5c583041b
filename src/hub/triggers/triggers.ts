import { refuseUnknownFields } from '../../connector/index.ts'
import type { Secret } from '../../kernel/index.ts'
import type { Alerts } from '../alerts/index.ts'
import type { Actor, AuditEvent } from '../audit/index.ts'
import { openClient, requireEntry } from '../runs/index.ts'
import {
  deleteOldDeliveries,
  deleteOldOutputs,
  deleteSomeOutputs,
  deleteTrigger,
  insertTrigger,
  listTriggers,
  type OutputRow,
  readTrigger,
  reviveDeliveries,
  setTriggerState,
  type TriggerKey,
  type TriggerRow,
} from '../store/index.ts'
import { type BacklogBounds, Backlogs } from './backlogs.ts'
import { workOff } from './deliveries.ts'
import { beginDeliveries, type DeliveryWorker } from './delivery-worker.ts'
import type { StoredPage } from './held-run.ts'
import { admitDelivery, storeDelivery } from './hook.ts'
import { pollOnce } from './poll.ts'
import { readOutputs } from './read-outputs.ts'
import { disableHook, enableHook } from './registration.ts'
import { type Trigger, type TriggerInput, toTrigger } from './trigger.ts'
import { TriggerError, triggerNotFound } from './trigger-error.ts'
import type { TriggerParts } from './trigger-parts.ts'

/** Triggers whose place is kept, with what they put out. */
export interface Triggers {
  list(workspaceId: string): Promise<readonly Trigger[]>
  /** @throws TriggerError `trigger_not_found`, as all that follow */
  get(workspaceId: string, id: string): Promise<Trigger>
  /** Stores a trigger after a look at its configuration. @throws TriggerError `not_a_trigger` */
  create(by: Actor, input: TriggerInput, signal: AbortSignal): Promise<Trigger>
  pause(by: Actor, id: string): Promise<Trigger>
  resume(by: Actor, id: string): Promise<Trigger>
  /** Removes a trigger and all its outputs; `force` leaves a registration in Dataverse that cannot be undone. */
  remove(by: Actor, id: string, options: { force: boolean; signal: AbortSignal }): Promise<void>
  /** Runs one execution and tells of every page once it is stored. */
  run(workspaceId: string, id: string, signal: AbortSignal): AsyncIterable<StoredPage>
  /** Reads what was put out after a sequence, in order. */
  outputs(
    workspaceId: string,
    id: string,
    range: { readonly after: number; readonly limit?: number },
  ): AsyncIterable<OutputRow>
  /** @throws TriggerError `not_a_webhook` */
  enable(by: Actor, id: string, signal: AbortSignal): Promise<Trigger>
  /** @throws TriggerError `not_a_webhook` */
  disable(by: Actor, id: string, signal: AbortSignal): Promise<Trigger>
  /** Lets in whoever holds the key of a trigger's hook. */
  admit(id: string, key: Secret): Promise<TriggerKey | undefined>
  /** Stores a message, which is JSON, and has it worked on afterwards. @throws TriggerError `backlog_full` */
  receive(key: TriggerKey, body: string): Promise<void>
  /** Begins to work off the messages that are stored. */
  begin(): DeliveryWorker
  /** Deletes what is old. */
  tidy(): Promise<number>
}

const DAY_MS = 24 * 60 * 60_000
const OUTPUTS_MS = 30 * DAY_MS
const DELIVERIES_MS = 30 * DAY_MS
const SLICE = 5_000

/** What is kept of one trigger's messages: enough for a weekend in which nobody looks. */
const BACKLOG = { messages: 100_000, bytes: 1024 * 1024 * 1024 }

/** For how long a run that says nothing counts as alive. */
const LEASE_MS = 30_000

/** Makes the triggers over a store. */
export function createTriggers(
  given: Omit<TriggerParts, 'leaseMs'> & {
    readonly alerts: Pick<Alerts, 'raise' | 'clear'>
    readonly leaseMs?: number
    readonly backlog?: BacklogBounds
  },
): Triggers {
  const logger = given.logger.with({ room: 'triggers' })
  const parts: TriggerParts = { leaseMs: LEASE_MS, ...given, logger }
  const { store, host } = parts
  const backlogs = new Backlogs(parts, given.alerts, given.backlog ?? BACKLOG)
  let worker: DeliveryWorker | undefined
  const present = (row: TriggerRow) =>
    toTrigger(row, host.entries.find(({ name }) => name === row.entry)?.kind)
  const get = async (workspaceId: string, id: string) =>
    present(await requireTrigger(parts, { workspaceId, id }))
  const after = async (by: Actor, id: string, work: Promise<void>) => {
    await work
    return await get(by.workspaceId, id)
  }
  return {
    get,
    list: async (workspaceId) => (await listTriggers(store.db, workspaceId)).map(present),
    create: async (by, input, signal) =>
      get(by.workspaceId, await create(parts, by, input, signal)),
    pause: (by, id) => after(by, id, change(parts, by, id, 'paused')),
    resume: async (by, id) => {
      const trigger = await after(by, id, change(parts, by, id, 'active'))
      worker?.wake()
      return trigger
    },
    remove: (by, id, options) => remove({ ...parts, backlogs }, by, id, options),
    run: (workspaceId, id, signal) => runOnce(parts, { workspaceId, id }, signal),
    outputs: async function* (workspaceId, id, range) {
      await requireTrigger(parts, { workspaceId, id })
      yield* readOutputs(store.db, { workspaceId, id }, range)
    },
    enable: (by, id, signal) => after(by, id, enableHook(parts, by, id, signal)),
    disable: (by, id, signal) => after(by, id, disableHook(parts, by, id, signal)),
    admit: (id, key) => admitDelivery(parts, id, key),
    receive: async (key, body) => {
      await backlogs.admit(key, Buffer.byteLength(body))
      if (await storeDelivery(parts, key, body)) worker?.wake()
    },
    begin: () => {
      worker = beginDeliveries(parts)
      return worker
    },
    tidy: async () => {
      await backlogs.look()
      return await tidy(parts)
    },
  }
}

async function create(
  { store, host, audit, clock, random }: TriggerParts,
  by: Actor,
  { name, credentialId, trigger: entryName, config }: TriggerInput,
  signal: AbortSignal,
): Promise<string> {
  const { workspaceId } = by
  const entry = requireEntry(host, entryName)
  if (entry.kind === 'action') throw notATrigger(entry.title)
  refuseUnknownFields(entry.fields, config)
  const dataverse = await openClient(host, { workspaceId, credentialId })
  // What the configuration lacks is told now rather than by the first run.
  await entry.outputSchema({ config, dataverse, signal })
  const id = random.id()
  await store.transaction(async (db) => {
    const createdAt = clock.now()
    const row = { name, credentialId, entry: entryName, config, createdAt }
    await insertTrigger(db, { workspaceId, id }, row)
    await audit.append(db, by, eventOf('trigger.created', id))
  })
  return id
}

async function change(
  parts: TriggerParts,
  by: Actor,
  id: string,
  state: 'active' | 'paused',
): Promise<void> {
  const key = { workspaceId: by.workspaceId, id }
  const row = await requireTrigger(parts, key)
  if (row.state === state && state === 'paused') return
  await parts.store.transaction(async (db) => {
    if (row.state !== state) await setTriggerState(db, key, state)
    if (state === 'active') await reviveDeliveries(db, key)
    const action = state === 'active' ? 'trigger.resumed' : 'trigger.paused'
    await parts.audit.append(db, by, eventOf(action, id))
  })
}

// Many outputs take long to delete: they go first and in parts, while nothing can be added any more.
async function remove(
  parts: TriggerParts & { readonly backlogs: Backlogs },
  by: Actor,
  id: string,
  { force, signal }: { readonly force: boolean; readonly signal: AbortSignal },
): Promise<void> {
  const { store, host, audit } = parts
  const key = { workspaceId: by.workspaceId, id }
  const row = await requireTrigger(parts, key)
  // Also where it was never enabled: an attempt may have broken off.
  const isWebhook = host.entries.some(({ name, kind }) => name === row.entry && kind === 'webhook')
  if (isWebhook && !force) await disableHook(parts, by, id, signal)
  await setTriggerState(store.db, key, 'paused')
  while ((await deleteSomeOutputs(store.db, key, SLICE)) === SLICE) signal.throwIfAborted()
  await store.transaction(async (db) => {
    await deleteTrigger(db, key)
    await parts.backlogs.forget(key, db)
    await audit.append(db, by, eventOf('trigger.removed', id))
  })
}

async function* runOnce(parts: TriggerParts, key: TriggerKey, signal: AbortSignal) {
  const row = await requireTrigger(parts, key)
  const { kind } = requireEntry(parts.host, row.entry)
  yield* kind === 'webhook' ? workOff(parts, key, signal) : pollOnce(parts, key, signal)
}

async function tidy({ store, clock }: TriggerParts): Promise<number> {
  const { db } = store
  let count = 0
  for (const [remove, ms] of [
    [deleteOldOutputs, OUTPUTS_MS],
    [deleteOldDeliveries, DELIVERIES_MS],
  ] as const) {
    for (;;) {
      const deleted = await remove(db, clock.now() - ms, SLICE)
      count += deleted
      if (deleted < SLICE) break
    }
  }
  return count
}

async function requireTrigger({ store }: TriggerParts, key: TriggerKey): Promise<TriggerRow> {
  const row = await readTrigger(store.db, key)
  if (row !== undefined) return row
  throw triggerNotFound(key.id)
}

function notATrigger(title: string) {
  return new TriggerError('not_a_trigger', {
    what: `“${title}” is an action.`,
    why: 'Only what brings messages by itself can be kept as a trigger.',
    remedy: 'Choose a trigger; an action is run on its own.',
  })
}

function eventOf(action: string, id: string): AuditEvent {
  return { action, subject: { kind: 'trigger', id }, result: 'ok' }
}
