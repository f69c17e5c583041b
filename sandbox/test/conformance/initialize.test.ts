import assert from 'node:assert/strict'
import { test } from 'node:test'
import { API, createSample, type Sample } from './fixtures.ts'

function initialize(sample: Sample, id: string, target: string, type = 'ValidForCreate') {
  return sample.call(
    `InitializeFrom(EntityMoniker=@p1,TargetEntityName=@p2,TargetFieldType=@p3)?@p1={'@odata.id':'accounts(${id})'}&@p2='${target}'&@p3=Microsoft.Dynamics.CRM.TargetFieldType'${type}'`,
  )
}

test('example 40: a payload in the context of another row, which makes a new row', async () => {
  const sample = await createSample()
  const { call, litware } = sample
  const { json: currencies } = await call(
    "transactioncurrencies?$select=transactioncurrencyid&$filter=isocurrencycode eq 'USD'",
  )
  const currency = currencies.value[0].transactioncurrencyid
  await call(`accounts(${litware})`, {
    method: 'PATCH',
    body: {
      address1_line1: '123 Maple St.',
      address1_city: 'Seattle',
      address1_country: 'United States of America',
    },
  })
  const { status, json } = await initialize(sample, litware, 'account')
  assert.equal(status, 200)
  assert.deepEqual(json, {
    '@odata.context': `${API}/$metadata#accounts/$entity`,
    '@odata.type': '#Microsoft.Dynamics.CRM.account',
    'parentaccountid@odata.bind': `accounts(${litware})`,
    'transactioncurrencyid@odata.bind': `transactioncurrencies(${currency})`,
    address1_city: 'Seattle',
    address1_country: 'United States of America',
    address1_line1: '123 Maple St.',
  })
  const created = await call('accounts?$select=_parentaccountid_value', {
    method: 'POST',
    headers: { prefer: 'return=representation' },
    body: { ...json, name: 'Branch' },
  })
  assert.equal(created.json._parentaccountid_value, litware)
})

test('example 40: wrong parameters are refused', async () => {
  const sample = await createSample()
  const nobody = '00000000-0000-0000-0000-000000000001'
  assert.equal((await initialize(sample, nobody, 'account')).status, 404)
  assert.equal((await initialize(sample, sample.litware, 'nothing')).status, 404)
  assert.equal((await initialize(sample, sample.litware, 'account', 'Any')).status, 400)
  assert.equal((await initialize(sample, sample.litware, 'transactioncurrency')).status, 400)
  assert.equal((await sample.call('InitializeFrom')).status, 400)
})
