import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRig } from '../dataverse/rig.ts'
import { API, createSample, skipToken, untagged } from './fixtures.ts'

const PAGE_OF_TWO = { prefer: 'odata.maxpagesize=2' }

test('example 12: the first page ends in a link with the paging cookie', async () => {
  const { call } = createRig({ accounts: 5, contacts: 5 })
  const { headers, json } = await call('contacts?$select=fullname', { headers: PAGE_OF_TWO })
  assert.equal(headers['preference-applied'], 'odata.maxpagesize=2')
  assert.equal(json['@odata.context'], `${API}/$metadata#contacts(fullname)`)
  const [first, last] = json.value
  assert.equal(
    json['@odata.nextLink'],
    `${API}/contacts?$select=fullname&$skiptoken=${skipToken('contactid', last.contactid, first.contactid)}`,
  )
})

test('example 13: following the links gives every row once, the last page has no link', async () => {
  const { call } = createRig({ accounts: 5, contacts: 5 })
  const ids: string[] = []
  const sizes: number[] = []
  let link: string | undefined = 'contacts?$select=fullname'
  while (link !== undefined) {
    const { json } = await call(link, { headers: PAGE_OF_TWO })
    ids.push(...json.value.map((row: { contactid: string }) => row.contactid))
    sizes.push(json.value.length)
    link = json['@odata.nextLink']
  }
  assert.deepEqual(sizes, [2, 2, 1])
  assert.equal(new Set(ids).size, 5)
})

test('$top is ignored when a page size is preferred', async () => {
  const { call } = createRig({ accounts: 5, contacts: 5 })
  const { json } = await call('accounts?$select=name&$top=1', { headers: PAGE_OF_TWO })
  assert.equal(json.value.length, 2)
})

test('example 14: $count=true adds the number of rows', async () => {
  const { call } = createRig({ accounts: 9, contacts: 0 })
  const { json } = await call('accounts?$select=accountid&$count=true')
  assert.deepEqual(Object.keys(json), ['@odata.context', '@odata.count', 'value'])
  assert.equal(json['@odata.count'], 9)
  assert.deepEqual(Object.keys(json.value[0]), ['@odata.etag', 'accountid'])
})

const COUNTS = {
  prefer:
    'odata.include-annotations="Microsoft.Dynamics.CRM.totalrecordcount,Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded"',
}

test('example 15: the annotations tell whether the count was cut at 5,000', async () => {
  const few = createRig({ accounts: 58, contacts: 0 })
  const { json } = await few.call('accounts?$select=accountid&$count=true', { headers: COUNTS })
  assert.equal(json['@Microsoft.Dynamics.CRM.totalrecordcount'], 58)
  assert.equal(json['@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded'], false)
  const many = createRig({ accounts: 1, contacts: 5_001 })
  const cut = await many.call('contacts?$select=contactid&$count=true', { headers: COUNTS })
  assert.equal(cut.json['@odata.count'], 5_000)
  assert.equal(cut.json['@Microsoft.Dynamics.CRM.totalrecordcount'], 5_000)
  assert.equal(cut.json['@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded'], true)
  assert.equal(cut.json.value.length, 5_000)
  const plain = await many.call('contacts?$select=contactid&$top=1', { headers: COUNTS })
  assert.equal(plain.json['@Microsoft.Dynamics.CRM.totalrecordcount'], -1)
})

test('example 16: the count does not depend on the page size', async () => {
  const { call } = createRig({ accounts: 10, contacts: 0 })
  const { json } = await call("accounts?$select=name&$filter=contains(name,' ')&$count=true", {
    headers: { prefer: 'odata.maxpagesize=3,odata.include-annotations="Microsoft.Dynamics.CRM.*"' },
  })
  assert.equal(json['@odata.count'], 10)
  assert.equal(json.value.length, 3)
  assert.equal(json['@Microsoft.Dynamics.CRM.totalrecordcount'], 10)
  assert.ok(json['@odata.nextLink'].includes("$filter=contains(name,'%20')"))
})

test('example 17: /$count is a bare number as text', async () => {
  const { call } = createRig({ accounts: 10, contacts: 0 })
  const { headers, text } = await call('accounts/$count')
  assert.equal(headers['content-type'], 'text/plain')
  assert.equal(text, '\uFEFF10')
})

test('example 34: the count of a related collection begins with the byte order mark', async () => {
  const { call, litware } = await createSample()
  const { text } = await call(`accounts(${litware})/Account_Tasks/$count`)
  assert.equal(text, '\uFEFF3')
})

test('example 33: references of a related collection', async () => {
  const { call, litware, tasks } = await createSample()
  const { json } = await call(`accounts(${litware})/Account_Tasks/$ref`)
  assert.deepEqual(untagged(json), {
    '@odata.context': `${API}/$metadata#Collection($ref)`,
    value: tasks.map((id) => ({ '@odata.id': `${API}/tasks(${id})` })),
  })
})
