import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  accountTable,
  contactTable,
  emailTable,
  partyTable,
  teamTable,
  userTable,
} from '../../../test/support/write-tables.ts'
import { DataverseError } from '../errors/dataverse-error.ts'
import type { InputRow } from './encoding.ts'
import { InvalidRow } from './invalid-row.ts'
import { knownTables } from './known-tables.ts'
import { bulkTarget, type RowEncoderOptions, rowEncoder } from './row-encoder.ts'

const ID = '01234567-89ab-cdef-0123-456789abcdef'
const all = [accountTable, contactTable, emailTable, partyTable, userTable, teamTable]
const tables = knownTables(all, [accountTable, contactTable, emailTable, partyTable])

type Options = Partial<RowEncoderOptions> & { readonly table?: typeof accountTable }

const encoder = ({ table = accountTable, ...options }: Options = {}) =>
  rowEncoder(table, { purpose: 'create', tables, ...options })

const body = (row: InputRow, options: Options = {}) => encoder(options).encode(row).body
const wire = (row: InputRow, options: Options = {}) => JSON.stringify(body(row, options))

const problems = (row: InputRow, options: Options = {}) => {
  try {
    encoder(options).encode(row)
  } catch (error) {
    assert.ok(error instanceof InvalidRow, String(error))
    assert.equal(error.code, 'invalid_row')
    return error.problems
  }
  return assert.fail('The row was taken.')
}

const refused = (row: InputRow, column: string, words: RegExp, options: Options = {}) => {
  const [first, ...others] = problems(row, options)
  assert.deepEqual(others, [])
  assert.equal(first?.column, column)
  assert.match(`${first?.problem} → ${first?.remedy}`, words)
}

test('values of every type become what the wire has', () => {
  assert.deepEqual(
    body({
      name: 'Contoso',
      accountnumber: 17,
      numberofemployees: '42',
      revenue: 0.1 + 0.2,
      new_ratio: '1.50',
      new_latitude: '-1e1',
      donotemail: 'do not allow',
      industrycode: 'accounting',
      new_tags: ['red', 12],
      new_founded: '2026-01-31',
      new_opens: '2026-01-31T09:00:00',
      new_called: new Date('2026-01-31T09:00:00Z'),
      description: null,
      statuscode: 'Inactive',
      entityimage: new Uint8Array([1, 2, 3]),
    }),
    {
      name: 'Contoso',
      accountnumber: '17',
      numberofemployees: 42,
      revenue: 0.3,
      new_ratio: 1.5,
      new_latitude: -10,
      donotemail: true,
      industrycode: 1,
      new_tags: '10,12',
      new_founded: '2026-01-31',
      new_opens: '2026-01-31T09:00:00Z',
      new_called: '2026-01-31T09:00:00Z',
      description: null,
      statuscode: 2,
      entityimage: 'AQID',
    },
  )
})

test('numbers that JavaScript cannot hold keep every digit', () => {
  assert.equal(wire({ new_big: '9223372036854775807' }), '{"new_big":9223372036854775807}')
  assert.equal(wire({ new_big: 2n ** 62n }), '{"new_big":4611686018427387904}')
  assert.equal(wire({ revenue: '12345678901234.5678' }), '{"revenue":12345678901234.5678}')
  assert.equal(wire({ new_ratio: -0.01 }), '{"new_ratio":-0.01}')
  refused({ new_big: 2 ** 60 }, 'new_big', /text of digits/)
  refused({ new_big: '9223372036854775808' }, 'new_big', /range/)
})

test('all that is wrong with a row is told at once', () => {
  const found = problems({
    name: 'x'.repeat(21),
    numberofemployees: -1,
    revenue: 'much',
    new_ratio: 1.234,
    industrycode: 'Agricultur',
    createdon: new Date(),
    nmae: 'Contoso',
  })
  assert.deepEqual(
    found.map(({ column }) => column),
    ['name', 'numberofemployees', 'revenue', 'new_ratio', 'industrycode', 'createdon', 'nmae'],
  )
  assert.match(found[0]?.remedy ?? '', /at most 20/)
  assert.match(found[4]?.remedy ?? '', /^Give one of: Agriculture \(2\), Accounting \(1\)/)
  assert.match(found[6]?.remedy ?? '', /name/)
})

test('a day is never shifted, and a time without a zone is refused where it needs one', () => {
  assert.deepEqual(body({ new_founded: '2026-01-31T00:00:00Z' }), { new_founded: '2026-01-31' })
  refused({ new_founded: '2026-01-31T23:00:00Z' }, 'new_founded', /without a time/)
  refused({ new_founded: '2026-01-31T00:00:00+01:00' }, 'new_founded', /without a time/)
  refused({ new_called: '2026-01-31T09:00:00' }, 'new_called', /time zone/)
  refused({ new_opens: '2026-01-31T09:00:00+01:00' }, 'new_opens', /without a zone/)
  refused({ new_called: '0999-01-31T09:00:00Z' }, 'new_called', /1753/)
  refused({ new_called: 1_700_000_000_000 }, 'new_called', /text such as/)
})

test('a lookup is bound by the navigation property that the service names', () => {
  const bound = { 'primarycontactid@odata.bind': `/contacts(${ID})` }
  for (const value of [
    ID,
    `{${ID.toUpperCase()}}`,
    { id: ID },
    { table: 'contact', id: ID },
    { table: 'contacts', id: ID },
    `/contacts(${ID})`,
    `https://org1.crm4.dynamics.com/api/data/v9.2/contacts(${ID})`,
  ]) {
    assert.deepEqual(body({ primarycontactid: value }), bound, JSON.stringify(value))
    assert.deepEqual(body({ _primarycontactid_value: value }), bound)
    assert.deepEqual(
      encoder({ purpose: 'update' }).encodeBody({ primarycontactid: value }).body,
      bound,
    )
  }
})

test('a lookup may be given by the values of an alternate key, without a request', () => {
  const bound = { 'primarycontactid@odata.bind': "/contacts(new_code='7')" }
  for (const value of [
    { new_code: 7 },
    { key: { new_code: '7' } },
    { table: 'contact', key: { new_code: 7 } },
    '7',
  ]) {
    assert.deepEqual(body({ primarycontactid: value }), bound, JSON.stringify(value))
  }
  refused(
    { primarycontactid: { key: { firstname: 'Joe' } } },
    'primarycontactid',
    /by one of: new_code/,
  )
  refused({ primarycontactid: { key: { new_code: 'a/b' } } }, 'primarycontactid', /\/ < >/)
})

test('a lookup to several tables must say which, and says so itself where it was read', () => {
  assert.deepEqual(body({ new_customerid: { table: 'contact', id: ID } }), {
    'new_CustomerId_contact@odata.bind': `/contacts(${ID})`,
  })
  assert.deepEqual(body({ new_CustomerId_account: ID }), {
    'new_CustomerId_account@odata.bind': `/accounts(${ID})`,
  })
  assert.deepEqual(body({ ownerid: { table: 'team', id: ID } }), {
    'ownerid@odata.bind': `/teams(${ID})`,
  })
  assert.deepEqual(
    body({
      _ownerid_value: ID,
      '_ownerid_value@Microsoft.Dynamics.CRM.lookuplogicalname': 'systemuser',
      '_ownerid_value@OData.Community.Display.V1.FormattedValue': 'Joe',
      '@odata.etag': 'W/"1"',
    }),
    { 'ownerid@odata.bind': `/systemusers(${ID})` },
  )
  refused({ new_customerid: ID }, 'new_customerid', /account, contact/)
  refused({ ownerid: ID }, 'ownerid', /systemuser, team/)
  refused({ primarycontactid: { table: 'team', id: ID } }, 'primarycontactid', /a row of contact/)
})

test('null clears a lookup, and means nothing to a new row', () => {
  assert.deepEqual(body({ primarycontactid: null }), {})
  assert.deepEqual(encoder({ purpose: 'update' }).encodeBody({ primarycontactid: null }).body, {
    'primarycontactid@odata.bind': null,
  })
})

test('a binding in the wrong case becomes the right one, one of no property is refused', () => {
  for (const name of ['new_customerid_CONTACT', 'new_customerid', '_new_customerid_value']) {
    assert.deepEqual(body({ [`${name}@odata.bind`]: `contacts(${ID})` }), {
      'new_CustomerId_contact@odata.bind': `/contacts(${ID})`,
    })
  }
  refused(
    { 'primarycontact@odata.bind': `/contacts(${ID})` },
    'primarycontact@odata.bind',
    /primarycontactid@odata\.bind/,
  )
  refused(
    { 'primarycontactid@odata.bind': `/accounts(${ID})` },
    'primarycontactid@odata.bind',
    /contact/,
  )
})

test('a reference within a change set stays as it is', () => {
  assert.deepEqual(body({ primarycontactid: '$1' }), { 'primarycontactid@odata.bind': '$1' })
})

test('nested rows are encoded by their own table, related ones listed or bound', () => {
  assert.deepEqual(
    body({
      name: 'Contoso',
      primarycontactid: { lastname: 'Smith' },
      contact_customer_accounts: [{ lastname: 'Jones' }, ID, { new_code: 'C1' }],
    }),
    {
      name: 'Contoso',
      primarycontactid: { lastname: 'Smith' },
      contact_customer_accounts: [{ lastname: 'Jones' }],
      'contact_customer_accounts@odata.bind': [`/contacts(${ID})`, "/contacts(new_code='C1')"],
    },
  )
  const nested = { contact_customer_accounts: [{ lastname: 'x'.repeat(11) }] }
  refused(nested, 'contact_customer_accounts[0].lastname', /at most 10/)
  const update: Options = { purpose: 'update' }
  refused({ accountid: ID, ...nested }, 'contact_customer_accounts', /only when/, update)
})

test('the parties of an activity are given by role', () => {
  const row = {
    subject: 'Hello',
    from: { table: 'systemuser', id: ID },
    to: [{ table: 'contact', key: { new_code: 'C1' } }, 'joe@example.org'],
    regardingobjectid: { table: 'account', id: ID },
  }
  assert.deepEqual(body(row, { table: emailTable }), {
    subject: 'Hello',
    email_activity_parties: [
      { 'partyid_systemuser@odata.bind': `/systemusers(${ID})`, participationtypemask: 1 },
      { 'partyid_contact@odata.bind': "/contacts(new_code='C1')", participationtypemask: 2 },
      { addressused: 'joe@example.org', participationtypemask: 2 },
    ],
    'regardingobjectid_account_email@odata.bind': `/accounts(${ID})`,
  })
  refused({ to: [ID] }, 'to[0].partyid', /contact, systemuser/, { table: emailTable })
})

test('a status must belong to the state that is written with it', () => {
  assert.deepEqual(body({ statecode: 1, statuscode: 2 }), { statecode: 1, statuscode: 2 })
  refused({ statecode: 'Active', statuscode: 2 }, 'statuscode', /Active \(1\)/)
})

test('columns that cannot be written are refused by what they are, or skipped', () => {
  refused({ primarycontactidname: 'Joe' }, 'primarycontactidname', /Write primarycontactid/)
  refused({ new_contract: 'x' }, 'new_contract', /upload/)
  refused({ accountid: ID, overriddencreatedon: new Date() }, 'overriddencreatedon', /created/, {
    purpose: 'update',
  })
  assert.deepEqual(body({ name: 'A', createdon: 'x' }, { readOnlyColumns: 'skip' }), { name: 'A' })
  assert.deepEqual(body({ new_newer: { a: [1] } }, { unknownColumns: 'pass' }), {
    new_newer: { a: [1] },
  })
})

test('a row is named by its id, which then is no part of the body', () => {
  const encoded = encoder({ purpose: 'update' }).encode({ accountid: `{${ID}}`, name: 'A' })
  assert.deepEqual(encoded, { body: { name: 'A' }, key: `(${ID})`, id: ID })
  assert.deepEqual(bulkTarget(accountTable, encoded), {
    '@odata.type': 'Microsoft.Dynamics.CRM.account',
    accountid: ID,
    name: 'A',
  })
  refused({ name: 'A' }, 'accountid', /which row/, { purpose: 'upsert' })
})

test('a row is named by an alternate key, whose columns are not repeated in the body', () => {
  const byNumber = encoder({ purpose: 'upsert', key: 'new_number' })
  const encoded = byNumber.encode({ accountnumber: "A'1", name: 'A' })
  assert.deepEqual(encoded, { body: { name: 'A' }, key: "(accountnumber='A''1')" })
  assert.deepEqual(bulkTarget(accountTable, encoded), {
    '@odata.type': 'Microsoft.Dynamics.CRM.account',
    '@odata.id': "accounts(accountnumber='A''1')",
    name: 'A',
  })
  const byPair = encoder({ purpose: 'upsert', key: ['primarycontactid', 'new_code'] })
  assert.equal(
    byPair.encode({ _primarycontactid_value: ID, new_code: '5' }).key,
    `(new_code=5,_primarycontactid_value=${ID})`,
  )
  refused({ name: 'A' }, 'accountnumber', /needs a value/, { purpose: 'upsert', key: 'new_number' })
  assert.throws(
    () => encoder({ key: 'name' }),
    (error) =>
      error instanceof DataverseError && /accountnumber; new_code/.test(error.explanation.remedy),
  )
})

test('whatever a row holds, it is encoded as JSON or refused by name', () => {
  const names = fc.constantFrom(
    ...accountTable.columns.flatMap(({ logicalName }) => [
      logicalName,
      `_${logicalName}_value`,
      `${logicalName}@odata.bind`,
    ]),
    'contact_customer_accounts',
  )
  const values = fc.oneof(
    fc.anything({ withBigInt: true, withDate: true }),
    fc.double(),
    fc.string(),
  )
  fc.assert(
    fc.property(fc.dictionary(names, values), (row) => {
      try {
        const { body } = encoder({ purpose: 'create' }).encode(row)
        JSON.parse(JSON.stringify(body))
      } catch (error) {
        assert.ok(error instanceof InvalidRow, String(error))
        for (const { column, problem, remedy } of error.problems) {
          assert.ok(column !== '' && problem !== '' && remedy !== '')
        }
      }
    }),
    { numRuns: 500 },
  )
})

test('what is no row is refused as such', () => {
  const refuse = (row: unknown) => refused(row as InputRow, 'row', /not an object/)
  for (const none of [null, undefined, [], 'text', 5]) refuse(none)
})

test('a label that several choices have is no choice', () => {
  const choices = [
    { value: 1, label: 'Other' },
    { value: 2, label: 'other ' },
    { value: 3, label: 'Third' },
  ]
  const columns = accountTable.columns.map((column) =>
    column.logicalName === 'industrycode' ? { ...column, choices } : column,
  )
  const table = { ...accountTable, columns }
  refused({ industrycode: 'OTHER' }, 'industrycode', /several choices.*Other \(1\)/, { table })
  assert.deepEqual(body({ industrycode: 'third' }, { table }), { industrycode: 3 })
  assert.deepEqual(body({ industrycode: 2 }, { table }), { industrycode: 2 })
})
