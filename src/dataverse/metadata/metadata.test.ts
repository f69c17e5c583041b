import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerDefinitions } from '../../../test/support/account-definitions.ts'
import { startDataverseServer } from '../../../test/support/dataverse-server.ts'
import { DataverseError } from '../errors/dataverse-error.ts'
import { propertyOf } from './column.ts'
import { literalTypeOf } from './column-type.ts'

const start = (t: Parameters<typeof startDataverseServer>[0]) =>
  startDataverseServer(t, (request) => answerDefinitions(request) ?? { status: 400 })

test('tables are listed with their names and labels', async (t) => {
  const tables = await (await start(t)).client().metadata.tables()
  assert.deepEqual(tables[0], {
    logicalName: 'account',
    schemaName: 'Account',
    entitySetName: 'accounts',
    label: 'Account',
    collectionLabel: 'Accounts',
    primaryIdColumn: 'accountid',
    primaryNameColumn: 'name',
    intersect: false,
    isActivity: false,
    changeTracking: true,
    optimisticConcurrency: true,
  })
  const bySet = tables.map((table) => [table.logicalName, table.entitySetName, table.intersect])
  assert.deepEqual(bySet.slice(3), [
    ['accountleads', 'accountleadss', true],
    ['activityparty', undefined, false],
  ])
})

test('a table’s columns come with type, label, length, level and rights', async (t) => {
  const table = await (await start(t)).client().metadata.table('account')
  const column = (name: string) => table.columns.find((one) => one.logicalName === name)
  assert.deepEqual(column('name'), {
    logicalName: 'name',
    schemaName: 'name',
    type: 'string',
    label: 'The name',
    required: 'application',
    readable: true,
    creatable: true,
    updatable: true,
    maxLength: 160,
    format: 'Text',
  })
  assert.equal(column('createdon')?.updatable, false)
  assert.equal(column('new_tags')?.type, 'choices')
  assert.equal(column('primarycontactidname')?.attributeOf, 'primarycontactid')
  assert.deepEqual(table.keys, [
    { logicalName: 'accountnumber', columns: ['accountnumber'], active: true },
  ])
})

test('a lookup knows its targets, and its navigation properties in their own case', async (t) => {
  const table = await (await start(t)).client().metadata.table('account')
  const column = table.columns.find((one) => one.logicalName === 'new_customerid')
  assert.deepEqual(column?.targets, ['account', 'contact'])
  assert.deepEqual(column?.navigation, [
    { property: 'new_CustomerId_account', target: 'account' },
    { property: 'new_CustomerId_contact', target: 'contact' },
  ])
  assert.equal(column && propertyOf(column), '_new_customerid_value')
})

test('values are written by a column’s type, a date without time apart', async (t) => {
  const table = await (await start(t)).client().metadata.table('account')
  const types = Object.fromEntries(
    table.columns.map((one) => [one.logicalName, literalTypeOf(one)]),
  )
  assert.equal(types['revenue'], 'decimal')
  assert.equal(types['createdon'], 'datetime')
  assert.equal(types['new_founded'], 'date')
  assert.equal(types['ownerid'], 'guid')
  assert.equal(types['industrycode'], 'int32')
  assert.equal(types['new_notes'], undefined)
})

test('one table is read without the others', async (t) => {
  const server = await start(t)
  await server.client().metadata.table('account')
  const [first, ...others] = server.requests.map(({ path }) => decodeURIComponent(path))
  assert.match(first ?? '', /RetrieveMetadataChanges.*"Value":"account"/)
  assert.ok(others.length > 0 && others.every((path) => path.includes("LogicalName='account'")))
})

test('an environment that refuses the function is not asked for it again', async (t) => {
  const server = await start(t)
  const { metadata } = server.client()
  await metadata.table('account')
  await metadata.tables()
  const asked = server.requests.filter(({ path }) => path.includes('RetrieveMetadataChanges'))
  assert.equal(asked.length, 1)
})

test('a number knows its bounds, a text its format, a date its behaviour, a file its size', async (t) => {
  const table = await (await start(t)).client().metadata.table('account')
  const limits = (name: string) => {
    const { minValue, maxValue, precision, format, dateBehavior, maxSizeKb } =
      table.columns.find(({ logicalName }) => logicalName === name) ?? assert.fail(name)
    return [minValue, maxValue, precision, format, dateBehavior, maxSizeKb]
  }
  const no = undefined
  assert.deepEqual(limits('revenue'), [-100, 1e9, 2, no, no, no])
  assert.deepEqual(limits('numberofemployees'), [0, 1e6, no, 'None', no, no])
  assert.deepEqual(limits('name'), [no, no, no, 'Text', no, no])
  assert.deepEqual(limits('createdon'), [no, no, no, no, 'userLocal', no])
  assert.deepEqual(limits('new_founded'), [no, no, no, 'DateOnly', 'dateOnly', no])
  assert.deepEqual(limits('new_contract'), [no, no, no, no, no, 32768])
})

test('choices come with the column: own, global, yes/no, with their states and languages', async (t) => {
  const table = await (await start(t)).client().metadata.table('account')
  const choices = Object.fromEntries(
    table.columns.flatMap((column) =>
      column.choices === undefined ? [] : [[column.logicalName, column.choices]],
    ),
  )
  assert.deepEqual(choices, {
    donotemail: [
      { value: 0, label: 'Allow' },
      { value: 1, label: 'Do Not Allow' },
    ],
    industrycode: [
      { value: 1, label: 'Accounting' },
      { value: 2, label: 'Agriculture' },
    ],
    statecode: [{ value: 0, label: 'Active', defaultStatus: 1 }],
    statuscode: [{ value: 1, label: 'Active', state: 0 }],
    new_tags: [{ value: 7, label: 'Big', labels: { 1033: 'Big', 1031: 'Groß' } }],
  })
})

test('a column that the Web API does not know is neither readable nor writable', async (t) => {
  const table = await (await start(t)).client().metadata.table('account')
  const column = table.columns.find(({ logicalName }) => logicalName === 'industrycodename')
  assert.deepEqual(
    [column?.readable, column?.creatable, column?.updatable, column?.attributeOf],
    [false, false, false, 'industrycode'],
  )
})

test('what goes with another column and has a property of its own can be read', async (t) => {
  const table = await (await start(t)).client().metadata.table('account')
  const column = (name: string) => table.columns.find(({ logicalName }) => logicalName === name)
  const url = column('entityimage_url')
  assert.deepEqual(
    [url?.readable, url?.updatable, url?.hidden, url?.attributeOf],
    [true, false, true, 'entityimageid'],
  )
  // Where the definition does not tell, the name of a lookup's row counts as no property.
  assert.equal(column('primarycontactidname')?.readable, false)
})

test('a new row has a yes or no, an owner, a state and what the definition gives it', async (t) => {
  const table = await (await start(t)).client().metadata.table('account')
  const filled = table.columns.filter((one) => one.hasDefault).map((one) => one.logicalName)
  assert.deepEqual(filled, ['donotemail', 'industrycode', 'ownerid', 'statecode', 'statuscode'])
})

test('relations to many lead by their navigation property; one with itself leads both ways', async (t) => {
  const table = await (await start(t)).client().metadata.table('account')
  assert.deepEqual(table.oneToMany, [
    {
      schemaName: 'contact_customer_accounts',
      property: 'contact_customer_accounts',
      target: 'contact',
      column: 'parentcustomerid',
    },
  ])
  assert.deepEqual(
    table.manyToMany.map(({ property, target, intersect }) => [property, target, intersect]),
    [
      ['accountleads_association_account2', 'lead', 'accountleads'],
      ['new_Account_Account_account1', 'account', 'new_account_account'],
      ['new_Account_Account_account2', 'account', 'new_account_account'],
    ],
  )
})

test('only those derived types are asked for that the table has', async (t) => {
  const server = await start(t)
  await server.client().metadata.table('account')
  const casts = server.requests.flatMap(
    ({ path }) => /CRM\.(\w+)AttributeMetadata/.exec(path)?.[1] ?? [],
  )
  assert.ok(casts.includes('Money') && casts.includes('File'))
  assert.ok(!casts.includes('Memo') && !casts.includes('Decimal') && !casts.includes('Image'))
})

test('a $metadata document is read as it arrives; one that breaks off is no small model', async (t) => {
  const type = '<EntityType Name="account"/>'
  const whole = `<Edmx Version="4.0"><Schema Namespace="N">${type}</Schema></Edmx>`
  let cut = false
  const server = await startDataverseServer(t, () => ({ body: whole, cut }))
  const { metadata } = server.client()
  const model = await metadata.model()
  assert.deepEqual([...model.entityTypes.keys()], ['account'])
  const [request] = server.requests
  assert.deepEqual(
    [request?.path, request?.headers['accept']],
    ['/api/data/v9.2/$metadata', 'application/xml'],
  )
  cut = true
  await assert.rejects(metadata.model(), { code: 'body_incomplete' })
})

test('an unknown table is unknown_table, and a name that is none never reaches the service', async (t) => {
  const server = await start(t)
  const { metadata } = server.client()
  await assert.rejects(
    metadata.table('nothing'),
    (error) => error instanceof DataverseError && error.code === 'unknown_table',
  )
  const requests = server.requests.length
  await assert.rejects(
    metadata.table("account')/x"),
    (error) => error instanceof DataverseError && error.code === 'invalid_argument',
  )
  assert.equal(server.requests.length, requests)
})
