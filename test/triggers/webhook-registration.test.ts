import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { openPort } from '../../src/http/server/open-port.ts'
import { isObject } from '../../src/kernel/index.ts'
import { connectedHub } from '../support/connected-hub.ts'

const port = await openPort({ host: '127.0.0.1', port: 0 })
const { hub, credentialId, ...started } = await connectedHub({
  publicUrl: `http://localhost:${port.port}`,
})
port.serve(hub.http.fetch)
after(async () => {
  await port.close({ graceMs: 100 })
  await started[Symbol.asyncDispose]()
})
const admin = await hub.client('admin')

async function waitFor(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await holds()); tries += 1) {
    assert.ok(tries < 200, 'it never came')
    await setTimeout(25)
  }
}

function write(method: string, url: string, data?: object) {
  const input = { method, url, ...(data && { data: { ...data } }) }
  const params = { id: credentialId, name: 'makeRawRequest' }
  return admin.call('runAction', { params, body: { input } })
}

test('what is written in the environment comes to the hub by itself, until it is disabled', async () => {
  const { id } = await admin.call('createTrigger', {
    body: {
      name: 'Accounts',
      credentialId,
      trigger: 'webhookTrigger',
      config: { objectType: 'account' },
    },
  })
  const params = { id }
  const names = async (count: number) => {
    for (let tries = 0; ; tries += 1) {
      const { items } = await admin.call('triggerOutputs', { params })
      if (items.length >= count || tries > 200)
        return items.map(({ body }) =>
          isObject(body) ? [body['event'], Object(body['columns']).name] : [],
        )
      await setTimeout(25)
    }
  }
  await admin.call('enableTrigger', { params })
  await write('POST', 'accounts', { name: 'Told of' })
  assert.deepEqual(await names(1), [['create', 'Told of']])
  await admin.call('disableTrigger', { params })
  assert.deepEqual(await registered(), [0, 0])
  await admin.call('enableTrigger', { params })
  await admin.call('removeTrigger', { params })
  const [left] = (await write('GET', 'serviceendpoints')).outputs
  assert.deepEqual(Object(left?.body).responseBody.value, [])
})

async function registered(): Promise<readonly number[]> {
  const count = async (set: string) => {
    const { outputs } = await write('GET', set)
    return Object(outputs[0]?.body).responseBody.value.length
  }
  return [await count('serviceendpoints'), await count('sdkmessageprocessingsteps')]
}

test('of several who enable and disable at once one has its way, and one registration is left', async () => {
  const body = { credentialId, trigger: 'webhookTrigger', config: { objectType: 'account' } }
  const { id } = await admin.call('createTrigger', { body: { name: 'Rushed', ...body } })
  const params = { id }
  const attempts = (names: readonly ('enableTrigger' | 'disableTrigger')[]) =>
    Promise.allSettled(names.map((name) => admin.call(name, { params })))
  const all = await attempts(['enableTrigger', 'enableTrigger', 'enableTrigger'])
  for (const one of all)
    if (one.status === 'rejected') assert.equal(one.reason.code, 'hook_superseded')
  assert.ok(all.some(({ status }) => status === 'fulfilled'))
  assert.deepEqual(await registered(), [1, 3])
  await write('POST', 'accounts', { name: 'Once' })
  await waitFor(async () => (await admin.call('getTrigger', { params })).lastSequence > 0)
  assert.equal((await admin.call('triggerOutputs', { params })).items.length, 1)
  for (let round = 0; round < 4; round += 1) {
    await attempts(['disableTrigger', 'enableTrigger', 'disableTrigger', 'enableTrigger'])
    const { enabled } = await admin.call('getTrigger', { params })
    assert.deepEqual(await registered(), enabled ? [1, 3] : [0, 0])
  }
  await admin.call('removeTrigger', { params })
  assert.deepEqual(await registered(), [0, 0])
})

test('what was left by an attempt that broke off goes with the trigger', async () => {
  const body = { credentialId, trigger: 'webhookTrigger', config: { objectType: 'account' } }
  const { id } = await admin.call('createTrigger', { body: { name: 'Broken', ...body } })
  const url = `http://localhost:${port.port}/hooks/${id}`
  const left = { name: 'Fairlead: account to here', url, contract: 8, authtype: 4, authvalue: 'x' }
  await write('POST', 'serviceendpoints', left)
  await admin.call('removeTrigger', { params: { id } })
  assert.deepEqual(await registered(), [0, 0])
})

test('a document that a run put aside is read at the address it gives', async () => {
  const params = { id: credentialId, name: 'extractRawSystemMetadata' }
  const { outputs } = await admin.call('runAction', {
    params,
    body: { config: { output: 'attachment' } },
  })
  const text = JSON.stringify(outputs[0]?.body)
  const [, id = ''] = /\/api\/v1\/attachments\/([0-9a-f-]{36})/.exec(text) ?? []
  const { contentType, body } = await admin.download('readAttachment', { params: { id } })
  assert.equal(contentType, 'application/xml')
  assert.match(await new Response(body).text(), /<edmx:Edmx [\s\S]+<\/edmx:Edmx>\s*$/)
  const reader = await hub.client('read')
  await assert.rejects(reader.download('readAttachment', { params: { id } }), { status: 403 })
  const missing = { params: { id: crypto.randomUUID() } }
  await assert.rejects(admin.download('readAttachment', missing), { code: 'attachment_not_found' })
})
