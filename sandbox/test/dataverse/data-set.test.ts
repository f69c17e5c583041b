import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRig } from './rig.ts'

test('the same seed gives the same rows', async () => {
  const [one, two] = [createRig(), createRig()]
  const query = 'contacts?$expand=parentcustomerid_account($select=name)'
  assert.equal((await one.call(query)).text, (await two.call(query)).text)
})

test('the rows have what makes clients stumble', async () => {
  const { call } = createRig({ accounts: 800, contacts: 400 })
  const count = async (path: string) => Number((await call(path)).text.slice(1))
  assert.ok((await count("contacts/$count?$filter=contains(lastname,'''')")) > 0)
  assert.ok((await count('accounts/$count?$filter=revenue eq null')) > 0)
  assert.ok((await count("accounts/$count?$filter=contains(name,'☀')")) > 0)
  assert.ok((await count('contacts/$count?$filter=parentcustomerid_contact/lastname ne null')) > 0)
  assert.ok((await count('contacts/$count?$filter=parentcustomerid_account/name ne null')) > 0)
  const { json } = await call('accounts?$select=modifiedon&$orderby=modifiedon desc')
  const times = json.value.map((row: { modifiedon: string }) => row.modifiedon)
  assert.ok(new Set(times).size < times.length)
})

test('computed columns agree with what they are computed of', async () => {
  const { call } = createRig()
  const people = await call('contacts?$select=firstname,lastname,fullname')
  for (const { firstname, lastname, fullname } of people.json.value) {
    assert.equal(fullname, firstname === null ? lastname : `${firstname} ${lastname}`)
  }
  const companies = await call(
    'accounts?$select=revenue,revenue_base,exchangerate&$filter=revenue ne null',
  )
  for (const { revenue, revenue_base: base, exchangerate } of companies.json.value) {
    assert.ok(Math.abs(base - revenue / exchangerate) < 0.001)
  }
})

test('the whole default data set is made at once', async () => {
  const { organization } = createRig({ accounts: 5_000, contacts: 10_000 })
  const rows = Object.fromEntries(
    organization.control.tables().map(({ name, rows }) => [name, rows]),
  )
  assert.equal(rows['account'], 5_000)
  assert.equal(rows['contact'], 10_000)
  assert.ok((rows['lead'] ?? 0) >= 500 && (rows['opportunity'] ?? 0) >= 1_000)
})
