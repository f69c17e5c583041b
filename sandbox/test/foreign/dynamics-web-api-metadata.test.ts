import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startClient } from './dynamics-web-api.ts'

test('dynamics-web-api calls functions', async (t) => {
  const { client } = await startClient(t, { accounts: 2, contacts: 2 })
  const who = await client.callFunction({ name: 'WhoAmI' })
  assert.match(who.UserId, /^[0-9a-f-]{36}$/)
  const counts = await client.callFunction({
    name: 'RetrieveTotalRecordCount',
    parameters: { EntityNames: ['account', 'contact'] },
  })
  assert.deepEqual(counts.EntityRecordCountCollection.Values, [2, 2])
})

test('dynamics-web-api reads definitions of tables and columns', async (t) => {
  const { client } = await startClient(t, { accounts: 1, contacts: 1 })
  const tables = await client.retrieveEntities({
    select: ['LogicalName', 'EntitySetName'],
    filter: 'ChangeTrackingEnabled eq true',
  })
  const account = tables.value?.find((table) => table.LogicalName === 'account')
  assert.equal(account.EntitySetName, 'accounts')
  const byName = await client.retrieveEntity({
    key: "LogicalName='account'",
    select: ['SchemaName'],
    expand: [{ property: 'Keys', select: ['LogicalName'] }],
  })
  assert.equal(byName.SchemaName, 'Account')
  const entityKey = "LogicalName='account'"
  const columns = await client.retrieveAttributes({ entityKey, select: ['LogicalName'] })
  assert.ok((columns.value?.length ?? 0) > 100)
  const choices = await client.retrieveAttributes({
    entityKey,
    castType: 'Microsoft.Dynamics.CRM.PicklistAttributeMetadata',
    select: ['LogicalName'],
    expand: [{ property: 'OptionSet' }],
  })
  assert.ok(choices.value?.some((column) => column.OptionSet.Options.length > 1))
  const column = await client.retrieveAttribute({
    entityKey,
    attributeKey: "LogicalName='name'",
    castType: 'Microsoft.Dynamics.CRM.StringAttributeMetadata',
    select: ['MaxLength'],
  })
  assert.equal(column.MaxLength, 160)
})

test('dynamics-web-api reads definitions of relationships', async (t) => {
  const { client } = await startClient(t, { accounts: 1, contacts: 1 })
  const { value } = await client.retrieveRelationships({
    castType: 'Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata',
    select: ['SchemaName', 'ReferencedEntity'],
    filter: "ReferencedEntity eq 'account'",
  })
  assert.ok(value?.some(({ SchemaName }) => SchemaName === 'contact_customer_accounts'))
})

test('dynamics-web-api reads the metadata document', async (t) => {
  const { client } = await startClient(t, { accounts: 1, contacts: 1 })
  const document = await client.retrieveCsdlMetadata()
  assert.ok(document.includes('<EntityType Name="account"'))
})

test('dynamics-web-api reads global choices', async (t) => {
  const { client } = await startClient(t, { accounts: 1, contacts: 1 })
  const { value } = await client.retrieveGlobalOptionSets()
  const name = value?.[0]?.Name
  const one = await client.retrieveGlobalOptionSet({ key: `Name='${name}'` })
  assert.equal(one.Name, name)
})
