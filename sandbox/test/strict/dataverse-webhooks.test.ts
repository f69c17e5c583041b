import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Registration, withStep } from '../dataverse/webhook-steps.ts'

const URL_HERE = 'http://127.0.0.1:9/hook'

const MISTAKES: readonly (Omit<Registration, 'url'> & {
  readonly name: string
  readonly url?: string
  readonly status?: number
  readonly says: RegExp
})[] = [
  { name: 'configuration', step: { configuration: 'x' }, says: /'configuration' cannot be given/ },
  { name: 'an early stage of an asynchronous step', step: { stage: 20 }, says: /must be 40/ },
  { name: 'no mode', step: { mode: null }, says: /'mode' is missing/ },
  { name: 'no message', step: { 'sdkmessageid@odata.bind': null }, says: /'sdkmessageid'/ },
  { name: 'an address that is none', url: 'hook', says: /'url' must be an address/ },
  { name: 'another host', url: 'https://hooks.example/', status: 501, says: /webhooks to hooks/ },
  { name: 'a queue', endpoint: { contract: 2 }, status: 501, says: /other than webhooks/ },
]
for (const { name, status = 400, says, url = URL_HERE, ...registration } of MISTAKES) {
  test(`a webhook with ${name} is refused`, async () => {
    const { reply } = await withStep({ url, ...registration })
    assert.equal(reply.status, status)
    assert.match(reply.json.error.message, says)
  })
}

test('a webhook whose pairs cannot be read fails without being sent', async () => {
  const endpoint = { authtype: 5, authvalue: 'Key1: Value1' }
  const { rig } = await withStep({ url: URL_HERE, endpoint, step: { mode: 0 } })
  const { json } = await rig.call('accounts', { method: 'POST', body: { name: 'x' } })
  assert.equal(json.error.code, '0x80050203')
})

test('a receiver that is not there is a failure', async () => {
  const { rig } = await withStep({ url: URL_HERE, step: { mode: 0 } })
  const { json } = await rig.call('accounts', { method: 'POST', body: { name: 'x' } })
  assert.equal(json.error.code, '0x80050205')
})
