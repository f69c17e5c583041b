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
  await write('POST', 'accounts', { name: 'Not told of' })
  await setTimeout(200)
  assert.deepEqual(await names(1), [['create', 'Told of']])
  await admin.call('enableTrigger', { params })
  await admin.call('removeTrigger', { params })
  const [left] = (await write('GET', 'serviceendpoints')).outputs
  assert.deepEqual(Object(left?.body).responseBody.value, [])
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
