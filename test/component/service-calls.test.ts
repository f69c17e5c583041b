import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { startSandboxClient } from '../dataverse/sandbox-client.ts'
import { componentFolder } from './component-folder.ts'
import { callService, callServiceHere, startPlatform } from './platform.ts'

const { sandbox, token } = await startSandboxClient({ after }, { rows: 10 })
const platform = await startPlatform({ after })
const folder = await componentFolder()
after(() => folder[Symbol.asyncDispose]())

const { orgUrl } = sandbox.description
const accessToken = token.value.reveal()
const baseUrl = `${orgUrl}/api/data/v9.2`
const refreshed = { status: 200, body: { access_token: accessToken } }

platform.secrets.set('good', {
  credentials: { access_token: accessToken, fields: { baseUrl } },
  reads: 0,
  refreshes: 0,
})
platform.secrets.set('expired', {
  credentials: { access_token: 'worn-out', fields: { baseUrl } },
  refresh: () => refreshed,
  reads: 0,
  refreshes: 0,
})
platform.secrets.set('wrong', {
  credentials: { access_token: 'worn-out', fields: { baseUrl } },
  refresh: () => ({
    status: 400,
    body: {
      errors: [{ detail: 'AADSTS7000215: Invalid client secret provided. Trace ID: 1' }],
    },
  }),
  reads: 0,
  refreshes: 0,
})

type Call = Parameters<typeof callService>[2]
const called = (method: Call['method'], more: Partial<Call>): Call => ({
  ...{ method, configuration: {}, allowedOrigins: [orgUrl], ...more },
})
/** In a process of its own, as on the platform. */
const call = (method: Call['method'], more: Partial<Call>) =>
  callService(folder.path, platform, called(method, more))
/** By the same runtime, in this process. */
const callHere = (method: Call['method'], more: Partial<Call>) =>
  callServiceHere(folder.path, platform, called(method, more))

test('a credential verifies with and without a version in the address, as a secret or a token', async () => {
  const oauth = { access_token: accessToken }
  const configurations = [
    { secretId: 'good' },
    { oauth, baseUrl },
    { access_token: accessToken, baseUrl: `${orgUrl}/api/data` },
    { oauth, baseUrl: orgUrl, apiVersion: 'v9.1' },
    // Cleared fields of the step; the credential has them.
    { secretId: 'good', baseUrl: ' ', apiVersion: null },
  ]
  for (const configuration of configurations) {
    const { status, data } = await callHere('verifyCredentials', { configuration })
    assert.deepEqual([status, data], ['success', { verified: true }])
  }
})

test('the version of the credential is called, or the one in its address, or v9.2', async () => {
  const oauth = { access_token: accessToken }
  const versions = async (configuration: object) => {
    await sandbox.admin('/trace', 'DELETE')
    await callHere('verifyCredentials', { configuration: { oauth, ...configuration } })
    const trace = JSON.stringify(await sandbox.admin('/trace'))
    return [...new Set(trace.match(/\/v\d+\.\d+\//g))]
  }
  assert.deepEqual(await versions({ baseUrl: orgUrl, apiVersion: 'v9.1' }), ['/v9.1/'])
  assert.deepEqual(await versions({ baseUrl: `${orgUrl}/api/data/v9.0` }), ['/v9.0/'])
  assert.deepEqual(await versions({ baseUrl: orgUrl }), ['/v9.2/'])
})

test('a token that has expired is refreshed through the platform', async () => {
  const { data } = await call('verifyCredentials', { configuration: { secretId: 'expired' } })
  assert.deepEqual(data, { verified: true })
  assert.equal(platform.secrets.get('expired')?.refreshes, 1)
})

test('a platform that is busy for the moment is asked again', async () => {
  const answers = [{ status: 429, body: {} }, { status: 503, body: {} }, refreshed]
  platform.secrets.set('busy', {
    credentials: { access_token: 'worn-out', fields: { baseUrl } },
    refresh: () => answers.shift() ?? refreshed,
    reads: 0,
    refreshes: 0,
  })
  const { data } = await callHere('verifyCredentials', { configuration: { secretId: 'busy' } })
  assert.deepEqual(data, { verified: true })
  assert.equal(platform.secrets.get('busy')?.refreshes, 3)
})

test('a wrong secret does not verify, and the reason is told in words', async () => {
  const { status, data, log } = await call('verifyCredentials', {
    configuration: { secretId: 'wrong' },
  })
  assert.deepEqual([status, data.verified], ['success', false])
  assert.match(data.reason, /secret/i)
  assert.doesNotMatch(data.reason, /Trace ID|worn-out/)
  assert.doesNotMatch(log, /worn-out/)
})

test('with a variable that cannot be used nothing verifies, and the reason is told', async () => {
  for (const [name, value] of [
    ['FAIRLEAD_CA_FILE', '/nowhere.pem'],
    ['FAIRLEAD_ALLOWED_ORIGINS', 'nonsense'],
    ['FAIRLEAD_CONNECT_TO', 'nonsense'],
    ['FAIRLEAD_CONNECT_TO', 'crm.example.com:4430'],
  ] as const) {
    const { data } = await call('verifyCredentials', {
      configuration: { secretId: 'good' },
      variables: { [name]: value },
    })
    assert.equal(data.verified, false, name)
    assert.match(data.reason, /network setting/)
  }
})

test('no credential, no address and a wrong address do not verify', async () => {
  const oauth = { access_token: accessToken }
  const reasons: string[] = []
  for (const configuration of [{}, { oauth }, { oauth, baseUrl: 'https://example.com' }]) {
    const { data } = await callHere('verifyCredentials', { configuration })
    assert.equal(data.verified, false)
    reasons.push(data.reason)
  }
  assert.match(reasons[0] ?? '', /^This step has no credential\./)
  assert.match(reasons[1] ?? '', /address is empty/)
  assert.match(reasons[2] ?? '', /not allowed to connect/)
})

test('the select models list tables and criteria by value and label', async () => {
  const configuration = { secretId: 'good', objectType: 'account' }
  const entry = 'lookupObject'
  const tables = await call('selectModel', { configuration, entry, model: 'objectTypes' })
  assert.equal(tables.data['account'], 'Account (account)')
  const criteria = await callHere('selectModel', { configuration, entry, model: 'lookupCriteria' })
  assert.equal(Object.keys(criteria.data)[0], 'accountid')
})

test('the metadata are of the platform’s form: one type, required at the property', async () => {
  const { status, data } = await call('getMetaModel', {
    entry: 'lookupObject',
    configuration: { secretId: 'good', objectType: 'account', lookupCriteria: 'name' },
  })
  assert.equal(status, 'success')
  const { lookupCriteriaValue } = data.in.properties
  assert.equal(lookupCriteriaValue.required, true)
  assert.equal(lookupCriteriaValue.type, 'string')
  assert.equal(data.out.properties._ownerid_value.type, 'string')
  assert.equal(data.out.properties.revenue.type, 'number')
  assert.equal(data.out.required, undefined)
})

test('an error of a form names the field', async () => {
  const { status, data } = await callHere('getMetaModel', {
    entry: 'lookupObject',
    configuration: { secretId: 'good', objectType: 'acount', lookupCriteria: 'name' },
  })
  assert.equal(status, 'error')
  assert.match(data.message, /Object Type.*Did you mean account/s)
})

test('an address that a user wrote does not lead to the platform’s own API', async () => {
  const configuration = { oauth: { access_token: accessToken }, baseUrl: platform.server.origin }
  const { data } = await call('verifyCredentials', { configuration })
  assert.equal(data.verified, false)
  assert.match(data.reason, /not allowed to connect/)
})

test('a form is answered from the definitions that another process read', async () => {
  const configuration = { secretId: 'good', objectType: 'contact', lookupCriteria: 'lastname' }
  await call('getMetaModel', { entry: 'lookupObject', configuration })
  await sandbox.admin('/trace', 'DELETE')
  const { status } = await call('getMetaModel', { entry: 'lookupObject', configuration })
  assert.equal(status, 'success')
  const trace = JSON.stringify(await sandbox.admin('/trace'))
  assert.doesNotMatch(trace, /RetrieveMetadataChanges|EntityDefinitions/)
})

test('what Node has compiled is kept for the next process', async () => {
  await call('verifyCredentials', { configuration: { secretId: 'good' } })
  const kept = join(folder.path, `fairlead-component-${process.getuid?.()}`, 'compiled')
  const files = await readdir(kept, { recursive: true, withFileTypes: true })
  assert.ok(files.filter((file) => file.isFile()).length > 0)
})
