import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { createClient } from '../../src/http/client/index.ts'
import { Secret } from '../../src/kernel/index.ts'
import { connect } from '../support/connected-hub.ts'
import { done, startServedHub } from '../support/served-hub.ts'

const { hub, url, env, sandbox } = await startServedHub(test, { rows: 3 })

test('a hub that is stopped ends what it is answering, and stores what comes of it', async () => {
  const key = await done(['api-keys', 'add', 'test', '--scopes', 'admin'], env)
  const client = createClient({ url: new URL(url), key: new Secret(key) })
  const credentialId = await connect(client, sandbox)
  const config = { objectType: 'account', emitBehavior: 'emitIndividually' }
  const trigger = 'getNewAndUpdatedObjectsPolling'
  const { id } = await client.call('createTrigger', {
    body: { name: 'Accounts', credentialId, trigger, config },
  })
  const match = { method: 'GET', path: '/accounts' }
  const delay = { target: 'organizations', match, kind: 'delay', delayMs: 1_500 }
  await sandbox.admin('/faults', 'POST', delay)
  const running = client.call('runTrigger', { params: { id } })
  const waiting = async () => JSON.stringify(await sandbox.admin('/faults'))
  for (let tries = 0; (await waiting()).includes('1500'); tries += 1) {
    assert.ok(tries < 400, 'nothing was asked for')
    await setTimeout(10)
  }
  hub.process.kill('SIGTERM')
  assert.equal((await running).stored, 3)
  assert.equal((await hub.ended()).code, 0)
  const shown = await done(['triggers', 'outputs', 'Accounts'], env)
  assert.equal(shown.split('\n').length, 3)
})
