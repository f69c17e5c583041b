import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { testHttp } from '../../../test/support/http.ts'
import { startSandbox } from '../../../test/support/sandbox.ts'
import type { Json } from '../../kernel/index.ts'

const sandbox = await startSandbox()
const { authority, organizations, orgUrl, clientId, clientSecret, tenantId } = sandbox.description
const hub = await testHttp({ allow: [authority, ...organizations.map(({ url }) => url)] })
after(async () => {
  await hub[Symbol.asyncDispose]()
  await sandbox.close()
})
const admin = await hub.client('admin')
const runner = await hub.client('run')

const found = await admin.call('discover', { body: { address: `${orgUrl}/api/data/v9.2` } })
const { authClient } = await admin.call('createAuthClient', {
  body: {
    name: 'Hub',
    clientId,
    clientSecret,
    secretExpiresAt: '2030-01-01T00:00:00Z',
    authorizationEndpoint: found.endpoints.v2.authorization,
    tokenEndpoint: found.endpoints.v2.token,
  },
})
const { id } = await admin.call('createCredential', {
  body: { authClientId: authClient.id, name: 'CRM', baseUrl: orgUrl, grant: 'app' },
})

test('a CRM address is enough to find tenant and endpoints', () => {
  assert.equal(found.environmentUrl, new URL(orgUrl).origin)
  assert.equal(found.tenantId, tenantId)
  assert.equal(found.endpoints.v1.token, `${authority}/${tenantId}/oauth2/token`)
})

test('a Credential of an application is connected in one call', async () => {
  const flow = await admin.call('startFlow', { params: { id }, body: { kind: 'app' } })
  assert.equal(flow.state, 'succeeded')
  assert.deepEqual(await admin.call('getFlow', { params: { id: flow.id } }), flow)
  const credential = await admin.call('getCredential', { params: { id } })
  assert.equal(credential.state, 'connected')
  assert.match(credential.identity?.userId ?? '', /^[0-9a-f-]{36}$/)
})

test('a verification comes stage by stage, then as a whole, and is kept', async () => {
  const stages: string[] = []
  let last: unknown
  for await (const line of runner.stream('verify', { params: { id } })) {
    if (line.kind === 'stage') stages.push(line.stage.name)
    else last = line.report
  }
  assert.ok(stages.length > 8 && stages.includes('who-am-i'), stages.join())
  assert.deepEqual(last, await runner.call('latestVerification', { params: { id } }))
  const { verification } = await admin.call('getCredential', { params: { id } })
  assert.equal(verification?.verified, true)
  const { verified } = await runner.call('verify', { params: { id } })
  assert.equal(verified, true)
})

test('an action runs, with its rows as they come or all at once', async () => {
  const { items } = await runner.call('listActions', {})
  const kinds = new Map(items.map(({ name, kind }) => [name, kind]))
  assert.equal(kinds.get('makeRawRequest'), 'action')
  assert.equal(kinds.get('getNewAndUpdatedObjectsPolling'), 'polling')
  const params = { id, name: 'lookupObjects' }
  const body = { config: { objectType: 'account', selectFields: 'name', termNumber: 0 } }
  const whole = await runner.call('runAction', { params, body })
  assert.ok(whole.outputs.length > 10, `${whole.outputs.length} rows`)
  let count = 0
  for await (const line of runner.stream('runAction', { params, body }))
    if (line.kind === 'data') count += 1
  assert.equal(count, whole.outputs.length)
})

test('a form asks the environment for its options and schemas', async () => {
  const params = { id, name: 'lookupObjects' }
  const options = await runner.call('actionOptions', {
    params,
    query: { field: 'objectType', search: 'acc' },
  })
  assert.ok(options.items.some(({ value }) => value === 'account'))
  const config = JSON.stringify({ objectType: 'account', termNumber: 1 })
  const form = await runner.call('actionForm', { params, query: { config } })
  assert.equal(form.input?.['type'], 'object')
  assert.equal(form.output?.['title'], 'Account')
  assert.equal(form.fields['emitBehavior']?.viewClass, 'SelectView')
})

test('the form of a configuration that is not whole tells what it lacks', async () => {
  const params = { id, name: 'getNewAndUpdatedObjectsPolling' }
  const form = await runner.call('actionForm', { params })
  assert.equal(form.output, undefined)
  assert.deepEqual(
    [form.unfinished?.code, form.unfinished?.facts['field']],
    ['missing_field', 'objectType'],
  )
  await assert.rejects(runner.call('actionForm', { params, query: { config: '[' } }), {
    code: 'request_invalid',
  })
})

test('a trigger runs from a cursor, with its checkpoints, and as a sample without any', async () => {
  const params = { id, name: 'getNewAndUpdatedObjectsPolling' }
  const config = { objectType: 'account', emitBehavior: 'emitIndividually', pageSize: 7 }
  const run = async (more: { cursor?: Json; sample?: boolean }) => {
    const body = { config, ...more }
    const lines = []
    for await (const line of runner.stream('runAction', { params, body })) lines.push(line)
    return lines
  }
  const all = await run({})
  const cursors = all.flatMap((line) => (line.kind === 'checkpoint' ? [line.cursor] : []))
  assert.ok(cursors.length > 1 && all.length > cursors.length)
  const [first = null] = cursors
  const resumed = await run({ cursor: first })
  const rowsOf = (lines: typeof all) => lines.filter(({ kind }) => kind === 'data').length
  assert.equal(rowsOf(resumed), rowsOf(all) - 7)
  assert.equal(rowsOf(await run({ cursor: cursors.at(-1) ?? null })), 0)
  assert.ok((await run({ sample: true })).every(({ kind }) => kind === 'data'))
})

test('types are written from the environment, with its labels', async () => {
  const query = { tables: 'account,contact' }
  const { text } = await runner.call('readTypes', { params: { id }, query })
  assert.match(text, /export type Account_industrycode = keyof typeof Account_industrycode/)
  assert.match(text, /1: 'Accounting',/)
  assert.match(text, /readonly primarycontactid\?: Contact \| null/)
  const missing = { params: { id }, query: { tables: 'nothing' } }
  await assert.rejects(runner.call('readTypes', missing), { code: 'unknown_table' })
})

test('an action or a Credential that is not there is refused by name', async () => {
  await assert.rejects(
    runner.call('runAction', { params: { id, name: 'noSuchAction' }, body: {} }),
    { code: 'unknown_action', status: 404 },
  )
  const nobody = { id: crypto.randomUUID() }
  await assert.rejects(admin.call('getCredential', { params: nobody }), {
    code: 'credential_not_found',
    status: 404,
  })
  await assert.rejects(admin.call('latestVerification', { params: nobody }), { status: 404 })
})

test('an Auth Client that is used is not removed; a change on an old version is a conflict', async () => {
  const params = { id: authClient.id }
  await assert.rejects(admin.call('removeAuthClient', { params }), {
    code: 'auth_client_in_use',
    status: 409,
  })
  const { items } = await admin.call('authClientUses', { params })
  assert.deepEqual(items, [{ credentialId: id, name: 'CRM', state: 'connected' }])
  const edited = await admin.call('editAuthClient', { params, body: { name: 'Renamed' } })
  assert.deepEqual(
    [edited.name, edited.secrets[0]?.expiresAt],
    ['Renamed', '2030-01-01T00:00:00.000Z'],
  )
  await assert.rejects(
    admin.call('editAuthClient', { params, body: { name: 'Old', version: authClient.version } }),
    { code: 'changed_meanwhile', status: 409 },
  )
})

test('a client’s proof is tested, and the second secret takes its place', async () => {
  const params = { id: authClient.id }
  const tested = await admin.call('testAuthClient', { params })
  assert.equal(tested.accepted, true)
  await admin.call('addSecret', { params, body: { clientSecret: 'a-wrong-second-secret-123' } })
  const second = await admin.call('testAuthClient', { params, body: { slot: 'next' } })
  assert.equal(second.accepted, false)
  assert.ok(second.explanation?.remedy)
  const both = await admin.call('testAuthClient', { params })
  assert.deepEqual(
    both.tests.map(({ slot, outcome }) => [slot, outcome]),
    [
      ['current', 'accepted'],
      ['next', 'refused'],
    ],
  )
  const left = await admin.call('removeNextSecret', { params })
  assert.deepEqual(
    left.secrets.map(({ slot }) => slot),
    ['current'],
  )
  await assert.rejects(admin.call('testAuthClient', { params, body: { slot: 'next' } }), {
    code: 'field_invalid',
    status: 422,
  })
})

test('what was done is in the audit log, page by page, newest first', async () => {
  const { items, before } = await admin.call('listAudit', { query: { limit: 2 } })
  assert.equal(items.length, 2)
  const next = await admin.call('listAudit', { query: { limit: 500, before: before ?? 0 } })
  const actions = [...items, ...next.items].map(({ action }) => action)
  assert.ok(actions.includes('auth_client.created'), actions.join())
  const sequences = [...items, ...next.items].map(({ sequence }) => sequence)
  assert.deepEqual(
    sequences,
    sequences.toSorted((a, b) => b - a),
  )
})

test('an error text is explained with what is known of the Credential', async () => {
  const text = 'AADSTS50011: The redirect URI does not match.'
  const { items } = await runner.call('explain', { body: { text, credentialId: id } })
  assert.match(items[0]?.remedy ?? '', /http:\/\/localhost:4000\/callback\/oauth2/)
  assert.match(items[0]?.remedy ?? '', new RegExp(clientId))
})

test('the guide finds the tenant of an address for those who are signed in', async () => {
  const cookie = await hub.signIn()
  const path = `/guide?address=${encodeURIComponent(orgUrl)}`
  assert.ok((await (await hub.call(path, { headers: { cookie } })).text()).includes(tenantId))
  assert.ok(!(await (await hub.call(path)).text()).includes(tenantId))
})
