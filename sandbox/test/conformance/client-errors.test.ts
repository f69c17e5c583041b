import assert from 'node:assert/strict'
import { test } from 'node:test'
import { API, createSample } from './fixtures.ts'

test('example 63: a wrong segment', async () => {
  const { call } = await createSample()
  const { status, json } = await call('Account')
  assert.equal(status, 404)
  assert.deepEqual(json.error, {
    code: '0x8006088a',
    message: "Resource not found for the segment 'Account'.",
  })
})

test('example 63: a wrong property in $select', async () => {
  const { call } = await createSample()
  const { status, json } = await call('accounts?$select=Name')
  assert.equal(status, 400)
  assert.deepEqual(json.error, {
    code: '0x0',
    message: "Could not find a property named 'Name' on type 'Microsoft.Dynamics.CRM.account'.",
  })
})

test('example 63: a wrong verb for a function', async () => {
  const { call } = await createSample()
  const { status, json } = await call('WhoAmI', { method: 'POST', body: {} })
  assert.equal(status, 404)
  assert.deepEqual(json.error, {
    code: '',
    message: `No HTTP resource was found that matches the request URI '${API}/WhoAmI'.`,
  })
})

test('example 63: a wrong property in a body', async () => {
  const { call } = await createSample()
  const { status, json } = await call('accounts', {
    method: 'POST',
    body: { Name: 'Account name' },
  })
  assert.equal(status, 400)
  assert.equal(json.error.code, '0x0')
  assert.ok(
    json.error.message.startsWith(
      "An error occurred while validating input parameters: Microsoft.Crm.CrmException: Invalid property 'Name' was found in entity 'Microsoft.Dynamics.CRM.account'. ---> Microsoft.OData.ODataException: Does not support untyped value in non-open type.",
    ),
  )
})

test('example 63: an undeclared navigation property', async () => {
  const { call, litware } = await createSample()
  const { status, json } = await call('contacts', {
    method: 'POST',
    body: {
      firstname: 'test',
      lastname: 'contact',
      'parentcustomerid@odata.bind': `accounts(${litware})`,
    },
  })
  assert.equal(status, 400)
  assert.equal(json.error.code, '0x80048d19')
  assert.ok(
    json.error.message.startsWith(
      "Error identified in Payload provided by the user for Entity :'contacts'",
    ),
  )
  assert.ok(
    json.error.message.includes(
      "InnerException : Microsoft.OData.ODataException: An undeclared property 'parentcustomerid' which only has property annotations in the payload but no property value was found in the payload.",
    ),
  )
})
