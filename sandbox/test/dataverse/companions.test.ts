import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRig } from './rig.ts'

// As exported definitions have it: data/README.md of the sandbox names the export.

const SELECT =
  '$select=LogicalName,AttributeOf,AttributeType,IsValidODataAttribute,IsValidForUpdate,IsValidForForm'

async function attributesOf(table: string) {
  const rig = createRig()
  const { json } = await rig.call(`EntityDefinitions(LogicalName='${table}')/Attributes?${SELECT}`)
  const found = new Map<string, readonly unknown[]>()
  for (const one of json.value) {
    const { LogicalName, AttributeOf, AttributeType, IsValidODataAttribute } = one
    found.set(LogicalName, [AttributeType, AttributeOf, IsValidODataAttribute])
  }
  return { found, value: json.value }
}

test('a definition lists the names of lookups’ rows and of choices, which rows do not have', async () => {
  const { found } = await attributesOf('lead')
  assert.deepEqual(found.get('owneridname'), ['String', 'ownerid', false])
  assert.deepEqual(found.get('owneridtype'), ['EntityName', 'ownerid', false])
  assert.deepEqual(found.get('statuscodename'), ['Virtual', 'statuscode', false])
  assert.deepEqual(found.get('ownerid'), ['Owner', null, true])
  const rig = createRig()
  const { status } = await rig.call('leads?$select=owneridname')
  assert.equal(status, 400)
})

test('what goes with an image or a file says so, and rows have it', async () => {
  const { found } = await attributesOf('account')
  assert.deepEqual(found.get('entityimage'), ['Virtual', 'entityimageid', true])
  assert.deepEqual(found.get('entityimage_url'), ['String', 'entityimageid', true])
  assert.deepEqual(found.get('new_contract_name'), ['String', 'new_contract', true])
})

test('an activity lists its parties by their roles, with the tables that they can be of', async () => {
  const { found } = await attributesOf('email')
  for (const role of ['from', 'to', 'cc', 'bcc'])
    assert.deepEqual(found.get(role), ['PartyList', null, false], role)
  const rig = createRig()
  const { json } = await rig.call(
    "EntityDefinitions(LogicalName='email')/Attributes(LogicalName='to')/Microsoft.Dynamics.CRM.LookupAttributeMetadata?$select=Targets",
  )
  assert.ok(json.Targets.includes('contact'))
})

test('columns for machines are on no form', async () => {
  const { value } = await attributesOf('lead')
  const onForms = (name: string) =>
    value.find((one: { LogicalName: string }) => one.LogicalName === name).IsValidForForm
  assert.equal(onForms('importsequencenumber'), false)
  assert.equal(onForms('subject'), true)
})
