import assert from 'node:assert/strict'
import { test } from 'node:test'
import { API, createRig, type Rig } from './rig.ts'

const CONTACT_PICKLISTS = {
  Properties: { AllProperties: false, PropertyNames: ['SchemaName', 'Attributes'] },
  Criteria: {
    FilterOperator: 'And',
    Conditions: [
      {
        ConditionOperator: 'Equals',
        PropertyName: 'LogicalName',
        Value: { Type: 'System.String', Value: 'contact' },
      },
    ],
  },
  AttributeQuery: {
    Properties: { AllProperties: false, PropertyNames: ['OptionSet', 'AttributeType'] },
    Criteria: {
      FilterOperator: 'And',
      Conditions: [
        {
          ConditionOperator: 'Equals',
          PropertyName: 'AttributeType',
          Value: { Type: 'Microsoft.Xrm.Sdk.Metadata.AttributeTypeCode', Value: 'Picklist' },
        },
      ],
    },
  },
  LabelQuery: { FilterLanguages: [1033], MissingLabelBehavior: 0 },
}

function ask(rig: Rig, query: unknown, stamp?: string, filters = 'All') {
  const more = stamp
    ? `,ClientVersionStamp=@p2,DeletedMetadataFilters=@p3)?@p2='${encodeURIComponent(stamp)}'&@p3=Microsoft.Dynamics.CRM.DeletedMetadataFilters'${filters}'&`
    : ')?'
  return rig.call(
    `RetrieveMetadataChanges(Query=@p1${more}@p1=${encodeURIComponent(JSON.stringify(query))}`,
  )
}

test('a query gets all derived types in one answer, what was not asked for as null', async () => {
  const rig = createRig()
  const { status, json } = await ask(rig, CONTACT_PICKLISTS)
  assert.equal(status, 200)
  assert.equal(
    json['@odata.context'],
    `${API}/$metadata#Microsoft.Dynamics.CRM.RetrieveMetadataChangesResponse`,
  )
  assert.match(json.ServerVersionStamp, /^\d+!06\/15\/2026 12:00:00$/)
  assert.deepEqual(json.DeletedMetadata, { Count: 0, IsReadOnly: false, Keys: [], Values: [] })
  assert.equal(json.EntityMetadata.length, 1)
  const [contact] = json.EntityMetadata
  assert.equal(contact.SchemaName, 'Contact')
  assert.equal(contact.LogicalName, 'contact')
  assert.equal(contact.EntitySetName, null)
  assert.deepEqual(contact.Keys, [])
  const gender = contact.Attributes.find(
    (column: { LogicalName: string }) => column.LogicalName === 'gendercode',
  )
  assert.equal(gender['@odata.type'], '#Microsoft.Dynamics.CRM.ComplexPicklistAttributeMetadata')
  assert.equal(gender.SchemaName, null)
  assert.equal(gender.OptionSet.Options[0].Label.UserLocalizedLabel.Label, 'Male')
})

test('with a stamp only what changed comes, and what is gone is named', async () => {
  const rig = createRig()
  const { control } = rig.organization
  const first = (await ask(rig, CONTACT_PICKLISTS)).json.ServerVersionStamp
  const nothing = await ask(rig, CONTACT_PICKLISTS, first)
  assert.deepEqual(nothing.json.EntityMetadata, [])
  control.addColumn('contact', {
    name: 'new_mood',
    type: 'Picklist',
    choices: [{ value: 1, label: 'Sunny' }],
  })
  const added = await ask(rig, CONTACT_PICKLISTS, first)
  assert.deepEqual(
    added.json.EntityMetadata.map((table: { HasChanged: boolean; Attributes: unknown[] }) => [
      table.HasChanged,
      table.Attributes.map((one) => (one as { LogicalName: string }).LogicalName),
    ]),
    [[false, ['new_mood']]],
  )
  const id = added.json.EntityMetadata[0].Attributes[0].MetadataId
  control.removeColumn('contact', 'new_mood')
  const gone = await ask(rig, CONTACT_PICKLISTS, added.json.ServerVersionStamp)
  assert.deepEqual(gone.json.EntityMetadata, [])
  assert.deepEqual(gone.json.DeletedMetadata, {
    Count: 1,
    IsReadOnly: false,
    Keys: ['Attribute'],
    Values: [{ Items: [id] }],
  })
  const unasked = await ask(rig, CONTACT_PICKLISTS, added.json.ServerVersionStamp, 'OptionSet')
  assert.equal(unasked.json.DeletedMetadata.Count, 0)
})

test('a stamp is good for ninety days', async () => {
  const rig = createRig()
  const { ServerVersionStamp } = (await ask(rig, CONTACT_PICKLISTS)).json
  const stale = ServerVersionStamp.replace('2026', '2025')
  assert.equal((await ask(rig, CONTACT_PICKLISTS, ServerVersionStamp)).status, 200)
  const refused = await ask(rig, CONTACT_PICKLISTS, stale)
  assert.equal(refused.json.error.code, '0x80044352')
  assert.equal(
    refused.json.error.message,
    'Version stamp associated with the client has expired. Please perform a full sync.',
  )
})

test('a changed schema shows everywhere at once', async () => {
  const rig = createRig()
  const version = async () =>
    (
      await rig.call('accounts?$top=1&$select=name', {
        headers: {
          prefer: 'odata.include-annotations="Microsoft.Dynamics.CRM.globalmetadataversion"',
        },
      })
    ).json['@Microsoft.Dynamics.CRM.globalmetadataversion']
  const before = await version()
  rig.organization.control.addColumn('account', { name: 'new_size', type: 'Integer' })
  assert.notEqual(await version(), before)
  const made = await rig.call('accounts', { method: 'POST', body: { name: 'x', new_size: 5 } })
  assert.equal(made.status, 204)
  const { json } = await rig.call('accounts?$select=new_size&$filter=new_size eq 5')
  assert.equal(json.value[0].new_size, 5)
  const { text } = await rig.call('$metadata', { headers: { accept: 'application/xml' } })
  assert.ok(text.includes('<Property Name="new_size" Type="Edm.Int32" />'))
  const defined = await rig.call(
    "EntityDefinitions(LogicalName='account')/Attributes(LogicalName='new_size')",
  )
  assert.equal(defined.json.AttributeType, 'Integer')
  rig.organization.control.removeColumn('account', 'new_size')
  assert.equal((await rig.call('accounts?$select=new_size')).status, 400)
})

test('a query of definitions says what is wrong with it', async () => {
  const rig = createRig()
  const mistakes = [
    { Criteria: { Conditions: [{ PropertyName: 'Nothing', ConditionOperator: 'Equals' }] } },
    { Criteria: { Conditions: [{ PropertyName: 'LogicalName', ConditionOperator: 'Like' }] } },
    { Criteria: { FilterOperator: 'Xor' } },
    { Attributequery: {} },
  ]
  for (const query of mistakes) {
    const { status, json } = await ask(rig, query)
    assert.equal(status, 400)
    assert.equal(json.error.code, '0x80040203')
  }
  assert.equal((await rig.call('RetrieveMetadataChanges(Query=5)')).status, 400)
})
