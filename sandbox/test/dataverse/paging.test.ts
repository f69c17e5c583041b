import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readAll } from './pages.ts'
import { createRig } from './rig.ts'

test('whatever the order and the page size, the pages put together are the whole', async () => {
  const rig = createRig({ accounts: 60, contacts: 90 })
  const columns = [
    'name',
    'modifiedon',
    'revenue',
    '_ownerid_value',
    'statecode',
    'description',
    'accountnumber',
  ]
  const terms = fc.uniqueArray(
    fc.tuple(fc.constantFrom(...columns), fc.constantFrom('', ' asc', ' desc')),
    { maxLength: 3, selector: ([column]) => column },
  )
  await fc.assert(
    fc.asyncProperty(terms, fc.integer({ min: 1, max: 70 }), async (order, pageSize) => {
      const orderby = order.map(([column, direction]) => column + direction).join(',')
      const query = `accounts?$select=name${orderby === '' ? '' : `&$orderby=${orderby}`}`
      const whole = await rig.call(query)
      assert.deepEqual(await readAll(rig, query, pageSize), whole.json.value)
    }),
    { numRuns: 25 },
  )
})

test('rows that come and go between pages neither repeat nor hide others', async () => {
  const rig = createRig({ accounts: 10, contacts: 0 })
  const first = await rig.call('accounts?$select=name&$orderby=accountnumber', {
    headers: { prefer: 'odata.maxpagesize=4' },
  })
  const seen: string[] = first.json.value.map((row: { accountid: string }) => row.accountid)
  await rig.call(`accounts(${seen[1]})`, { method: 'DELETE' })
  await rig.call('accounts', { method: 'POST', body: { name: 'new', accountnumber: 'A-000000' } })
  const rest = await rig.call(first.json['@odata.nextLink'])
  assert.equal(rest.json.value.length, 6)
  assert.equal(
    new Set([...seen, ...rest.json.value.map((row: { accountid: string }) => row.accountid)]).size,
    10,
  )
})

test('a page larger than 5,000 is not given', async () => {
  const rig = createRig({ accounts: 1, contacts: 5_010 })
  const { json } = await rig.call('contacts?$select=contactid', {
    headers: { prefer: 'odata.maxpagesize=9000' },
  })
  assert.equal(json.value.length, 5_000)
  const rest = await rig.call(json['@odata.nextLink'])
  assert.equal(rest.json.value.length, 10)
  const top = await rig.call('contacts?$select=contactid&$top=9000')
  assert.equal(top.json.value.length, 5_000)
})
