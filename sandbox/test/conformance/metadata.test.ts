import assert from 'node:assert/strict'
import { test } from 'node:test'
import { API, createSample } from './fixtures.ts'

test('example 67: a message is available for a table when its filter exists', async () => {
  const { call } = await createSample()
  const ask = (table: string) =>
    call(
      `sdkmessagefilters?$select=sdkmessagefilterid&$filter=sdkmessageid/name eq @message and primaryobjecttypecode eq @table&@message='CreateMultiple'&@table='${table}'`,
    )
  assert.equal((await ask('account')).json.value.length, 1)
  assert.equal((await ask('systemuser')).json.value.length, 0)
})

test('example 72: the alternate keys of every table', async () => {
  const { call } = await createSample()
  const { json } = await call(
    'EntityDefinitions?$select=SchemaName&$expand=Keys($select=KeyAttributes)',
  )
  const account = json.value.find((table: { SchemaName: string }) => table.SchemaName === 'Account')
  assert.deepEqual(Object.keys(account).toSorted(), ['Keys', 'MetadataId', 'SchemaName'])
  assert.equal(account.Keys.length, 1)
  assert.deepEqual(account.Keys[0].KeyAttributes, ['accountnumber'])
  assert.deepEqual(Object.keys(account.Keys[0]).toSorted(), ['KeyAttributes', 'MetadataId'])
})

test('example 73: chosen properties of one definition, its id always with them', async () => {
  const { call } = await createSample()
  const { json } = await call(
    "EntityDefinitions(LogicalName='account')?$select=DisplayName,IsKnowledgeManagementEnabled,EntitySetName",
  )
  assert.equal(json.EntitySetName, 'accounts')
  assert.equal(json.IsKnowledgeManagementEnabled, false)
  assert.match(json.MetadataId, /^[0-9a-f-]{36}$/)
  assert.equal('@odata.etag' in json, false)
  assert.deepEqual(Object.keys(json.DisplayName), ['LocalizedLabels', 'UserLocalizedLabel'])
  const { Label, LanguageCode, IsManaged, HasChanged } = json.DisplayName.UserLocalizedLabel
  assert.deepEqual([Label, LanguageCode, IsManaged, HasChanged], ['Account', 1033, true, null])
})

test('example 73: definitions filtered by an enumeration, a complex value and a required level', async () => {
  const { call } = await createSample()
  const owned = await call(
    "EntityDefinitions?$select=LogicalName&$filter=OwnershipType eq Microsoft.Dynamics.CRM.OwnershipTypes'UserOwned'",
  )
  const names = owned.json.value.map((table: { LogicalName: string }) => table.LogicalName)
  assert.ok(names.includes('account') && !names.includes('systemuser'))
  const complex = await call(
    'EntityDefinitions?$select=LogicalName&$filter=CanCreateAttributes/Value eq true',
  )
  assert.equal(complex.status, 200)
  const required = await call(
    "EntityDefinitions(LogicalName='account')/Attributes?$select=SchemaName&$filter=RequiredLevel/Value eq Microsoft.Dynamics.CRM.AttributeRequiredLevel'ApplicationRequired'",
  )
  assert.deepEqual(
    required.json.value.map((column: { SchemaName: string }) => column.SchemaName),
    ['Name'],
  )
})

test('example 73: choices of all picklists by a cast', async () => {
  const { call } = await createSample()
  const { json } = await call(
    "EntityDefinitions(LogicalName='account')/Attributes/Microsoft.Dynamics.CRM.PicklistAttributeMetadata?$select=LogicalName&$expand=OptionSet,GlobalOptionSet",
  )
  const day = json.value.find(
    (column: { LogicalName: string }) => column.LogicalName === 'preferredappointmentdaycode',
  )
  assert.equal(day.GlobalOptionSet, null)
  assert.equal(day.OptionSet.Name, 'account_preferredappointmentdaycode')
  assert.equal(day.OptionSet.OptionSetType, 'Picklist')
  const [sunday] = day.OptionSet.Options
  assert.equal(sunday.Value, 0)
  assert.equal(sunday.Label.UserLocalizedLabel.Label, 'Sunday')
})

test('example 73: the options of one attribute, by its id', async () => {
  const { call } = await createSample()
  const found = await call(
    "EntityDefinitions(LogicalName='account')/Attributes(LogicalName='preferredappointmentdaycode')?$select=LogicalName",
  )
  const { json } = await call(
    `EntityDefinitions(LogicalName='account')/Attributes(${found.json.MetadataId})/Microsoft.Dynamics.CRM.PicklistAttributeMetadata/OptionSet?$select=Options`,
  )
  assert.equal(json.Options.length, 7)
  assert.match(json.MetadataId, /^[0-9a-f-]{36}$/)
})

test('example 74: WhoAmI tells user, business unit and organization', async () => {
  const { call } = await createSample()
  for (const path of ['WhoAmI', 'WhoAmI()']) {
    const { status, json } = await call(path)
    assert.equal(status, 200)
    assert.equal(json['@odata.context'], `${API}/$metadata#Microsoft.Dynamics.CRM.WhoAmIResponse`)
    assert.deepEqual(Object.keys(json).slice(1), ['BusinessUnitId', 'UserId', 'OrganizationId'])
  }
})

test('example 73: relationships, their kind by a cast, filtered by what only that kind has', async () => {
  const { call } = await createSample()
  const all = await call('RelationshipDefinitions?$select=SchemaName')
  assert.ok(all.json.value.length > 100)
  assert.ok('@odata.type' in all.json.value[0])
  const cast = 'RelationshipDefinitions/Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata'
  const found = await call(`${cast}?$select=SchemaName&$filter=ReferencedEntity eq 'account'`)
  const same = await call(
    "EntityDefinitions(LogicalName='account')/OneToManyRelationships?$select=SchemaName",
  )
  assert.deepEqual(found.json.value, same.json.value)
  const base = await call("RelationshipDefinitions?$filter=ReferencedEntity eq 'account'")
  assert.equal(base.status, 400)
  const many = await call(
    'RelationshipDefinitions/Microsoft.Dynamics.CRM.ManyToManyRelationshipMetadata?$select=SchemaName,IntersectEntityName',
  )
  assert.ok(
    many.json.value.some(
      (one: { SchemaName: string; IntersectEntityName: string }) =>
        one.SchemaName === 'accountleads_association' && one.IntersectEntityName === 'accountleads',
    ),
  )
})

test('example 73: global choices by name and by id, never filtered', async () => {
  const { call } = await createSample()
  const all = await call('GlobalOptionSetDefinitions')
  const [first] = all.json.value
  const byName = await call(`GlobalOptionSetDefinitions(Name='${first.Name}')`)
  assert.equal(byName.json.Options.length, first.Options.length)
  const byId = await call(`GlobalOptionSetDefinitions(${first.MetadataId})?$select=Name`)
  assert.equal(byId.json.Name, first.Name)
  assert.equal((await call("GlobalOptionSetDefinitions?$filter=Name eq 'x'")).status, 400)
  assert.equal((await call('GlobalOptionSetDefinitions?$select=Options')).status, 400)
  const column = await call(
    "EntityDefinitions(LogicalName='lead')/Attributes(LogicalName='budgetstatus')/Microsoft.Dynamics.CRM.PicklistAttributeMetadata?$select=LogicalName&$expand=OptionSet,GlobalOptionSet",
  )
  assert.equal(column.json.OptionSet, null)
  assert.equal(column.json.GlobalOptionSet.Name, 'budgetstatus')
})

test('example 73: an expanded set of choices tells its own context', async () => {
  const { call } = await createSample()
  const cast = 'Microsoft.Dynamics.CRM.PicklistAttributeMetadata'
  const table = await call("EntityDefinitions(LogicalName='account')?$select=LogicalName")
  const column = await call(
    `EntityDefinitions(LogicalName='account')/Attributes/${cast}(LogicalName='preferredappointmentdaycode')?$select=LogicalName`,
  )
  const [tableId, columnId] = [table.json.MetadataId, column.json.MetadataId]
  const { json } = await call(
    `EntityDefinitions(LogicalName='account')/Attributes(${columnId})/${cast}?$select=LogicalName&$expand=OptionSet`,
  )
  const place = `${API}/$metadata#EntityDefinitions(${tableId})/Attributes`
  assert.equal(json['@odata.context'], `${place}/${cast}(LogicalName,OptionSet)/$entity`)
  assert.equal(json['OptionSet@odata.context'], `${place}(${columnId})/${cast}/OptionSet/$entity`)
  assert.deepEqual(Object.keys(json), [
    '@odata.context',
    'LogicalName',
    'MetadataId',
    'OptionSet@odata.context',
    'OptionSet',
  ])
})
