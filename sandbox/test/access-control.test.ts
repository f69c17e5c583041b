import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Bench } from './bench.ts'

async function start(t: Parameters<typeof Bench.start>[0]) {
  const bench = await Bench.start(t)
  const [organization] = bench.line.organizations
  assert.ok(organization)
  const path = `/organizations/${organization.uniqueName}`
  const answer = await bench.token({ grant_type: 'client_credentials', resource: bench.resource })
  const headers = { authorization: `Bearer ${String(answer.body['access_token'])}` }
  const call = (address: string, init: RequestInit = {}) =>
    fetch(`${organization.apiUrl}/${address}`, {
      ...init,
      headers: { accept: 'application/json', 'content-type': 'application/json', ...headers },
    })
  const { adminUrl } = bench.line
  const refuse = async (method: string, rest: string, body: unknown): Promise<string> => {
    const response = await fetch(`${adminUrl}${path}/${rest}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    assert.equal(response.status, 400)
    return JSON.parse(await response.text()).error.message
  }
  return { bench, path, call, refuse }
}

test('a role of the control API is what its privileges say', async (t) => {
  const { bench, path } = await start(t)
  await bench.admin('PUT', `${path}/roles/Clerk`, { privileges: { prvReadAccount: 'Basic' } })
  assert.deepEqual(await bench.admin('GET', `${path}/roles`), { Clerk: { prvReadAccount: 1 } })
  await bench.admin('DELETE', `${path}/roles/Clerk`)
  assert.deepEqual(await bench.admin('GET', `${path}/roles`), {})
})

test('a privilege or a reach that there is not is refused', async (t) => {
  const { refuse } = await start(t)
  const wrong = await refuse('PUT', 'roles/Clerk', { privileges: { prvReadAccount: 'Everywhere' } })
  assert.match(wrong, /None, Basic, Local, Deep, Global/)
  assert.match(await refuse('PUT', 'roles/Clerk', { privileges: { read: 'Basic' } }), /prv/)
  const empty = { rules: [{ table: 'account', columns: [] }] }
  assert.match(await refuse('PUT', 'duplicate-rules', empty), /at least one column/)
})

test('webhooks that were sent are listed', async (t) => {
  const { bench, path, call } = await start(t)
  const create = async (set: string, body: object): Promise<string> => {
    const response = await call(set, { method: 'POST', body: JSON.stringify(body) })
    return /\(([^)]+)\)$/.exec(response.headers.get('odata-entityid') ?? '')?.[1] ?? ''
  }
  const endpoint = await create('serviceendpoints', {
    name: 'gone',
    url: 'http://127.0.0.1:9/',
    contract: 8,
    authtype: 4,
    authvalue: 'x',
  })
  const listed = await call("sdkmessages?$filter=name eq 'Create'")
  const messages = JSON.parse(await listed.text())
  await create('sdkmessageprocessingsteps', {
    name: 'Create of any',
    mode: 0,
    stage: 40,
    'sdkmessageid@odata.bind': `/sdkmessages(${messages.value[0].sdkmessageid})`,
    'eventhandler_serviceendpoint@odata.bind': `/serviceendpoints(${endpoint})`,
  })
  const response = await call('accounts', { method: 'POST', body: JSON.stringify({ name: 'x' }) })
  assert.equal(JSON.parse(await response.text()).error.code, '0x80050205')
  const { pending, list } = await bench.admin('GET', `${path}/deliveries`)
  assert.equal(pending, 0)
  assert.ok(Array.isArray(list))
  const { id, attempts, ...told } = list.at(-1)
  assert.match(id, /^[0-9a-f-]{36}$/)
  assert.equal(attempts.length, 1)
  assert.deepEqual(told, {
    step: 'Create of any',
    message: 'Create',
    table: 'account',
    mode: 'sync',
    failure: '0x80050205',
  })
  await bench.admin('DELETE', `${path}/deliveries`)
  assert.deepEqual(await bench.admin('GET', `${path}/deliveries`), { pending: 0, list: [] })
})
