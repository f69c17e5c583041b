import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { ConnectorError, findEntry } from '../../src/connector/index.ts'
import { createMetadataCache } from '../../src/dataverse/index.ts'
import { startDataverseServer } from '../support/dataverse-server.ts'
import { refused, runEntry } from './run-entry.ts'

const parameter = (name: string, type: string, nullable = false) =>
  `<Parameter Name="${name}" Type="${type}" Nullable="${nullable}"/>`

/** A value of every type, as it is given and as it stands in an address. */
const TYPES: Readonly<Record<string, readonly [given: unknown, written: string]>> = {
  Boolean: ['TRUE', 'true'],
  Date: ['2026-01-31', '2026-01-31'],
  DateTimeOffset: ['2026-01-31T13:45:00+01:00', '2026-01-31T12:45:00Z'],
  Decimal: ['1.50', '1.50'],
  Double: [1e21, '1e21'],
  Guid: ['{01234567-89AB-CDEF-0123-456789ABCDEF}', '01234567-89ab-cdef-0123-456789abcdef'],
  Int16: ['7', '7'],
  Int32: [-7, '-7'],
  Int64: ['9007199254740993', '9007199254740993'],
  String: ["O'Neil", "'O''Neil'"],
}

const DOCUMENT = `<?xml version="1.0" encoding="utf-8"?>
<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="Microsoft.Dynamics.CRM" Alias="mscrm" xmlns="http://docs.oasis-open.org/odata/ns/edm">
<EntityType Name="account"><Key><PropertyRef Name="accountid"/></Key><Property Name="accountid" Type="Edm.Guid"/></EntityType>
<EnumType Name="FieldType"><Member Name="All" Value="0"/><Member Name="Create" Value="1"/></EnumType>
<Function Name="WhoAmI"><ReturnType Type="mscrm.WhoAmIResponse"/></Function>
<Function Name="Fill">${parameter('From', 'mscrm.account')}${parameter('Title', 'Edm.String')}${parameter('Kind', 'mscrm.FieldType')}${parameter('Ids', 'Collection(Edm.Guid)', true)}${parameter('Id', 'Edm.Guid', true)}</Function>
<Function Name="Types">${Object.keys(TYPES)
  .map((type) => parameter(type, `Edm.${type}`))
  .join('')}</Function>
<Action Name="Close" IsBound="true">${parameter('entity', 'mscrm.account')}${parameter('Reason', 'Edm.String')}${parameter('Parent', 'mscrm.account', true)}</Action>
<Action Name="Sweep" IsBound="true">${parameter('entities', 'Collection(mscrm.account)')}</Action>
<EntityContainer Name="System"><EntitySet Name="accounts" EntityType="Microsoft.Dynamics.CRM.account"/>
<FunctionImport Name="WhoAmI" Function="Microsoft.Dynamics.CRM.WhoAmI"/><FunctionImport Name="Fill" Function="Microsoft.Dynamics.CRM.Fill"/><FunctionImport Name="Types" Function="Microsoft.Dynamics.CRM.Types"/></EntityContainer>
</Schema></edmx:DataServices></edmx:Edmx>`

const ACCOUNT = {
  LogicalName: 'account',
  EntitySetName: 'accounts',
  PrimaryIdAttribute: 'accountid',
}

const NOT_THERE = { error: { code: '0x80060888', message: 'Could not find an entity' } }

const server = await startDataverseServer({ after }, ({ path }) => {
  if (path.includes('$metadata')) {
    return { headers: { 'content-type': 'application/xml' }, body: DOCUMENT }
  }
  if (path.includes('EntityDefinitions(')) {
    return path.includes("'account'") ? { body: ACCOUNT } : { status: 404, body: NOT_THERE }
  }
  if (path.includes('EntityDefinitions')) return { body: { value: [ACCOUNT] } }
  if (path.includes('Sweep')) return { status: 204 }
  return { body: path.includes('Types') ? [1, 2] : { done: true } }
})
const client = server.client()
const id = '01234567-89ab-cdef-0123-456789abcdef'

/** What comes of a call, and the request that was sent for it. */
async function call(operation: string, input: object = {}) {
  const bodies = await runEntry(client, 'callActionOrFunction', { operation }, input)
  const { method, path, body } = server.requests.at(-1) ?? { method: '', path: '', body: '' }
  const [, search] = path.split('?')
  const own = decodeURIComponent(path.split('/v9.2/')[1] ?? '')
  return { bodies, method, path: own, query: new URLSearchParams(search), body }
}

test('a function is called by its name, and its answer is the message', async () => {
  const { bodies, method, path } = await call('WhoAmI')
  assert.deepEqual([bodies, method, path], [[{ done: true }], 'GET', 'WhoAmI()'])
})

test('parameters of a function are written by their types, and cannot change the address', async () => {
  const From = { table: 'account', id }
  const { path, query } = await call('Fill', {
    parameters: { From, Title: `O'Neil & (${id})`, Kind: 1, Ids: [id] },
  })
  assert.equal(path.split('?')[0], 'Fill(From=@p1,Title=@p2,Kind=@p3,Ids=@p4)')
  assert.deepEqual(
    [...query],
    [
      ['@p1', `{"@odata.id":"accounts(${id})"}`],
      ['@p2', `'O''Neil & (${id})'`],
      ['@p3', "Microsoft.Dynamics.CRM.FieldType'Create'"],
      ['@p4', `["${id}"]`],
    ],
  )
})

test('a parameter of every type is written as OData has it', async () => {
  const given = Object.entries(TYPES).map(([type, [value]]) => [type, value])
  const { query } = await call('Types', { parameters: Object.fromEntries(given) })
  assert.deepEqual(
    [...query.values()],
    Object.values(TYPES).map(([, text]) => text),
  )
})

test('a parameter that may be null is left out where it is', async () => {
  const parameters = { From: { table: 'account', id }, Title: 't', Kind: 'All', Ids: null }
  const { path } = await call('Fill', { parameters })
  assert.equal(path.split('?')[0], 'Fill(From=@p1,Title=@p2,Kind=@p3)')
})

test('an answer that is no object is its value, and none is an empty object', async () => {
  const given = Object.entries(TYPES).map(([type, [value]]) => [type, value])
  const { bodies } = await call('Types', { parameters: Object.fromEntries(given) })
  assert.deepEqual(bodies, [{ value: [1, 2] }])
  assert.deepEqual((await call('account[]/Sweep')).bodies, [{}])
})

test('an action is called on a row or on its table, with rows by their types', async () => {
  const Parent = { table: 'account', id }
  const Reason = { ...Parent, note: 'more than a row' }
  const closed = await call('account/Close', { idValue: id, parameters: { Reason, Parent } })
  assert.deepEqual(
    [closed.method, closed.path],
    ['POST', `accounts(${id})/Microsoft.Dynamics.CRM.Close`],
  )
  const type = 'Microsoft.Dynamics.CRM.account'
  assert.deepEqual(JSON.parse(closed.body), {
    Reason,
    Parent: { '@odata.type': type, accountid: id },
  })
  assert.equal((await call('account[]/Sweep')).path, 'accounts/Microsoft.Dynamics.CRM.Sweep')
})

test('an operation is found by its whole name, and one that is nearly right is suggested', async () => {
  assert.equal((await call('Microsoft.Dynamics.CRM.WhoAmI')).path, 'WhoAmI()')
  await assert.rejects(call('WhoAmY'), (error) => {
    assert.ok(error instanceof ConnectorError)
    assert.match(error.explanation.remedy, /Did you mean WhoAmI\?/)
    return true
  })
})

test('what is not there or does not fit is named', async () => {
  const values = { From: { table: 'account', id }, Title: 't', Kind: 'All' }
  const fill = (parameters: object) => call('Fill', { parameters: { ...values, ...parameters } })
  await refused(call('Close'), 'operation', 'invalid_field')
  await refused(call(''), 'operation', 'missing_field')
  await refused(call('WhoAmI', { parameters: { x: 1 } }), 'parameters.x', 'invalid_field')
  await refused(call('WhoAmI', { parameters: 'x' }), 'parameters', 'invalid_field')
  await refused(call('WhoAmI', { idValue: 'x' }), 'idValue', 'invalid_field')
  await refused(call('WhoAmI', { idValue: id }), 'idValue', 'invalid_field')
  await refused(call('account/Close', {}), 'idValue', 'missing_field')
  const Parent = { table: 'acount', id }
  const close = call('account/Close', { idValue: id, parameters: { Reason: 'x', Parent } })
  await refused(close, 'parameters.Parent', 'unknown_table')
  await refused(fill({ Kind: 'Nothing' }), 'parameters.Kind', 'invalid_field')
  await refused(fill({ Ids: id }), 'parameters.Ids', 'invalid_field')
  await refused(fill({ Id: 'x' }), 'parameters.Id', 'invalid_field')
  await refused(fill({ Title: undefined }), 'parameters.Title', 'missing_field')
})

test('the actions and functions can be searched, and their parameters are described', async () => {
  const entry = findEntry('callActionOrFunction')
  const context = { config: {}, dataverse: client, limit: 10, search: 'account' }
  const options = await entry?.options('operation', context)
  assert.deepEqual(
    options?.map(({ value }) => value),
    ['account[]/Sweep', 'account/Close'],
  )
  const schemaOf = async (operation: string) =>
    Object(await entry?.inputSchema({ config: { operation }, dataverse: client }))
  const fill = await schemaOf('Fill')
  const { required, properties } = fill.properties.parameters
  assert.deepEqual([fill.required, required], [['parameters'], ['From', 'Title', 'Kind']])
  assert.deepEqual(properties.Kind.enum, ['All', 'Create'])
  assert.deepEqual([properties.Ids.type, properties.Ids.items.format], ['array', 'uuid'])
  assert.deepEqual((await schemaOf('account/Close')).required, ['idValue', 'parameters'])
})

test('with a cache the definitions are read for the first call only, and anew before one is unknown', async () => {
  const metadataCache = createMetadataCache({ maxEntries: 10 })
  const cached = server.client({ metadataCache })
  const documents = async (operation: string, input: object = {}) => {
    const before = server.requests.length
    const run = runEntry(cached, 'callActionOrFunction', { operation }, input)
    const code = await run.then(
      () => 'done',
      (error) => error.code,
    )
    const asked = server.requests.slice(before)
    return [code, asked.filter(({ path }) => path.includes('$metadata')).length]
  }
  assert.deepEqual(await documents('WhoAmI'), ['done', 1])
  assert.deepEqual(await documents('WhoAmI'), ['done', 0])
  assert.deepEqual(await documents('account[]/Sweep'), ['done', 0])
  assert.deepEqual(await documents('WhoAmI', { parameters: { Other: 1 } }), ['invalid_field', 1])
  // As if it had been kept before the environment had any operation.
  const older = {
    ...metadataCache,
    read: async (key: string) => {
      const kept = await metadataCache.read(key)
      if (kept === undefined || !key.endsWith(' operations')) return kept
      return { ...kept, value: { ...Object(kept).value, operations: [] } }
    },
  }
  const bodies = await runEntry(
    server.client({ metadataCache: older }),
    'callActionOrFunction',
    { operation: 'WhoAmI' },
    {},
  )
  assert.deepEqual(bodies, [{ done: true }])
})
