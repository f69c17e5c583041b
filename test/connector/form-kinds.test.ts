import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { findEntry } from '../../src/connector/index.ts'
import { collect } from '../../src/dataverse/index.ts'
import { startSandboxClient } from '../dataverse/sandbox-client.ts'
import { runEntry } from './run-entry.ts'
import { flawsOf, told } from './strict-schema.ts'

// One test for each kind of column that is more than a value: written by its form, read by its description.

const { client, sandbox } = await startSandboxClient({ after }, { rows: 10 })
const [organization] = sandbox.description.organizations
await sandbox.admin(`organizations/${organization?.uniqueName}/tables/account/columns`, 'POST', {
  name: 'new_colours',
  type: 'MultiSelectPicklist',
  label: 'Colours',
  choices: [
    { value: 1, label: 'Red' },
    { value: 2, label: 'Blue' },
  ],
})

async function someId(set: string, column: string): Promise<string> {
  const [row] = await collect(client.rows(set, { top: 1, select: [column] }), 1)
  return String(Object(row)[column])
}

const account = await someId('accounts', 'accountid')
const contact = await someId('contacts', 'contactid')
const user = await someId('systemusers', 'systemuserid')

/** Writes a row of what its form describes, and gives it as it came out of a look-up, checked. */
async function written(objectType: string, input: object, look: object = {}) {
  const form = { config: { objectType }, dataverse: client }
  const schema = await findEntry('upsertObject')?.inputSchema(form)
  const wrong = flawsOf(input, { ...schema, anyOf: undefined })
  assert.equal(wrong.length, 0, told(wrong, 'the input is as the form says'))
  const [row] = await runEntry(client, 'upsertObject', { objectType }, input)
  const { primaryIdColumn = '' } = await client.metadata.table(objectType)
  const config = { objectType, termNumber: 1, ...look }
  const term = {
    fieldName: primaryIdColumn,
    condition: 'eq',
    fieldValue: Object(row)[primaryIdColumn],
  }
  const [found] = await runEntry(client, 'lookupObjects', config, { sTerm_1: term })
  const described = await findEntry('lookupObjects')?.outputSchema({ config, dataverse: client })
  const flaws = flawsOf(found, described)
  assert.equal(flaws.length, 0, told(flaws, `a row of ${objectType}`))
  return { id: Object(row)[primaryIdColumn], row: Object(found), described: Object(described) }
}

const roles = (parties: readonly object[]) =>
  parties.map((one) => [
    Object(one).participationtypemask,
    Object(one)._partyid_value ?? Object(one).addressused,
  ])

test('the parties of an e-mail are written by their roles, and come back by expanding one', async () => {
  const { row, described } = await written(
    'email',
    {
      subject: 'Hello',
      from: [{ table: 'systemuser', id: user }],
      to: [{ table: 'contact', id: contact }, 'somebody/else@example.com'],
      cc: [{ table: 'account', id: account }],
      regardingobjectid: { table: 'account', id: account },
    },
    { expandFields: 'to' },
  )
  assert.deepEqual(
    roles(row.email_activity_parties).toSorted(),
    [
      [1, user],
      [2, contact],
      [2, 'somebody/else@example.com'],
      [3, account],
    ].toSorted(),
  )
  assert.equal(row._regardingobjectid_value, account)
  assert.equal(described.properties.email_activity_parties.title, 'Activity parties')
})

test('an update replaces the parties of the roles that it gives, and leaves the others', async () => {
  const look = { expandFields: 'to' }
  const from = [{ table: 'systemuser', id: user }]
  const cc = [{ table: 'account', id: account }, 'copy@example.com']
  const { id } = await written('email', { subject: 'First', from, to: ['old@example.com'], cc })
  const to = [{ table: 'contact', id: contact }, 'new@example.com']
  const { row } = await written('email', { id, subject: 'Second', to }, look)
  assert.equal(row.subject, 'Second')
  assert.deepEqual(
    roles(row.email_activity_parties).toSorted(),
    [
      [1, user],
      [2, contact],
      [2, 'new@example.com'],
      [3, account],
      [3, 'copy@example.com'],
    ].toSorted(),
  )
  const emptied = await written('email', { id, from: null, to: [], cc: [] }, look)
  assert.deepEqual(emptied.row.email_activity_parties, [])
  const fresh = '00000000-0000-4000-8000-00000000beef'
  const created = await written('email', { id: fresh, subject: 'Third', to }, look)
  assert.equal(created.row.email_activity_parties.length, 2)
})

test('nothing of an activity is written where one of its parties cannot be', async () => {
  const { id } = await written('email', { subject: 'Kept', to: ['a@example.com'] })
  const nobody = { table: 'contact', id: '00000000-0000-4000-8000-00000000dead' }
  const row = { id, subject: 'Lost', to: [nobody] }
  await assert.rejects(runEntry(client, 'upsertObject', { objectType: 'email' }, row), {
    code: 'not_found',
  })
  const email = await client.row('emails', id, { select: ['subject'] })
  assert.equal(Object(email).subject, 'Kept')
})

test('those who attend an appointment are its parties', async () => {
  const { row } = await written(
    'appointment',
    {
      subject: 'Meeting',
      scheduledstart: '2026-05-01T09:00:00+02:00',
      scheduledend: '2026-05-01T08:00:00Z',
      organizer: [{ table: 'systemuser', id: user }],
      requiredattendees: [{ table: 'contact', id: contact }],
      optionalattendees: [{ table: 'account', id: account }],
    },
    { expandFields: 'requiredattendees,appointment_activity_parties' },
  )
  assert.deepEqual(roles(row.appointment_activity_parties).toSorted(), [
    [5, contact],
    [6, account],
    [7, user],
  ])
  assert.equal(row.scheduledstart, '2026-05-01T07:00:00Z')
})

test('a lookup to several tables is given with its table; with no id it is emptied', async () => {
  const customer = { table: 'contact', id: contact }
  const owner = { table: 'systemuser', id: user }
  const { id, row } = await written('opportunity', {
    name: 'Deal',
    customerid: customer,
    ownerid: owner,
  })
  assert.deepEqual([row._customerid_value, row._ownerid_value], [contact, user])
  const emptied = await written('opportunity', { id, customerid: { table: 'account', id: null } })
  assert.equal(emptied.row._customerid_value, null)
  await written('opportunity', { name: 'Nobody', customerid: { table: 'account', id: null } })
})

test('what is expanded is described by the table that it is of', async () => {
  const { row, described } = await written(
    'opportunity',
    { name: 'Deal', customerid: { table: 'account', id: account } },
    { expandFields: 'customerid,createdby', selectFields: 'name' },
  )
  assert.equal(row.customerid_account.accountid, account)
  assert.equal(row.customerid_contact, null)
  const { properties } = described
  assert.equal(properties.customerid_account.title, 'Potential Customer (account)')
  assert.equal(properties.createdby.properties.fullname.title, 'Full Name')
  assert.deepEqual(properties.createdby.type, ['object', 'null'])
})

test('an amount brings its currency and its base, also where it alone is selected', async () => {
  const currency = await someId('transactioncurrencies', 'transactioncurrencyid')
  const { row } = await written(
    'account',
    { name: 'Rich', revenue: 12.5, transactioncurrencyid: currency, address1_city: 'Bonn' },
    { selectFields: 'revenue,revenue_base,address1_city' },
  )
  assert.deepEqual([row.revenue, row._transactioncurrencyid_value], [12.5, currency])
  assert.ok(row.revenue_base > 0)
})

test('several choices are given as a list, and come as the numbers between commas', async () => {
  const { id, row, described } = await written('account', { name: 'Bright', new_colours: [2, 1] })
  assert.equal(row.new_colours, '2,1')
  assert.deepEqual(described.properties.new_colours.type, ['string', 'null'])
  const again = await runEntry(
    client,
    'upsertObject',
    { objectType: 'account' },
    {
      id,
      new_colours: row.new_colours,
    },
  )
  assert.equal(Object(again[0]).new_colours, '2,1')
})

test('a whole number of 64 bits comes with all its digits', async () => {
  const image =
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
  const { row } = await written('account', { name: 'Pictured', entityimage: image })
  const { entityimage_timestamp: stamp, entityimage_url: url } = row
  assert.match(stamp, /^\d{18}$/)
  assert.equal(new URL(url, 'https://example.com').searchParams.get('Timestamp'), stamp)
})

test('a status has its options, a file and its name are read only, an image comes when it is selected', async () => {
  const form = { config: { objectType: 'account' }, dataverse: client }
  const input = Object(await findEntry('upsertObject')?.inputSchema(form)).properties
  const output = Object(await findEntry('upsertObject')?.outputSchema(form)).properties
  assert.equal(input.donotemail.description, undefined)
  assert.equal(input.statuscode.enumNames[input.statuscode.enum.indexOf(1)], 'Active')
  assert.equal(input.new_contract, undefined)
  assert.equal(output.new_contract.format, 'uuid')
  assert.equal(output.new_contract_name.readOnly, true)
  assert.match(input.sample_imagecolumn.description, /not with a row that is created/)
  assert.equal(output.sample_imagecolumn, undefined)
  assert.ok(output.entityimage_url && output.entityimage_timestamp)
})
