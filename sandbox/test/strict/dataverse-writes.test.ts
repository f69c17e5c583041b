import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { type Call, createRig, type Rig } from '../dataverse/rig.ts'

interface Mistake {
  readonly name: string
  readonly path: string
  readonly call: Call
  readonly status: number
  readonly code: string
  readonly says: string
}

const NOBODY = '00000000-0000-0000-0000-000000000001'
const payload = "Error identified in Payload provided by the user for Entity :'"

const post = (path: string, body: unknown, headers: Record<string, string> = {}) => ({
  path,
  call: { method: 'POST', body, headers },
})

const MISTAKES: readonly Mistake[] = [
  {
    name: 'a column in another case',
    ...post('accounts', { accountNumber: '5' }),
    status: 400,
    code: '0x0',
    says: "Invalid property 'accountNumber' was found in entity 'Microsoft.Dynamics.CRM.account'.",
  },
  {
    name: 'a lookup written as its value',
    ...post('accounts', { _primarycontactid_value: NOBODY }),
    status: 400,
    code: '0x80060888',
    says: 'CRM do not support direct update of Entity Reference properties',
  },
  {
    name: 'a lookup bound by its logical name where it leads to several tables',
    ...post('contacts', { 'parentcustomerid@odata.bind': `/accounts(${NOBODY})` }),
    status: 400,
    code: '0x80048d19',
    says: "An undeclared property 'parentcustomerid'",
  },
  {
    name: 'a bound navigation property in another case',
    ...post('accounts', { 'PrimaryContactId@odata.bind': `/contacts(${NOBODY})` }),
    status: 400,
    code: '0x80048d19',
    says: "An undeclared property 'PrimaryContactId'",
  },
  {
    name: 'a bound logical name instead of the entity set',
    ...post('accounts', { 'primarycontactid@odata.bind': `/contact(${NOBODY})` }),
    status: 400,
    code: '0x80048d19',
    says: payload,
  },
  {
    name: 'a bare id bound',
    ...post('accounts', { 'primarycontactid@odata.bind': NOBODY }),
    status: 400,
    code: '0x80048d19',
    says: payload,
  },
  {
    name: 'a row that is not there bound',
    ...post('accounts', { 'primarycontactid@odata.bind': `/contacts(${NOBODY})` }),
    status: 404,
    code: '0x80040217',
    says: `contact With Id = ${NOBODY} Does Not Exist`,
  },
  {
    name: 'text for a number',
    ...post('accounts', { numberofemployees: 'many' }),
    status: 400,
    code: '0x80048d19',
    says: "Cannot convert the literal 'many' to the expected type 'Edm.Int32'.",
  },
  {
    name: 'a number for text',
    ...post('accounts', { name: 5 }),
    status: 400,
    code: '0x80048d19',
    says: "Cannot convert the literal '5' to the expected type 'Edm.String'.",
  },
  {
    name: 'an amount in quotes',
    ...post('accounts', { revenue: '5.5' }),
    status: 400,
    code: '0x80048d19',
    says: "conflict between input format string/number and parameter 'IEEE754Compatible'",
  },
  {
    name: 'a number for yes or no',
    ...post('accounts', { creditonhold: 1 }),
    status: 400,
    code: '0x80048d19',
    says: "expected type 'Edm.Boolean'",
  },
  {
    name: 'a time for a date',
    ...post('contacts', { birthdate: '1980-05-01T00:00:00Z' }),
    status: 400,
    code: '0x80048d19',
    says: "expected type 'Edm.Date'",
  },
  {
    name: 'a choice by its label',
    ...post('accounts', { industrycode: 'Consulting' }),
    status: 400,
    code: '0x80048d19',
    says: "expected type 'Edm.Int32'",
  },
  {
    name: 'a choice that does not exist',
    ...post('accounts', { industrycode: 4711 }),
    status: 400,
    code: '0x8004431a',
    says: 'The picklist value is out of the range.',
  },
  {
    name: 'a text that is too long',
    ...post('tasks', { subject: 'x'.repeat(201) }),
    status: 400,
    code: '0x80044331',
    says: "A validation error occurred.  The length of the 'subject' attribute of the 'task' entity exceeded the maximum allowed length of '200'.",
  },
  {
    name: 'a whole number out of range',
    ...post('accounts', { numberofemployees: -1 }),
    status: 400,
    code: '0x8004432f',
    says: 'A validation error occurred.',
  },
  {
    name: 'an amount out of range',
    ...post('accounts', { revenue: -1 }),
    status: 400,
    code: '0x80044330',
    says: 'A validation error occurred.',
  },
  {
    name: 'a status reason of another state',
    path: "accounts(accountnumber='A-000001')",
    call: { method: 'PATCH', body: { statecode: 0, statuscode: 2 } },
    status: 400,
    code: '0x80048408',
    says: '2 is not a valid status code for state code AccountState.Active on account with Id ',
  },
  {
    name: 'half a JSON body',
    ...post('accounts', '{"name": "x"'),
    status: 400,
    code: '0x80048d19',
    says: 'Invalid JSON.',
  },
  {
    name: 'an array as the body',
    ...post('accounts', [{ name: 'x' }]),
    status: 400,
    code: '0x80048d19',
    says: "a node of type 'StartObject' was expected",
  },
  {
    name: 'a body of another type',
    ...post('accounts', 'name=x', { 'content-type': 'application/x-www-form-urlencoded' }),
    status: 415,
    code: '',
    says: "media type 'application/x-www-form-urlencoded' is not supported",
  },
  {
    name: 'XML wanted of data',
    path: 'accounts?$top=1',
    call: { headers: { accept: 'application/xml' } },
    status: 415,
    code: '0x80060888',
    says: 'A supported MIME type could not be found',
  },
  {
    name: 'JSON wanted of the metadata document',
    path: '$metadata',
    call: { headers: { accept: 'application/json' } },
    status: 415,
    code: '0x80060888',
    says: 'A supported MIME type could not be found',
  },
  {
    name: 'DELETE of a whole table',
    path: 'accounts',
    call: { method: 'DELETE' },
    status: 405,
    code: '0x80060888',
    says: "does not support http method 'DELETE'",
  },
  {
    name: 'PATCH of a whole table',
    path: 'accounts',
    call: { method: 'PATCH', body: { name: 'x' } },
    status: 405,
    code: '0x80060888',
    says: "does not support http method 'PATCH'",
  },
  {
    name: 'POST to a row',
    path: "accounts(accountnumber='A-000001')",
    call: { method: 'POST', body: { name: 'x' } },
    status: 405,
    code: '0x80060888',
    says: "does not support http method 'POST'",
  },
  {
    name: 'an entity tag without its quotes',
    path: "accounts(accountnumber='A-000001')",
    call: { method: 'PATCH', body: { name: 'x' }, headers: { 'if-match': '1000058' } },
    status: 412,
    code: '0x80060882',
    says: "doesn't match the RowVersion property provided",
  },
  {
    name: 'an id that is taken',
    ...post('accounts', { accountid: NOBODY, name: 'second' }),
    status: 412,
    code: '0x80040237',
    says: 'Cannot insert duplicate key.',
  },
  {
    name: 'an alternate key that is taken, in other letters',
    ...post('accounts', { accountnumber: 'a-000001' }),
    status: 412,
    code: '0x80060892',
    says: 'Entity Key Account Number violated. A record with the same value for Account Number already exists.',
  },
  {
    name: 'a lookup as a single property',
    path: "accounts(accountnumber='A-000001')/_primarycontactid_value",
    call: { method: 'PUT', body: { value: NOBODY } },
    status: 400,
    code: '0x80060888',
    says: 'Use Navigation properties instead.',
  },
  {
    name: 'null for what the system requires',
    path: "accounts(accountnumber='A-000001')",
    call: { method: 'PATCH', body: { statecode: null } },
    status: 400,
    code: '0x80040200',
    says: 'Required field missing.',
  },
]

describe('mistakes in writes are refused', () => {
  let rig: Rig
  before(async () => {
    rig = createRig()
    await rig.call('accounts', { method: 'POST', body: { accountid: NOBODY, name: 'first' } })
  })
  for (const { name, path, call, status, code, says } of MISTAKES) {
    test(name, async () => {
      const before = rig.organization.control.tables().map((table) => table.rows)
      const reply = await rig.call(path, call)
      assert.equal(reply.status, status, reply.text)
      assert.equal(reply.json.error.code, code)
      assert.ok(reply.json.error.message.includes(says), reply.json.error.message)
      assert.deepEqual(
        rig.organization.control.tables().map((table) => table.rows),
        before,
      )
    })
  }
})
