import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRig } from '../dataverse/rig.ts'
import { API } from './fixtures.ts'

const FORMATTED = 'OData.Community.Display.V1.FormattedValue'
const ASYNC = { prefer: 'respond-async,odata.include-annotations="*"' }
const SMALL = { accounts: 2, contacts: 0 }

test('example 80: a request is accepted and names where its outcome will be', async () => {
  const { call } = createRig(SMALL)
  const { status, headers, json } = await call('WhoAmI', { headers: ASYNC })
  assert.equal(status, 200)
  assert.equal(headers['preference-applied'], 'respond-async')
  assert.equal(headers['content-type'], 'application/json; odata.metadata=minimal')
  const id = json.backgroundOperationId
  assert.deepEqual(json, {
    backgroundOperationId: id,
    [`backgroundOperationStateCode@${FORMATTED}`]: 'Ready',
    backgroundOperationStateCode: 0,
    [`backgroundOperationStatusCode@${FORMATTED}`]: 'Waiting For Resources',
    backgroundOperationStatusCode: 0,
    location: `${API}/backgroundoperations(${id})`,
  })
  const outcome = await call(json.location)
  assert.equal(outcome.json.name, 'WhoAmI')
  assert.match(outcome.json.outputparameters, /"UserId":/)
})

test('an operation that fails is accepted, and tells of it later', async () => {
  const rig = createRig(SMALL)
  const { call, organization } = rig
  organization.control.setSwitches({ acceptedStatus: 202 })
  const target = { '@odata.type': 'Microsoft.Dynamics.CRM.account', name: 'x'.repeat(200) }
  const accepted = await call('accounts/Microsoft.Dynamics.CRM.CreateMultiple', {
    method: 'POST',
    body: { Targets: [{ ...target, name: 'Planted' }, target] },
    headers: { prefer: 'respond-async' },
  })
  assert.equal(accepted.status, 202)
  assert.equal(accepted.json[`backgroundOperationStateCode@${FORMATTED}`], undefined)
  const { json } = await call(
    `${accepted.json.location}?$select=errorcode,errormessage,outputparameters,retrycount,ttlinseconds`,
  )
  assert.equal(json.errorcode, -2147204303)
  assert.match(json.errormessage, /exceeded the maximum allowed length of '160'/)
  assert.deepEqual([json.outputparameters, json.ttlinseconds], [null, 7_776_000])
  const made = await call("accounts?$select=name&$filter=name eq 'Planted'")
  assert.deepEqual(made.json.value, [])
})

test('what nobody asked for is not found, nor a column that there is not', async () => {
  const { call } = createRig(SMALL)
  const missing = await call('backgroundoperations(00000000-0000-0000-0000-000000000001)')
  assert.deepEqual([missing.status, missing.json.error.code], [404, '0x80040217'])
  const { json } = await call('WhoAmI', { headers: ASYNC })
  assert.equal((await call(`${json.location}?$select=outcome`)).json.error.code, '0x0')
})
