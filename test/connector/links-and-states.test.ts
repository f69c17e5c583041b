import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { findEntry } from '../../src/connector/index.ts'
import { collect, InvalidRow } from '../../src/dataverse/index.ts'
import { startSandboxClient } from '../dataverse/sandbox-client.ts'
import { refused, runEntry } from './run-entry.ts'

const { client } = await startSandboxClient({ after }, { rows: 5 })

const first = async (set: string, id: string) =>
  String(Object((await collect(client.rows(set, { top: 1 }), 1))[0])[id])
const account = await first('accounts', 'accountid')
const contact = await first('contacts', 'contactid')
const lead = (await client.create('lead', { lastname: 'Lead', subject: 'S' })).id

const link = (name: string, relationship: string, relatedIdValue?: unknown) =>
  runEntry(
    client,
    name,
    { objectType: 'account', relationship },
    { idValue: account, relatedIdValue },
  )
const associate = (relationship: string, related?: unknown) =>
  link('associateObjects', relationship, related)
const disassociate = (relationship: string, related?: unknown) =>
  link('disassociateObjects', relationship, related)

const primary = async () => (await client.row('accounts', account))['_primarycontactid_value']

test('a lookup is linked and cleared', async () => {
  const linked = await associate('primarycontactid', `{${contact}}`)
  assert.deepEqual(linked, [{ id: account, relatedId: contact }])
  assert.equal(await primary(), contact)
  assert.deepEqual(await disassociate('primarycontactid'), [{ id: account }])
  assert.equal(await primary(), null)
})

test('rows of a many-to-many relationship are linked and parted', async () => {
  const leads = async () => {
    const expand = [{ property: 'accountleads_association', select: ['leadid'] }]
    return Object(await client.row('accounts', account, { expand })).accountleads_association.length
  }
  await associate('accountleads_association', lead)
  assert.equal(await leads(), 1)
  await disassociate('accountleads_association', lead)
  assert.equal(await leads(), 0)
  await refused(disassociate('accountleads_association'), 'relatedIdValue', 'missing_field')
})

test('what is no relationship or id is named', async () => {
  await refused(associate('nothing', contact), 'relationship', 'invalid_field')
  await refused(associate('', contact), 'relationship', 'missing_field')
  await refused(associate('primarycontactid', 'x'), 'relatedIdValue', 'invalid_field')
  await refused(associate('primarycontactid'), 'relatedIdValue', 'missing_field')
})

test('the relationships of a table can be searched', async () => {
  const ask = (search: string) =>
    findEntry('associateObjects')?.options('relationship', {
      config: { objectType: 'account' },
      dataverse: client,
      limit: 10,
      search,
    })
  const leads = (await ask('lead'))?.find(({ value }) => value === 'accountleads_association')
  assert.equal(leads?.label, 'accountleads_association (many of lead)')
  const primary = (await ask('primary'))?.find(({ value }) => value === 'primarycontactid')
  assert.equal(primary?.label, 'primarycontactid (contact)')
  assert.deepEqual(await ask('createdby'), [], 'what nobody can write is no way to link')
})

async function setState(input: object) {
  const [row] = await runEntry(client, 'setObjectState', { objectType: 'account' }, input)
  return Object(row)
}

test('a state is set by number or label, or by its status reason alone', async () => {
  assert.equal((await setState({ idValue: account, state: 'Inactive' })).statecode, 1)
  assert.equal((await setState({ idValue: account, state: 0, status: '1' })).statecode, 0)
  assert.equal((await setState({ idValue: account, status: 2 })).statecode, 1)
})

test('a state that is none is named, and so is one that its status does not fit', async () => {
  const asleep = setState({ idValue: account, state: 'Asleep' })
  await refused(asleep, 'state', 'invalid_field')
  await assert.rejects(asleep, ({ cause }) => cause instanceof InvalidRow)
  await refused(setState({ idValue: account, status: 'Asleep' }), 'status', 'invalid_field')
  await refused(setState({ idValue: account, state: 0, status: 2 }), 'status', 'invalid_field')
  await refused(setState({ idValue: account }), 'state', 'invalid_field')
  await refused(setState({ idValue: account, state: {} }), 'state', 'invalid_field')
  await refused(setState({ state: 0 }), 'idValue', 'missing_field')
})

test('the form of a state lists the states and status reasons of the table', async () => {
  const form = { config: { objectType: 'account' }, dataverse: client }
  const { properties } = Object(await findEntry('setObjectState')?.inputSchema(form))
  assert.deepEqual(properties.state.enumNames, ['Active', 'Inactive'])
  assert.deepEqual(properties.status.enum, [1, 2])
})
