import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { createAlerts } from '../../src/hub/alerts/index.ts'
import { Backlogs } from '../../src/hub/triggers/backlogs.ts'
import { silentLogger, systemRandom } from '../../src/kernel/index.ts'
import { connectedHub } from '../support/connected-hub.ts'
import { toldTrigger } from '../support/told-trigger.ts'

const seen = { key: '' }
const told = toldTrigger({
  enable: async ({ key }) => {
    seen.key = key
    return {}
  },
})

const backlog = { messages: 4, bytes: 50_000 }
const { hub, credentialId, ...started } = await connectedHub({ entries: [told], backlog })
after(() => started[Symbol.asyncDispose]())
const admin = await hub.client('admin')
const { id } = await admin.call('createTrigger', {
  body: { name: 'Told', credentialId, trigger: 'told' },
})
const params = { id }
await admin.call('enableTrigger', { params })

async function send(body: object): Promise<Response> {
  return await hub.call(`/hooks/${id}?code=${seen.key}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

async function worked(): Promise<void> {
  for (let tries = 0; (await admin.call('getTrigger', { params })).waiting > 0; tries += 1) {
    assert.ok(tries < 200, 'messages still wait')
    await setTimeout(25)
  }
}

const openAlerts = async () =>
  (await admin.call('listAlerts', {})).items.map(({ explanation }) => explanation.code)

test('beyond so many messages further ones are refused as busy, and somebody is told', async () => {
  await admin.call('pauseTrigger', { params })
  const answers = []
  for (let count = 0; count < 6; count += 1) answers.push(await send({ count }))
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 200, 200, 503, 503],
  )
  const refused = answers.at(-1)
  assert.equal(refused?.headers.get('retry-after'), '60')
  assert.equal(Object(await refused?.json()).code, 'backlog_full')
  assert.equal((await admin.call('getTrigger', { params })).waiting, 4)
  hub.clock.offset += 3_000
  assert.equal((await send({ count: 6 })).status, 503)
  assert.deepEqual(await openAlerts(), ['backlog_full'])
})

test('a hub that starts anew, or another one, knows of it by what is stored', async () => {
  const { store, clock } = hub
  const parts = { store, clock, random: systemRandom, logger: silentLogger }
  const key = { workspaceId: 'default', id }
  const roomier = new Backlogs(parts, createAlerts(parts), { ...backlog, messages: 5 })
  await roomier.admit(key, 1)
  await assert.rejects(roomier.admit(key, 1), { code: 'backlog_full' })
  const other = new Backlogs(parts, createAlerts(parts), backlog)
  await assert.rejects(other.admit(key, 1), { code: 'backlog_full' })
  assert.deepEqual(await openAlerts(), ['backlog_full'])
})

test('once they are worked off there is room again, and the alert goes', async () => {
  await admin.call('resumeTrigger', { params })
  await worked()
  hub.clock.offset += 3_000
  assert.equal((await send({ count: 7 })).status, 200)
  assert.deepEqual(await openAlerts(), [])
  const { items } = await admin.call('triggerOutputs', { params })
  assert.equal(items.filter(({ body }) => Object(body)['count'] < 4).length, 4)
})

test('few large messages are bounded by their bytes', async () => {
  await worked()
  await admin.call('pauseTrigger', { params })
  hub.clock.offset += 3_000
  const long = 'x'.repeat(30_000)
  const statuses = []
  for (const count of [8, 9, 10]) statuses.push((await send({ count, long })).status)
  assert.deepEqual(statuses, [200, 200, 503])
})

test('an alert goes with the trigger', async () => {
  hub.clock.offset += 3_000
  assert.equal((await send({ count: 11 })).status, 503)
  assert.deepEqual(await openAlerts(), ['backlog_full'])
  await admin.call('removeTrigger', { params })
  assert.deepEqual(await openAlerts(), [])
})
