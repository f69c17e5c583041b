import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { sql } from 'kysely'
import { z } from 'zod'
import { testDatabase } from '../../../test/support/database.ts'
import { startDataverseServer } from '../../../test/support/dataverse-server.ts'
import { storeCredential } from '../../../test/support/stored-credential.ts'
import { definePollingTrigger, defineWebhookTrigger } from '../../connector/define-entry.ts'
import type { Output } from '../../connector/index.ts'
import { createLogger, systemClock, systemRandom } from '../../kernel/index.ts'
import { createAlerts } from '../alerts/index.ts'
import { createAuditLog, hubActor } from '../audit/index.ts'
import { listDue, type Store, setTriggerState } from '../store/index.ts'
import { createTriggers } from './triggers.ts'

const database = await testDatabase()
const store = await database.open()
after(async () => {
  await store.close()
  await database.drop()
})
const server = await startDataverseServer({ after }, () => ({}))
const { workspaceId, credentialId } = await storeCredential(store)
const by = hubActor(workspaceId)
const signal = new AbortController().signal

/** What the entries of these tests do; each test writes its own. */
const script: {
  poll(cursor: unknown, signal: AbortSignal): AsyncIterable<Output>
  message(input: unknown, signal: AbortSignal): AsyncIterable<Output>
} = { poll: async function* () {}, message: async function* () {} }

const what = { help: 'Does what its test says.', order: 1, config: z.object({}) }
const entries = [
  definePollingTrigger({
    ...{ ...what, name: 'poll', title: 'Poll' },
    run: ({ cursor, signal }) => script.poll(cursor, signal),
  }),
  defineWebhookTrigger({
    ...{ ...what, name: 'message', title: 'Message' },
    enable: async () => null,
    find: async () => [],
    disable: async () => undefined,
    run: ({ input, signal }) => script.message(input, signal),
  }),
]

const log: string[] = []
const clock = systemClock
const random = systemRandom
const logger = createLogger({ clock, level: 'debug', write: (line) => void log.push(line) })

function triggersOver(over: Store) {
  const parts = { store: over, clock, random, logger }
  const none = () => Promise.reject(new Error('none'))
  return createTriggers({
    ...parts,
    alerts: createAlerts(parts),
    audit: createAuditLog(parts),
    publicUrl: new URL('https://hub.example'),
    host: {
      entries,
      credentials: {
        find: async (_, id) => ({ id, environmentUrl: server.origin, apiVersion: 'v9.2' }),
        tokenSource: () => ({ token: none, replace: none }),
      },
      createClient: (_, tokens) => server.client({ tokens }),
      attachments: () => ({ put: none, get: none }),
      limits: { maxMessageBytes: 1_000_000, maxCursorBytes: 5_000, maxRunMs: 60_000 },
      clock,
      logger,
    },
  })
}

const triggers = triggersOver(store)

async function newTrigger(trigger: 'message' | 'poll') {
  const wish = { name: trigger, credentialId, trigger, config: {} }
  const { id } = await triggers.create(by, wish, signal)
  return { workspaceId, id }
}

type Key = Awaited<ReturnType<typeof newTrigger>>

async function run({ workspaceId, id }: Key, over = triggers, called = signal) {
  const pages = []
  for await (const page of over.run(workspaceId, id, called)) pages.push(page)
  return pages
}

async function bodiesOf({ workspaceId, id }: Key) {
  const bodies: unknown[] = []
  for await (const { body } of triggers.outputs(workspaceId, id, { after: 0 })) bodies.push(body)
  return bodies
}

const state = ({ workspaceId, id }: Key) => triggers.get(workspaceId, id)
const data = (body: string): Output => ({ kind: 'data', body })
const checkpoint = (cursor: number): Output => ({ kind: 'checkpoint', cursor })

test('a page and the place after it are stored in one transaction, or neither of them', async () => {
  const key = await newTrigger('poll')
  script.poll = async function* () {
    yield* [data('a'), data('b'), checkpoint(1), data('c'), checkpoint(2)]
  }
  for (const failing of [1, 2]) {
    let transactions = 0
    const breaking: Store = {
      ...store,
      transaction: async (work) => {
        transactions += 1
        if (transactions === failing) throw new Error('broken off')
        return await store.transaction(work)
      },
    }
    const before = await state(key)
    await assert.rejects(run(key, triggersOver(breaking)), /broken off/)
    const { cursor, cursorVersion, lastSequence } = await state(key)
    const stored = lastSequence - before.lastSequence
    assert.deepEqual([cursor, stored, cursorVersion], failing === 1 ? [undefined, 0, 0] : [1, 2, 1])
  }
})

test('what comes after the last checkpoint is stored at the end of the run', async () => {
  const key = await newTrigger('poll')
  script.poll = async function* () {
    yield* [data('a'), checkpoint(1), data('b')]
  }
  await run(key)
  assert.deepEqual(await bodiesOf(key), ['a', 'b'])
  assert.equal((await state(key)).cursor, 1)
})

test('a run that is called off, or that nobody takes from any more, is told to be stopped', async () => {
  const key = await newTrigger('poll')
  const caller = new AbortController()
  script.poll = async function* () {
    yield* [data('a'), checkpoint(1)]
    caller.abort(new Error('called off'))
    yield* [data('b'), checkpoint(2)]
  }
  await assert.rejects(run(key, triggers, caller.signal), /called off/)
  assert.equal((await state(key)).lastRun?.outcome, 'stopped')
  for await (const _ of triggers.run(workspaceId, key.id, signal)) break
  const { lastRun, running } = await state(key)
  assert.deepEqual([lastRun?.outcome, running], ['stopped', false])
})

test('a run that is under way stores nothing more once its trigger is paused', async () => {
  const key = await newTrigger('poll')
  script.poll = async function* () {
    yield* [data('a'), checkpoint(1)]
    await triggers.pause(by, key.id)
    yield* [data('b'), checkpoint(2)]
  }
  await assert.rejects(run(key), { code: 'run_superseded' })
  assert.deepEqual([await bodiesOf(key), (await state(key)).cursor], [['a'], 1])
})

test('a run waits for a pause that is being written, and then stores nothing', async () => {
  const key = await newTrigger('poll')
  let pausing: Promise<unknown> | undefined
  script.poll = async function* () {
    const written = Promise.withResolvers<void>()
    pausing = store.transaction(async (db) => {
      await setTriggerState(db, key, 'paused')
      written.resolve()
      await waitsForLock()
    })
    await written.promise
    yield* [data('a'), checkpoint(1)]
  }
  await assert.rejects(run(key), { code: 'run_superseded' })
  await pausing
  assert.deepEqual([await bodiesOf(key), (await state(key)).cursor], [[], undefined])
})

/** Waits until something waits for a row that another transaction holds. */
async function waitsForLock() {
  for (;;) {
    const { rows } = await sql`select 1 from pg_locks where not granted`.execute(store.db)
    if (rows.length > 0) return
  }
}

const deliver = ({ id }: Key, body: object) =>
  triggers.receive({ workspaceId, id }, JSON.stringify(body))
const deliveryOf = ({ id }: Key) =>
  store.db
    .selectFrom('trigger_deliveries')
    .select(['attempts', 'state'])
    .select(sql<number>`round(extract(epoch from retry_at - clock_timestamp()))`.as('retryS'))
    .where('trigger_id', '=', id)
    .executeTakeFirstOrThrow()
/** Fails after what comes first. */
async function* failing(first: () => unknown = () => undefined): AsyncGenerator<Output> {
  await first()
  yield* []
  throw new Error('broken by Fabrikam')
}

test('a message that fails waits twice as long each time, at most an hour, and is given up at last', async () => {
  const key = await newTrigger('message')
  script.message = () => failing()
  await deliver(key, { OperationId: '1' })
  const waits: unknown[] = []
  for (let attempt = 1; attempt <= 14; attempt += 1) {
    await run(key)
    const { retryS, state } = await deliveryOf(key)
    waits.push(state === 'failed' ? state : Number(retryS))
    assert.deepEqual(await listDue(store.db, 10), [], 'nothing is due before')
    await store.db
      .updateTable('trigger_deliveries')
      .set({ retry_at: null })
      .where('trigger_id', '=', key.id)
      .execute()
  }
  const doubled = [30, 60, 120, 240, 480, 960, 1_920, ...Array(6).fill(3_600), 'failed']
  assert.deepEqual(waits, doubled)
  const { waiting, failed, lastRun } = await state(key)
  assert.deepEqual([waiting, failed, lastRun?.outcome], [0, 1, 'failed'])
  await triggers.resume(by, key.id)
  const { attempts, state: revived } = await deliveryOf(key)
  assert.deepEqual([attempts, revived, (await state(key)).waiting], [0, 'stored', 1])
})

test('what went wrong inside the hub is told by its place in the code, and words of it by nothing', async () => {
  const key = await newTrigger('message')
  script.message = () => failing()
  await deliver(key, { OperationId: '1', Secret: 'Adatum' })
  await run(key)
  assert.equal((await state(key)).lastRun?.problem?.code, 'internal')
  assert.doesNotMatch(JSON.stringify(await state(key)), /Fabrikam|Adatum/)
  const lines = log.filter((line) => line.includes('message for a trigger failed'))
  assert.match(lines.join(), /triggers\.test\.ts:\d/)
  assert.doesNotMatch(log.join(), /Fabrikam|Adatum/)
})

test('a message that is being worked on when its run ends counts no attempt', async () => {
  const key = await newTrigger('message')
  await deliver(key, { OperationId: '1' })
  const caller = new AbortController()
  script.message = () => failing(() => caller.abort(new Error('called off')))
  await assert.rejects(run(key, triggers, caller.signal), /called off/)
  const { attempts, state: still } = await deliveryOf(key)
  assert.deepEqual([attempts, still, (await state(key)).lastRun?.outcome], [0, 'stored', 'stopped'])
  script.message = () => failing(() => triggers.pause(by, key.id))
  await assert.rejects(run(key), { code: 'run_superseded' })
  assert.equal((await deliveryOf(key)).attempts, 0)
})

test('messages that bring no id of their own are all kept, and one of an empty id is no other', async () => {
  const key = await newTrigger('message')
  const nobody = '00000000-0000-0000-0000-000000000000'
  for (const ids of [{}, { OperationId: '' }, { OperationId: nobody, CorrelationId: nobody }]) {
    await deliver(key, ids)
    await deliver(key, ids)
  }
  assert.equal((await state(key)).waiting, 6)
  await deliver(key, { OperationId: '1' })
  await deliver(key, { OperationId: '1' })
  assert.equal((await state(key)).waiting, 7)
})

test('what is older than a month is deleted, however much it is, but no message that waits', async () => {
  const key = await newTrigger('message')
  script.message = async function* (input) {
    const { body } = Object(input)
    if (body === undefined) throw new Error('it waits')
    yield data(body)
  }
  for (const body of ['old', undefined, 'new']) await deliver(key, { OperationId: `${body}`, body })
  await run(key)
  await sql`insert into trigger_outputs (workspace_id, trigger_id, sequence, body, created_at)
    select ${workspaceId}, ${key.id}, 100 + n, '"old"', now() - interval '31 days'
    from generate_series(1, 5001) as n`.execute(store.db)
  await sql`update trigger_deliveries set received_at = now() - interval '31 days'
    where trigger_id = ${key.id} and identity not like 'new%'`.execute(store.db)
  await sql`update trigger_outputs set created_at = now() - interval '31 days'
    where trigger_id = ${key.id} and body::text = '"old"'`.execute(store.db)
  assert.equal(await triggers.tidy(), 5_001 + 1 + 1)
  assert.deepEqual(await bodiesOf(key), ['new'])
  assert.equal((await state(key)).waiting, 1)
})
