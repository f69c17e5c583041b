import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type Reply, startDataverseServer } from '../../../test/support/dataverse-server.ts'
import { eagerClock } from '../../../test/support/eager-clock.ts'
import { DataverseError } from '../errors/dataverse-error.ts'
import type { Operation } from '../operation.ts'
import { associateOperation, disassociateOperation } from './link-operations.ts'
import {
  createOperation,
  deleteOperation,
  updateOperation,
  upsertOperation,
} from './row-operations.ts'

const ID = '01234567-89ab-cdef-0123-456789abcdef'
const table = { entitySetName: 'accounts', primaryIdColumn: 'accountid' }
const badGateway: Reply = { status: 502, body: '<html>' }
const fault = (status: number, code: string): Reply => ({
  status,
  body: { error: { code, message: 'No.' } },
})

async function answering(t: TestContext, ...replies: readonly Reply[]) {
  let next = 0
  const server = await startDataverseServer(t, () => replies[next++] ?? fault(500, '0x80040216'))
  const client = server.client({ clock: eagerClock() })
  const send = <Result>(operation: Operation<Result>) => client.perform(operation)
  return { ...server, send, client }
}

const coded = (code: string) => (error: unknown) =>
  error instanceof DataverseError && error.code === code

test('a repeated delete is done where the row is gone, a first one is not', async (t) => {
  const repeated = await answering(t, badGateway, fault(404, '0x80040217'))
  await repeated.send(deleteOperation(table, ID))
  const first = await answering(t, fault(404, '0x80040217'))
  await assert.rejects(first.send(deleteOperation(table, ID)), coded('not_found'))
  const limited = await answering(t, fault(429, '0x80072322'), fault(404, '0x80040217'))
  await assert.rejects(limited.send(deleteOperation(table, ID)), coded('not_found'))
})

test('a repeated write on a version that then has passed is of unknown outcome', async (t) => {
  const etag = 'W/"1"'
  for (const operation of [
    updateOperation(table, ID, { name: 'A' }, { etag }),
    upsertOperation(table, ID, { name: 'A' }, { etag }),
    upsertOperation(table, ID, { name: 'A' }, { only: 'create' }),
    deleteOperation(table, ID, { etag }),
  ]) {
    const repeated = await answering(t, badGateway, fault(412, '0x80060882'))
    await assert.rejects(repeated.send<unknown>(operation), coded('outcome_unknown'))
    const first = await answering(t, fault(412, '0x80060882'))
    await assert.rejects(first.send<unknown>(operation), coded('precondition_failed'))
  }
})

test('a row without an id of its own is never sent twice', async (t) => {
  const { send, requests } = await answering(t, badGateway)
  await assert.rejects(send(createOperation(table, { name: 'A' })), coded('unavailable'))
  assert.equal(requests.length, 1)
})

test('an upsert that was sent twice does not claim to know which of the two happened', async (t) => {
  const updated: Reply = { body: { accountid: ID } }
  const once = await answering(t, updated)
  assert.equal((await once.send(upsertOperation(table, ID, {}))).outcome, 'updated')
  assert.match(once.requests[0]?.path ?? '', /\?\$select=accountid$/)
  const twice = await answering(t, badGateway, updated)
  assert.equal((await twice.send(upsertOperation(table, ID, {}))).outcome, 'written')
})

test('an update never creates, and options become the service’s headers', async (t) => {
  const { send, requests } = await answering(t, { status: 204 })
  const options = {
    detectDuplicates: true,
    bypassLogic: 'all',
    suppressFlows: true,
    solution: 'mine',
    impersonate: { userId: ID },
    tag: 'a b&c',
    sessionToken: '240:8#144035050#7=-1',
    returning: { select: ['name'], annotations: '*' },
  } as const
  await send(updateOperation(table, ID, { name: 'A' }, options))
  const { headers = {}, path = '' } = requests[0] ?? {}
  assert.equal(headers['if-match'], '*')
  assert.equal(headers['mscrm.suppressduplicatedetection'], 'false')
  assert.equal(headers['mscrm.bypassbusinesslogicexecution'], 'CustomSync,CustomAsync')
  assert.equal(headers['mscrm.suppresscallbackregistrationexpanderjob'], 'true')
  assert.equal(headers['mscrm.solutionuniquename'], 'mine')
  assert.equal(headers['mscrmcallerid'], ID)
  assert.equal(headers['mscrm.sessiontoken'], '240:8#144035050#7=-1')
  assert.equal(headers['prefer'], 'return=representation,odata.include-annotations="*"')
  assert.ok(path.endsWith(`accounts(${ID})?$select=name&tag=a%20b%26c`), path)
})

test('no option can carry a second header or leave its place in the address', () => {
  for (const options of [
    { solution: 'a\r\nx: y' },
    { sessionToken: 'a\r\nx: y' },
    { impersonate: { userId: 'x' } },
    { bypassSteps: ['x'] },
    { etag: '"a\r\nx: y"' },
    { etag: 'null' },
  ]) {
    assert.throws(
      () => updateOperation(table, ID, {}, options),
      coded('invalid_argument'),
      JSON.stringify(options),
    )
  }
})

test('the id of a new row is read from its address, and must be there', async (t) => {
  const address = `https://x.test/api/data/v9.2/accounts(${ID})`
  const told = await answering(t, { status: 204, headers: { 'OData-EntityId': address } })
  assert.deepEqual(await told.send(createOperation(table, {})), { id: ID })
  const untold = await answering(t, { status: 204 })
  await assert.rejects(untold.send(createOperation(table, {})), coded('unexpected_answer'))
})

test('links are made by whole addresses, and parted by id or by address', () => {
  const from = { table, key: ID }
  const root = 'https://x.test/api/data/v9.2/'
  const kind = 'collection'
  const contacts = { entitySetName: 'contacts' }
  const property = 'contact_customer_accounts'
  const link = { from, property, kind, to: { table: contacts, key: ID } } as const
  assert.deepEqual(associateOperation(link, root).body, { '@odata.id': `${root}contacts(${ID})` })
  const way = `accounts(${ID})/${property}`
  assert.equal(disassociateOperation(link, root).path, `${way}(${ID})/$ref`)
  const lookup = { ...link, kind: 'single' } as const
  assert.equal(disassociateOperation(lookup, root).path, `${way}/$ref`)
  const keyed = { ...link, to: { table: contacts, key: { new_code: 'a' } } }
  assert.equal(
    disassociateOperation(keyed, root, { tag: 'x' }).path,
    `${way}/$ref?$id=${encodeURIComponent(`${root}contacts(new_code='a')`)}&tag=x`,
  )
})

test('a repeated link is done where it is there, and a repeated parting where it is gone', async (t) => {
  const root = 'https://x.test/api/data/v9.2/'
  const link = {
    from: { table, key: ID },
    property: 'contact_customer_accounts',
    kind: 'collection',
    to: { table: { entitySetName: 'contacts' }, key: ID },
  } as const
  for (const [operation, status] of [
    [associateOperation(link, root), 412],
    [associateOperation(link, root), 409],
    [disassociateOperation(link, root), 404],
  ] as const) {
    const repeated = await answering(t, badGateway, fault(status, '0x80040237'))
    await repeated.send(operation)
    const first = await answering(t, fault(status, '0x80040237'))
    await assert.rejects(first.send(operation), DataverseError)
  }
})
