import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refused } from '../support/refused.ts'
import { sandboxHub } from '../support/sandbox-hub.ts'

const INNER = 'http://169.254.169.254/latest/meta-data/'
const { sandbox, hub } = await sandboxHub({ timeoutMs: 1_500 })

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
  const { code, facts, retry } = await withFault({ kind: 'hang' })
  assert.equal(code, 'token_endpoint_unreachable')
  assert.equal(facts['reason'], 'timeout')
  assert.equal(retry.when, 'later')
})

test('a token endpoint that answers HTML is told as that, without a word of the page', async () => {
  const told = await withFault({
    kind: 'respond',
    status: 200,
    body: '<html>Proxy <script>alert(1)</script></html>',
  })
  assert.equal(told.code, 'token_endpoint_failed')
  assert.equal(told.facts['kind'], 'html')
  assert.doesNotMatch(JSON.stringify(told), /<script>|Proxy/)
})

test('a token endpoint that fails with 500 is a passing fault', async () => {
  const { code, facts, retry } = await withFault({ kind: 'respond', status: 500, body: 'Oops' })
  assert.equal(code, 'token_endpoint_failed')
  assert.equal(facts['status'], 500)
  assert.equal(retry.when, 'later')
})

test('half a JSON is told as an answer that broke off', async () => {
  const told = await withFault({ kind: 'truncate' })
  assert.equal(told.facts['kind'], 'cut_short')
  assert.doesNotMatch(JSON.stringify(told), /access_token|eyJ/)
})

test('a body cut off on the wire is told', async () => {
  const { facts, retry } = await withFault({ kind: 'cut', afterBytes: 40 })
  assert.equal(facts['reason'], 'body_incomplete')
  assert.equal(retry.when, 'later')
})

test('a redirect to an inner address is not followed', async () => {
  const { facts } = await withFault({ kind: 'redirect', status: 307, location: INNER })
  assert.equal(facts['reason'], 'redirect_refused')
  assert.equal(facts['target'], new URL(INNER).origin)
  assert.ok(!hub.log.join('\n').includes('"host":"169.254.169.254"'))
})
