import assert from 'node:assert/strict'
import { test } from 'node:test'
import { faultError } from './fault-error.ts'

const ID = '01234567-89ab-cdef-0123-456789abcdef'
const url = new URL('https://org1.crm4.dynamics.com/api/data/v9.2/accounts')

const errorOf = (dataverseCode: string, message: string, status = 400) =>
  faultError({ status, form: 'odata', dataverseCode, message }, { method: 'POST', url })

const cases: readonly (readonly [string, string, Record<string, string>, RegExp])[] = [
  [
    '0x80044331',
    "A validation error occurred.  The length of the 'subject' attribute of the 'task' entity exceeded the maximum allowed length of '200'.",
    { column: 'subject', table: 'task', maxLength: '200' },
    /at most 200/,
  ],
  [
    '0x8004431a',
    "A validation error occurred. The value 999 of 'industrycode' on record of type 'account' is outside the valid range. Accepted Values: 1,2",
    { column: 'industrycode', table: 'account' },
    /industrycode/,
  ],
  [
    '0x8004432f',
    "A validation error occurred. The value of 'numberofemployees' on record of type 'account' is outside the valid range.",
    { column: 'numberofemployees', table: 'account' },
    /range/,
  ],
  [
    '0x80060892',
    'Entity Key Account Number violated. A record with the same value for Account Number already exists. A duplicate record cannot be created.',
    { key: 'Account Number', column: 'Account Number' },
    /upsert/,
  ],
  [
    '0x80060891',
    'A record with the specified key values does not exist in contact entity',
    { table: 'contact' },
    /contact/,
  ],
  ['0x80040217', `contact With Id = ${ID} Does Not Exist`, { table: 'contact', id: ID }, /contact/],
  [
    '0x80048d19',
    "Error identified in Payload provided by the user for Entity :'contacts', For more information on this error please follow this help link https://go.microsoft.com/fwlink/?linkid=2195293  ---->  InnerException : Microsoft.OData.ODataException: An undeclared property 'parentcustomerid' which only has property annotations in the payload but no property value was found in the payload.",
    { column: 'parentcustomerid' },
    /navigation property/,
  ],
  [
    '0x0',
    "Could not find a property named 'Name' on type 'Microsoft.Dynamics.CRM.account'.",
    { column: 'Name', table: 'account' },
    /logical name/,
  ],
  [
    '0x80040220',
    `Principal user (Id=${ID}, type=8) is missing prvReadAccount privilege (Id=${ID}) on OTC=1 for entity 'account'. context.Caller=${ID}`,
    { privilege: 'prvReadAccount', table: 'account' },
    /prvReadAccount/,
  ],
  [
    '0x80048306',
    `Principal with id ${ID} does not have ReadAccess right(s) for record with id ${ID} of entity account`,
    { right: 'ReadAccess', id: ID, table: 'account' },
    /Share/,
  ],
]

for (const [code, message, facts, remedy] of cases) {
  test(`an answer with ${code} tells what it is about: ${Object.keys(facts).join(', ')}`, () => {
    const error = errorOf(code, message)
    for (const [name, value] of Object.entries(facts)) assert.equal(error.facts[name], value)
    assert.match(error.explanation.remedy, remedy)
  })
}

test('a file that is too large, and logic that refused, are told by their codes', () => {
  const large = errorOf('0x80044a02', 'Attachment file size is too big.')
  assert.equal(large.code, 'too_large')
  assert.match(large.explanation.remedy, /smaller/)
  assert.match(errorOf('0x80040265', 'No.').explanation.why, /plug-in/)
})

test('what was to be created only if it did not exist is a failed condition, not a conflict', () => {
  const fault = { status: 412, form: 'odata', dataverseCode: '0x80060892' } as const
  const headers = { 'if-none-match': '*' }
  assert.equal(faultError(fault, { method: 'PATCH', url, headers }).code, 'precondition_failed')
  assert.equal(faultError(fault, { method: 'PATCH', url }).code, 'conflict')
})
