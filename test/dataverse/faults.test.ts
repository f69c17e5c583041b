import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { collect, DataverseError } from '../../src/dataverse/index.ts'
import { CodedError } from '../../src/kernel/index.ts'
import { startSandboxClient } from './sandbox-client.ts'

const { client, clientOf, sandbox } = await startSandboxClient({ after })
const { organizations } = sandbox.description

const ENVIRONMENT = organizations[0]?.uniqueName
const HTML = {
  status: 502,
  headers: { 'content-type': 'text/html' },
  body: '<html><title>Bad Gateway</title></html>',
}

const fault = (more: Readonly<Record<string, unknown>>) =>
  sandbox.admin('/faults', 'POST', { target: ENVIRONMENT, ...more })

const code = (expected: string) => (error: unknown) => {
  assert.ok(error instanceof CodedError, String(error))
  assert.equal(error.code, expected)
  return true
}

beforeEach(async () => {
  await sandbox.admin('/faults', 'DELETE')
})

test('a read outlives every passing fault', async () => {
  const limit = { error: { code: '0x80072322', message: 'Number of requests exceeded' } }
  await fault({ kind: 'respond', status: 429, headers: { 'retry-after': '1' }, body: limit })
  await fault({ kind: 'respond', status: 503 })
  await fault({ kind: 'respond', ...HTML })
  assert.equal((await client.whoAmI()).userId.length, 36)
  for (const kind of ['reset', 'lose']) {
    await fault({ kind, times: 2 })
    assert.equal((await client.whoAmI()).userId.length, 36)
  }
  await fault({ kind: 'cut', afterBytes: 200 })
  assert.equal((await collect(client.rows('accounts'), 100)).length, 20)
})

test('a fault that stays ends in an error of its own', async () => {
  await fault({ kind: 'respond', ...HTML, times: 10 })
  await assert.rejects(client.whoAmI(), (error) => {
    assert.ok(error instanceof DataverseError)
    assert.deepEqual([error.code, error.status], ['unavailable', 502])
    assert.match(error.message, /Bad Gateway/)
    return true
  })
})

test('a write is sent once, and its lost answer is an error', async () => {
  await fault({ kind: 'lose', match: { method: 'POST' } })
  const create = { method: 'POST', path: 'accounts', body: { name: 'Written once' } }
  await assert.rejects(client.raw(create), code('connection_lost'))
  const filter = "name eq 'Written once'"
  assert.equal((await collect(client.rows('accounts', { filter }), 10)).length, 1)
})

test('half a JSON that stays so and a page of HTML with a good status are named', async () => {
  await fault({ kind: 'truncate' })
  assert.equal((await client.whoAmI()).userId.length, 36)
  await fault({ kind: 'truncate', times: 4 })
  await assert.rejects(client.whoAmI(), code('invalid_json'))
  await fault({ kind: 'respond', ...HTML, status: 200 })
  await assert.rejects(client.whoAmI(), code('invalid_json'))
})

test('a redirect is not followed', async () => {
  const location = `${organizations[1]?.url}/api/data/v9.2/WhoAmI`
  await fault({ kind: 'redirect', status: 302, location })
  await assert.rejects(client.whoAmI(), code('redirect_refused'))
})

test('a silence ends with the call’s own limit', async () => {
  await fault({ kind: 'hang', times: 10 })
  await assert.rejects(client.whoAmI({ timeoutMs: 50 }), code('timeout'))
})

test('a token for another environment is refused by the one, with what it wants', async () => {
  const other = organizations[1]
  assert.ok(other)
  await assert.rejects(clientOf(other.url).whoAmI(), (error) => {
    assert.ok(error instanceof DataverseError)
    assert.equal(error.code, 'unauthorized')
    assert.equal(error.facts['resource'], `${other.url}/`)
    assert.match(error.explanation.why, new RegExp(other.tenantId))
    return true
  })
})
