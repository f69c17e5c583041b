import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ComponentError } from '../../component/src/component-error.ts'
import { readEnvironment } from '../../component/src/environment.ts'
import { ComponentHost } from '../../component/src/host.ts'
import { disableWebhook, enableWebhook, inputOf } from '../../component/src/webhook.ts'
import { type Entry, findEntry } from '../../src/connector/index.ts'
import { startPlatform } from './platform.ts'

const variables = {
  ELASTICIO_FLOW_ID: 'flow1',
  ELASTICIO_FLOW_WEBHOOK_URI: 'https://in.example.com/hook/flow1',
  ELASTICIO_MESSAGE_CRYPTO_PASSWORD: 'a-password-of-this-test',
}
const configuration = {
  ...{ oauth: { access_token: 'token' }, baseUrl: 'https://org1.crm4.dynamics.com' },
  objectType: 'account',
}

/** An entry that only notes what its registration is told. */
function notingEntry() {
  const noted: unknown[] = []
  const base = findEntry('makeRawRequest')
  assert.ok(base !== undefined)
  const entry: Entry = {
    ...base,
    kind: 'webhook',
    registration: {
      enable: async ({ callbackUrl, key, config }) => {
        noted.push({ callbackUrl, key, config })
        return { id: 'endpoint-1' }
      },
      find: async ({ callbackUrl }) => [{ id: `left at ${callbackUrl}` }],
      disable: async ({ registered }) => void noted.push(registered),
    },
  }
  return { entry, noted }
}

test('what is registered when a flow starts is taken off by what the platform kept', async () => {
  const host = new ComponentHost(readEnvironment(variables))
  const { entry, noted } = notingEntry()
  const kept = await enableWebhook(entry, host, configuration)
  await disableWebhook(entry, host, configuration, JSON.parse(JSON.stringify(kept)))
  const [left, enabled, disabled] = noted
  assert.deepEqual(left, { id: `left at ${variables.ELASTICIO_FLOW_WEBHOOK_URI}` })
  assert.equal(Object(enabled).callbackUrl, variables.ELASTICIO_FLOW_WEBHOOK_URI)
  assert.deepEqual(Object(enabled).config, { objectType: 'account' })
  assert.deepEqual(disabled, { id: 'endpoint-1' })
})

test('what an earlier start left with the platform is taken off first', async (t) => {
  const platform = await startPlatform(t)
  platform.startData.set(variables.ELASTICIO_FLOW_ID, { registered: { id: 'of the last start' } })
  const host = new ComponentHost(readEnvironment({ ...variables, ...platform.variables() }))
  const { entry, noted } = notingEntry()
  await enableWebhook(entry, host, configuration)
  assert.deepEqual(noted[0], { id: 'of the last start' })
  assert.equal(Object(noted.at(-1)).callbackUrl, variables.ELASTICIO_FLOW_WEBHOOK_URI)
})

test('each flow has a key of its own', async () => {
  const keys = new Set<unknown>()
  for (const flow of ['flow1', 'flow2', 'flow1']) {
    const host = new ComponentHost(readEnvironment({ ...variables, ELASTICIO_FLOW_ID: flow }))
    const { entry, noted } = notingEntry()
    await enableWebhook(entry, host, configuration)
    keys.add(Object(noted.at(-1)).key)
  }
  assert.equal(keys.size, 2)
})

test('without an address of the flow nothing is registered', async () => {
  const host = new ComponentHost(readEnvironment({}))
  const { entry, noted } = notingEntry()
  await assert.rejects(
    enableWebhook(entry, host, configuration),
    (error) => error instanceof ComponentError && error.code === 'webhook_unavailable',
  )
  assert.deepEqual(noted, [])
})

test('a message has to bring the key, wherever the platform tells headers or query', async () => {
  const { webhook } = readEnvironment(variables)
  const host = new ComponentHost(readEnvironment(variables))
  const { entry, noted } = notingEntry()
  await enableWebhook(entry, host, configuration)
  const { key } = Object(noted[1])
  const body = { MessageName: 'Create' }
  assert.equal(inputOf(entry, webhook, { body, headers: { 'x-key': key } }), body)
  assert.equal(inputOf(entry, webhook, { body, headers: { a: 'b' }, query: { code: key } }), body)
  for (const name of ['reply_to', 'x-eio-taskid', 'X-Ipaas-Container-Id'])
    assert.equal(inputOf(entry, webhook, { body, headers: { [name]: 'of the platform' } }), body)
  for (const headers of [{ a: 'b' }, { 'x-key': `${key}x` }, { 'x-key': '' }]) {
    assert.throws(
      () => inputOf(entry, webhook, { body, headers }),
      (error) => error instanceof ComponentError && error.code === 'webhook_stranger',
    )
  }
})
