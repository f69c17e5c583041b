import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type TestHub, testHub } from '../support/hub.ts'
import { refused } from '../support/refused.ts'
import { type Sandbox, startSandbox } from '../support/sandbox.ts'

const INNER = 'http://169.254.169.254/latest/meta-data/'
let sandbox: Sandbox
let hub: TestHub

before(async () => {
  sandbox = await startSandbox()
  hub = await testHub(sandbox, { timeoutMs: 1_500 })
})

after(async () => {
  await hub[Symbol.asyncDispose]()
  await sandbox.close()
})

async function withFault(fault: object) {
  const match = { method: 'POST', path: '/oauth2/token' }
  await sandbox.admin('/faults', 'POST', { target: 'entra', match, times: 20, ...fault })
  const { credentialId } = await hub.credential()
  const told = await refused(hub, sandbox, credentialId, sandbox.user('admin'))
  await sandbox.admin('/faults', 'DELETE')
  const again = await hub.signIn(credentialId, sandbox.user('admin'))
  assert.equal(again.result?.outcome, 'connected', 'the next sign-in succeeds')
  return told
}

test('a token endpoint that hangs ends in a time-out', async () => {
  const { retry, what } = await withFault({ kind: 'hang' })
  assert.equal(retry.when, 'later')
  assert.ok(what)
})

test('a token endpoint that answers HTML is told as that', async () => {
  const { what, why } = await withFault({
    kind: 'respond',
    status: 200,
    body: '<html>Proxy <script>alert(1)</script></html>',
  })
  assert.doesNotMatch(`${what}${why}`, /<script>/)
})

test('a token endpoint that fails with 500 is a passing fault', async () => {
  const { retry } = await withFault({ kind: 'respond', status: 500, body: '<html>500</html>' })
  assert.equal(retry.when, 'later')
})

test('half a JSON is told as an answer that broke off', async () => {
  const { what, why } = await withFault({ kind: 'truncate' })
  assert.doesNotMatch(`${what}${why}`, /access_token|eyJ/)
})

test('a body cut off on the wire is told', async () => {
  const { retry } = await withFault({ kind: 'cut', afterBytes: 40 })
  assert.equal(retry.when, 'later')
})

test('a redirect to an inner address is not followed', async () => {
  const { code, what } = await withFault({ kind: 'redirect', status: 307, location: INNER })
  assert.ok(code)
  assert.ok(what)
  assert.ok(!hub.log.join('\n').includes('"host":"169.254.169.254"'))
})
