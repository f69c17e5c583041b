import assert from 'node:assert/strict'
import { test } from 'node:test'
import { API, createSample, type Sample } from './fixtures.ts'

async function opportunityOf(sample: Sample, account: string): Promise<string> {
  const { json } = await sample.call('opportunities?$select=opportunityid', {
    method: 'POST',
    headers: { prefer: 'return=representation' },
    body: { name: 'Offer', 'customerid_account@odata.bind': `/accounts(${account})` },
  })
  return json.opportunityid
}

async function customerOf(sample: Sample, opportunity: string): Promise<string | null> {
  const { json } = await sample.call(`opportunities(${opportunity})?$select=_customerid_value`)
  return json._customerid_value
}

test('example 53: POST to a collection ties a row to it', async () => {
  const sample = await createSample()
  const opportunity = await opportunityOf(sample, sample.litware)
  const { status } = await sample.call(
    `accounts(${sample.adventure})/opportunity_customer_accounts/$ref`,
    { method: 'POST', body: { '@odata.id': `${API}/opportunities(${opportunity})` } },
  )
  assert.equal(status, 204)
  assert.equal(await customerOf(sample, opportunity), sample.adventure)
})

test('example 54: PUT changes a lookup', async () => {
  const sample = await createSample()
  const opportunity = await opportunityOf(sample, sample.litware)
  const { status } = await sample.call(`opportunities(${opportunity})/customerid_account/$ref`, {
    method: 'PUT',
    body: { '@odata.id': `accounts(${sample.adventure})` },
  })
  assert.equal(status, 204)
  assert.equal(await customerOf(sample, opportunity), sample.adventure)
})

test('example 55: three ways to remove a reference', async () => {
  const sample = await createSample()
  const { litware } = sample
  const ways = [
    (id: string) =>
      `accounts(${litware})/opportunity_customer_accounts/$ref?$id=${API}/opportunities(${id})`,
    (id: string) => `accounts(${litware})/opportunity_customer_accounts(${id})/$ref`,
    (id: string) => `opportunities(${id})/customerid_account/$ref`,
  ]
  for (const way of ways) {
    const opportunity = await opportunityOf(sample, litware)
    const { status } = await sample.call(way(opportunity), { method: 'DELETE' })
    assert.equal(status, 204)
    assert.equal(await customerOf(sample, opportunity), null)
  }
})

test('example 56: a lookup is cleared by a null bind, or by null for the property', async () => {
  const sample = await createSample()
  for (const body of [{ 'primarycontactid@odata.bind': null }, { primarycontactid: null }]) {
    const id = body.primarycontactid === null ? sample.adventure : sample.litware
    const reply = await sample.call(`accounts(${id})`, { method: 'PATCH', body })
    assert.equal(reply.status, 204)
    const { json } = await sample.call(`accounts(${id})?$select=_primarycontactid_value`)
    assert.equal(json._primarycontactid_value, null)
  }
})
