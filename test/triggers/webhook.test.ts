import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Answer } from '../../src/http/contract/index.ts'
import { isObject, type JsonObject } from '../../src/kernel/index.ts'
import { connectedHub } from '../support/connected-hub.ts'
import { toldTrigger } from '../support/told-trigger.ts'

const seen = { url: '', key: '', registered: undefined as unknown, failures: 0 }

const told = toldTrigger({
  enable: async ({ callbackUrl, key }) => {
    seen.url = callbackUrl
    seen.key = key
    return { endpoint: 'e1' }
  },
  disable: async ({ registered }) => {
    seen.registered = registered
  },
  begin: () => {
    if (seen.failures === 0) return
    seen.failures -= 1
    throw new Error('not now')
  },
})

const { hub, credentialId, ...started } = await connectedHub({ entries: [told] })
after(() => started[Symbol.asyncDispose]())
const admin = await hub.client('admin')
const { id } = await admin.call('createTrigger', {
  body: { name: 'Told', credentialId, trigger: 'told' },
})
const params = { id }

const message = (operation: number, more: JsonObject = {}) => ({
  OperationId: `00000000-0000-4000-8000-${String(operation).padStart(12, '0')}`,
  CorrelationId: '11111111-1111-4111-8111-111111111111',
  MessageName: 'Create',
  ...more,
})

function send(body: unknown, { code = seen.key, of = id, type = 'application/json' } = {}) {
  return hub.call(`/hooks/${of}?code=${encodeURIComponent(code)}`, {
    method: 'POST',
    headers: { 'content-type': type },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

async function operations(count: number): Promise<readonly unknown[]> {
  for (let tries = 0; ; tries += 1) {
    const { items } = await admin.call('triggerOutputs', { params })
    if (items.length >= count || tries > 100)
      return items.map(({ body }) =>
        isObject(body) ? Number(String(body['OperationId']).slice(-3)) : body,
      )
    await setTimeout(20)
  }
}

async function triggerWhere(is: (trigger: Answer<'getTrigger'>) => boolean) {
  for (let tries = 0; ; tries += 1) {
    const trigger = await admin.call('getTrigger', { params })
    if (is(trigger) || tries > 100) return trigger
    await setTimeout(20)
  }
}

test('nothing is received before the trigger is enabled', async () => {
  assert.equal((await send(message(1), { code: 'x' })).status, 404)
  assert.equal((await send(message(1), { code: '' })).status, 404)
})

test('an enabled trigger puts out what it is sent', async () => {
  const { enabled } = await admin.call('enableTrigger', { params })
  assert.equal(enabled, true)
  assert.equal(seen.url, `http://localhost:4000/hooks/${id}`)
  assert.ok(seen.key.length >= 43)
  assert.equal((await send(message(1))).status, 200)
  assert.deepEqual(await operations(1), [1])
})

test('the same message twice is stored once, another of the same operation is not lost', async () => {
  const answers = await Promise.all([send(message(2)), send(message(2))])
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200],
  )
  await send(message(2, { Stage: 40 }))
  assert.deepEqual(await operations(3), [1, 2, 2])
  const rows = await hub.store.db
    .selectFrom('trigger_deliveries')
    .select(['body', 'state'])
    .execute()
  assert.deepEqual(rows, Array(3).fill({ body: null, state: 'done' }))
})

test('a stranger is not told whether the trigger or the key is wrong', async () => {
  const texts = await Promise.all(
    [{ code: 'wrong' }, { of: crypto.randomUUID() }, { of: 'x', code: '' }].map(async (wish) => {
      const response = await send(message(3), wish)
      assert.equal(response.status, 404)
      const { requestId: _, ...rest } = Object(await response.json())
      return JSON.stringify(rest)
    }),
  )
  assert.equal(new Set(texts).size, 1)
})

test('of a stranger nothing is read', async () => {
  const long = { long: 'x'.repeat(300 * 1024) }
  assert.equal((await send(long, { code: 'wrong' })).status, 404)
})

test('a message that could not be stored is not answered as if it were', async () => {
  const rename = (from: string, to: string) =>
    sql`alter table ${sql.table(from)} rename to ${sql.table(to)}`.execute(hub.store.db)
  await rename('trigger_deliveries', 'away')
  const { status } = await send(message(100))
  await rename('away', 'trigger_deliveries')
  assert.ok(status >= 500, `${status}`)
})

test('only JSON of at most 300 KB is taken', async () => {
  assert.equal((await send('{"half')).status, 400)
  assert.equal((await send('name=x', { type: 'application/x-www-form-urlencoded' })).status, 415)
  assert.equal((await send({ long: 'x'.repeat(300 * 1024) })).status, 413)
  assert.equal((await send({ ...message(4), long: 'x'.repeat(290 * 1024) })).status, 200)
  assert.equal((await operations(4)).length, 4)
})

test('what was stored when the process ended is worked on by the next', async () => {
  const begin = await hub.pauseDeliveries()
  assert.equal((await send(message(5))).status, 200)
  assert.equal((await admin.call('getTrigger', { params })).waiting, 1)
  begin()
  assert.deepEqual((await operations(5)).at(-1), 5)
})

test('a message that fails is kept, and tried again when the trigger is resumed', async () => {
  seen.failures = 1
  await send(message(6))
  const failed = await triggerWhere(({ lastRun }) => lastRun?.outcome === 'failed')
  assert.deepEqual([failed.waiting, failed.lastRun?.problem?.code], [1, 'internal'])
  await send(message(7))
  assert.deepEqual((await operations(6)).at(-1), 7)
  await admin.call('resumeTrigger', { params })
  assert.deepEqual((await operations(7)).at(-1), 6)
})

test('a paused trigger goes on storing what it is sent', async () => {
  await admin.call('pauseTrigger', { params })
  assert.equal((await send(message(8))).status, 200)
  assert.equal((await operations(0)).length, 7)
  await admin.call('resumeTrigger', { params })
  assert.deepEqual((await operations(8)).at(-1), 8)
})

test('a disabled trigger receives nothing more', async () => {
  const { enabled } = await admin.call('disableTrigger', { params })
  assert.equal(enabled, false)
  assert.deepEqual(seen.registered, { endpoint: 'e1' })
  assert.equal((await send(message(9))).status, 404)
})

test('the key is in no log and in no row', async () => {
  assert.ok(!hub.log.join('\n').includes(seen.key))
  const rows = await hub.store.db.selectFrom('triggers').selectAll().execute()
  assert.ok(!JSON.stringify(rows).includes(seen.key))
})
