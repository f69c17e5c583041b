import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { InputError } from '../src/json-input.ts'
import { startSandbox } from '../src/sandbox.ts'
import { Bench } from './bench.ts'

/** Three ids that each order puts otherwise. */
const [A, B, C] = [
  '00000000-0000-4000-8000-000000000002',
  'ffffffff-0000-4000-8000-000000000001',
  '80000000-0000-4000-8000-000000000003',
]

async function startWithRows(t: TestContext, switches?: unknown) {
  const bench = await Bench.start(t, { rows: { accounts: 0, contacts: 0 }, switches })
  const { body } = await bench.token({
    grant_type: 'client_credentials',
    resource: bench.resource,
  })
  const headers = {
    authorization: `Bearer ${String(body['access_token'])}`,
    'content-type': 'application/json',
  }
  const add = async () => {
    for (const accountid of [A, B, C]) {
      await fetch(`${bench.line.apiUrl}/accounts`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ accountid, name: 'x' }),
      })
    }
  }
  const order = async () => {
    const response = await fetch(`${bench.line.apiUrl}/accounts?$select=accountid`, { headers })
    const { value } = JSON.parse(await response.text())
    return value.map((row: { accountid: string }) => row.accountid)
  }
  await add()
  return { bench, add, order, path: `/organizations/${bench.line.organizations[0]?.uniqueName}` }
}

test('the order of ids is a switch, whose change holds at once', async (t) => {
  const { bench, order, path } = await startWithRows(t)
  assert.deepEqual(await order(), [B, A, C])
  const answer = await bench.admin('PATCH', `${path}/switches`, { idOrder: 'text' })
  assert.equal(answer['idOrder'], 'text')
  assert.deepEqual(await order(), [A, C, B])
  await bench.admin('PATCH', `${path}/switches`, { idOrder: 'descending' })
  assert.deepEqual(await order(), [B, C, A])
  await assert.rejects(
    bench.admin('PATCH', `${path}/switches`, { idOrder: 'random' }),
    /'idOrder' must be one of uniqueidentifier, text, descending/,
  )
})

test('switches given at the start hold for every organization, and again after a reset', async (t) => {
  const { bench, add, order, path } = await startWithRows(t, {
    idOrder: 'descending',
    timeZone: 'Asia/Tokyo',
  })
  assert.deepEqual(await order(), [B, C, A])
  for (const { uniqueName } of bench.line.organizations) {
    const { switches } = await bench.admin('GET', `/organizations/${uniqueName}`)
    assert.equal(Object(switches).idOrder, 'descending')
    assert.equal(Object(switches).timeZone, 'Asia/Tokyo')
    assert.equal(Object(switches).skip, 'ignored')
  }
  await bench.admin('PATCH', `${path}/switches`, { idOrder: 'text' })
  assert.deepEqual(await order(), [A, C, B])
  await bench.admin('POST', '/reset')
  await add()
  assert.deepEqual(await order(), [B, C, A])
})

test('switches that nobody knows, or that cannot be, stop the start by name', async () => {
  const refused = (switches: unknown, message: RegExp) =>
    assert.rejects(startSandbox({ switches }), (error) => {
      assert.ok(error instanceof InputError)
      assert.match(error.message, message)
      return true
    })
  await refused({ idorder: 'text' }, /The switches has no property 'idorder'/)
  await refused({ idOrder: 'guid' }, /'idOrder' must be one of/)
  await refused({ adminMode: true }, /no property 'adminMode'/)
  await refused([], /The switches must be a JSON object/)
})
