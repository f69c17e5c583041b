import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { findEntry } from '../../src/connector/index.ts'
import { collect, InvalidRow } from '../../src/dataverse/index.ts'
import { startSandboxClient } from '../dataverse/sandbox-client.ts'
import { refused, runEntry } from './run-entry.ts'

const { client, sandbox } = await startSandboxClient({ after }, { rows: 10 })
const [known] = await collect(client.rows('accounts', { top: 1 }), 1)
const account = Object(known)
const nobody = '00000000-0000-4000-8000-000000000000'

async function upsert(input: object, more: object = {}) {
  const config = { objectType: 'account', ...more }
  const [row] = await runEntry(client, 'upsertObject', config, input)
  return Object(row)
}

const byNumber = { idToSearchOn: 'accountnumber' }

test('without an id a row is created, and comes as it is stored', async () => {
  for (const id of [undefined, null, '', ' ']) {
    const row = await upsert({ id, name: 'New', industrycode: 'Accounting', revenue: '12.50' })
    assert.match(row.accountid, /^[0-9a-f-]{36}$/)
    assert.deepEqual([row.name, row.industrycode, row.revenue], ['New', 1, 12.5])
    assert.equal(row['@fairlead.outcome'], 'created')
  }
})

test('with an id the row is updated, or created where none has it', async () => {
  const updated = await upsert({ id: `{${account.accountid.toUpperCase()}}`, name: "O'Neil 🚀" })
  assert.deepEqual([updated.accountid, updated.name], [account.accountid, "O'Neil 🚀"])
  assert.equal(updated['@fairlead.outcome'], 'updated')
  const created = await upsert({ id: nobody, name: 'Somebody' })
  assert.deepEqual([created.accountid, created['@fairlead.outcome']], [nobody, 'created'])
})

test('an alternate key names the row, and without its value a row is created', async () => {
  const updated = await upsert({ accountnumber: account.accountnumber, name: 'Keyed' }, byNumber)
  assert.deepEqual([updated.accountid, updated.name], [account.accountid, 'Keyed'])
  const created = await upsert({ accountnumber: 'K-1', name: 'Fresh' }, byNumber)
  assert.deepEqual([created.accountnumber, created['@fairlead.outcome']], ['K-1', 'created'])
  assert.equal((await upsert({ name: 'Unnumbered' }, byNumber))['@fairlead.outcome'], 'created')
})

test('a row that may have been there before is not told to be new or old', async () => {
  const match = { method: 'PATCH', path: '/accounts' }
  await sandbox.admin('/faults', 'POST', { target: 'organizations', match, preset: 'lostAnswer' })
  const row = await upsert({ id: crypto.randomUUID(), name: 'Perhaps' })
  assert.equal(row.name, 'Perhaps')
  assert.equal('@fairlead.outcome' in row, false)
})

test('a lookup is given as an id, by key or with its table, and comes as rows have it', async () => {
  const [user] = await collect(client.rows('systemusers', { top: 1 }), 1)
  const id = Object(user).systemuserid
  const [contact] = await collect(client.rows('contacts', { top: 1 }), 1)
  const row = await upsert({
    name: 'Owned',
    ownerid: { table: 'systemuser', id },
    primarycontactid: Object(contact).contactid,
    parentaccountid: { accountnumber: account.accountnumber },
  })
  assert.equal(row._ownerid_value, id)
  assert.equal(row._primarycontactid_value, Object(contact).contactid)
  assert.equal(row._parentaccountid_value, account.accountid)
})

test('what cannot be written is named by its column, and nothing is sent', async () => {
  await refused(upsert({ id: 'x', name: 'A' }), 'id', 'invalid_field')
  await refused(upsert({ id: 7, name: 'A' }), 'id', 'invalid_field')
  await refused(upsert({}, { idToSearchOn: 'name' }), 'idToSearchOn', 'invalid_field')
  await refused(upsert({ accountnumber: true }, byNumber), 'accountnumber', 'invalid_field')
  await refused(upsert({ accountnumber: '\ud800' }, byNumber), 'accountnumber', 'invalid_field')
  const wrong = { nmae: 'x', numberofemployees: 'many', createdon: 'today', industrycode: 'Magic' }
  await assert.rejects(upsert(wrong), (error) => {
    assert.ok(error instanceof InvalidRow)
    assert.deepEqual(
      error.problems.map(({ column }) => column).toSorted(),
      Object.keys(wrong).toSorted(),
    )
    return true
  })
})

test('the id and the alternate keys can be searched on', async () => {
  const found = await findEntry('upsertObject')?.options('idToSearchOn', {
    config: { objectType: 'account' },
    dataverse: client,
    limit: 10,
  })
  assert.deepEqual(
    found?.map(({ value }) => value),
    ['id', 'accountnumber'],
  )
})

test('the form has what can be written, with choices, bounds, targets and required marks', async () => {
  const form = { config: { objectType: 'account' }, dataverse: client }
  const schema = Object(await findEntry('upsertObject')?.inputSchema(form))
  assert.deepEqual(schema.required, [])
  assert.deepEqual(schema.anyOf, [{ required: ['id'] }, { required: ['name'] }])
  const { id, name, industrycode, ownerid, primarycontactid, numberofemployees } = schema.properties
  assert.deepEqual([id.title, name.maxLength], ['Entity ID', 160])
  assert.equal(name.description, 'Required to create a row.')
  assert.equal(industrycode.enumNames[industrycode.enum.indexOf(1)], 'Accounting')
  assert.deepEqual(ownerid.properties.table.enum, ['systemuser', 'team'])
  assert.deepEqual(primarycontactid.targets, ['contact'])
  assert.equal(numberofemployees.minimum, 0)
  for (const left of ['createdon', 'accountid', 'new_contract', '_ownerid_value', 'owneridname']) {
    assert.equal(left in schema.properties, false, left)
  }
  const keyed = await findEntry('upsertObject')?.inputSchema({
    ...form,
    config: { objectType: 'account', ...byNumber },
  })
  assert.equal(Object.keys(Object(keyed).properties)[0], 'accountnumber')
  assert.deepEqual(Object(keyed).anyOf, [{ required: ['accountnumber'] }, { required: ['name'] }])
})

test('a message is described as rows are: lookups under their own names, real types', async () => {
  const form = { config: { objectType: 'account' }, dataverse: client }
  const { properties } = Object(await findEntry('upsertObject')?.outputSchema(form))
  const row = await upsert({ name: 'Described' })
  for (const name of Object.keys(row)) if (!name.includes('@')) assert.ok(properties[name], name)
  assert.equal(properties.ownerid, undefined)
  assert.deepEqual(properties._ownerid_value.type, ['string', 'null'])
  assert.deepEqual(properties.numberofemployees.type, ['integer', 'null'])
  assert.equal(properties.createdon.readOnly, true)
})
