import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { testDatabase } from '../../../test/support/database.ts'
import { FakeClock } from '../../../test/support/fake-clock.ts'
import { storeCredential } from '../../../test/support/stored-credential.ts'
import { silentLogger, systemClock, systemRandom } from '../../kernel/index.ts'
import { insertTrigger, listOutputs, readTrigger } from '../store/index.ts'
import { type HeldRun, holdRun } from './held-run.ts'

const database = await testDatabase()
const store = await database.open()
const held: HeldRun[] = []
after(async () => {
  for (const run of held) await run.end(ending)
  await store.close()
  await database.drop()
})

const { workspaceId, credentialId } = await storeCredential(store)

async function newTrigger() {
  const key = { workspaceId, id: systemRandom.id() }
  const row = { name: 'T', credentialId, entry: 'poll', config: {}, createdAt: 0 }
  await insertTrigger(store.db, key, row)
  return key
}

// Held runs use store, clock, logger and lease alone.
const unused = { host: Object(undefined), audit: Object(undefined), publicUrl: new URL('http://x') }
const partsOf = (leaseMs: number, clock = systemClock) => ({
  ...{ ...unused, store, clock, random: systemRandom, logger: silentLogger, leaseMs },
})
const signal = new AbortController().signal
const ending = { outcome: 'done', startedAt: 0, endedAt: 0, stored: 9, repeated: 0 } as const

async function hold(...[parts, key]: Parameters<typeof holdRun>) {
  const run = await holdRun(parts, key, signal)
  held.push(run)
  return run
}

const changeTrigger = (
  { id }: { id: string },
  change: { epoch?: number; lease_expires_at?: Date },
) => store.db.updateTable('triggers').set(change).where('id', '=', id).execute()

/** Waits until something holds, and asks the database meanwhile. */
async function until(holds: () => boolean | Promise<boolean>) {
  while (!(await holds())) await store.ping()
}

const output = (id: string) => ({ id, body: `{"id":"${id}"}` })
const bodies = async (key: { workspaceId: string; id: string }) =>
  (await listOutputs(store.db, key, { after: 0, limit: 100 })).map(({ body }) => Object(body)['id'])

test('a run that slept cannot write after its successor', async () => {
  const key = await newTrigger()
  // Its clock stands still, so that it does not say that it is alive.
  const asleep = await hold(partsOf(10_000, new FakeClock()), key, signal)
  await asleep.store([output('a')], { cursor: 1 })
  await changeTrigger(key, { lease_expires_at: new Date(0) })
  const next = await hold(partsOf(10_000), key, signal)
  assert.equal(next.cursor, 1)
  await assert.rejects(asleep.store([output('b')], { cursor: 2 }), { code: 'run_superseded' })
  await next.store([output('c')], { cursor: 3 })
  await asleep.end(ending)
  const row = await readTrigger(store.db, key)
  assert.deepEqual([row?.cursor, row?.running, row?.last_run], [3, true, null])
  assert.deepEqual(await bodies(key), ['a', 'c'])
  await next.end({ ...ending, stored: 1 })
})

test('a run says that it is alive, which keeps others away, and hears when it is overtaken', async () => {
  const key = await newTrigger()
  const clock = new FakeClock()
  const run = await hold(partsOf(30_000, clock), key, signal)
  await changeTrigger(key, { lease_expires_at: new Date(0) })
  await until(() => clock.sleeping > 0)
  clock.advance(10_000)
  await until(async () => (await readTrigger(store.db, key))?.running === true)
  await assert.rejects(holdRun(partsOf(30_000), key, signal), { code: 'trigger_running' })
  await changeTrigger(key, { epoch: 1_000 })
  await until(() => clock.sleeping > 0)
  clock.advance(10_000)
  await until(() => run.signal.aborted)
  assert.equal(run.signal.reason.code, 'run_superseded')
})

test('a page that is stored says that its run is alive', async () => {
  const key = await newTrigger()
  const run = await hold(partsOf(30_000, new FakeClock()), key, signal)
  await changeTrigger(key, { lease_expires_at: new Date(0) })
  await run.store([output('a')], {})
  assert.equal((await readTrigger(store.db, key))?.running, true)
})

test('an output that comes again is not stored again, and places and outputs go together', async () => {
  const key = await newTrigger()
  const run = await hold(partsOf(10_000), key, signal)
  const first = await run.store([output('a'), output('b'), output('a')], { cursor: { at: 1 } })
  assert.deepEqual([first.stored, first.repeated], [2, 1])
  const failing = run.store([output('c')], {
    cursor: { at: 2 },
    also: () => Promise.reject(new Error('broken off')),
  })
  await assert.rejects(failing, /broken off/)
  const row = await readTrigger(store.db, key)
  assert.deepEqual([row?.cursor, row?.cursor_version], [{ at: 1 }, 1])
  assert.deepEqual(await bodies(key), ['a', 'b'])
})

test('every text that JSON can carry is stored as it came', async () => {
  const key = await newTrigger()
  const run = await hold(partsOf(10_000), key, signal)
  const body = { z: 'nul \u0000, half a pair \ud800, 🙂, "quoted" {,}', a: null, n: 1.5e300 }
  await run.store([{ id: null, body: JSON.stringify(body) }], {})
  const [stored] = await listOutputs(store.db, key, { after: 0, limit: 1 })
  assert.equal(JSON.stringify(stored?.body), JSON.stringify(body))
})
