import assert from 'node:assert/strict'
import { test } from 'node:test'
import { API, createSample } from './fixtures.ts'

// use-alternate-key-reference-record, define-alternate-keys-entity

const NOT_A_KEY =
  "The key in the request URI is not valid for resource 'Microsoft.Dynamics.CRM.contact'. Ensure that the names and number of key properties match the declared or alternate key properties for the resource 'Microsoft.Dynamics.CRM.contact'."

test('a row is found by a key of several columns, with all of them only', async () => {
  const { call, organization, nancy } = await createSample()
  const named = "contacts(firstname='Nancy',lastname='Anderson (sample)')"
  assert.equal((await call(named)).json.error.message, NOT_A_KEY)
  organization.control.addKey('contact', { name: 'names', columns: ['firstname', 'lastname'] })
  assert.equal((await call(`${named}?$select=fullname`)).json.contactid, nancy)
  assert.equal((await call("contacts(firstname='Nancy')")).json.error.message, NOT_A_KEY)
})

test('a lookup in a key has the name of its lookup property', async () => {
  const { call, organization, litware, susanna } = await createSample()
  organization.control.addKey('account', { name: 'primary', columns: ['primarycontactid'] })
  const found = await call(`accounts(_primarycontactid_value=${susanna})?$select=name`)
  assert.equal(found.json.accountid, litware)
  assert.equal((await call(`accounts(primarycontactid=${susanna})`)).status, 400)
})

test('a row is named by its primary key, but users and teams by that of principal', async () => {
  const { call, litware, user } = await createSample()
  assert.equal((await call(`accounts(accountid=${litware})?$select=name`)).status, 200)
  const own = await call(`systemusers(systemuserid=${user})`)
  assert.equal(own.json.error.message, NOT_A_KEY.replaceAll('CRM.contact', 'CRM.systemuser'))
  assert.equal((await call(`systemusers(ownerid=${user})`)).json.systemuserid, user)
})

test('a new key is in the definitions and in $metadata, and a second row of its values is refused', async () => {
  const { call, organization } = await createSample()
  organization.control.addKey('contact', { name: 'new_names', columns: ['firstname', 'lastname'] })
  const { json } = await call(
    "EntityDefinitions(LogicalName='contact')/Keys?$select=LogicalName,KeyAttributes,EntityKeyIndexStatus",
  )
  const key = json.value.find(({ LogicalName }: never) => LogicalName === 'new_names')
  assert.deepEqual(key.KeyAttributes, ['firstname', 'lastname'])
  assert.equal(key.EntityKeyIndexStatus, 'Active')
  const { text } = await call('$metadata', { headers: { accept: 'application/xml' } })
  const type = text.slice(text.indexOf('<EntityType Name="contact"'))
  assert.match(
    type.slice(0, type.indexOf('</EntityType>')),
    /AlternateKeys">.*PropertyPath="firstname".*PropertyPath="lastname"/,
  )
  const body = { firstname: 'nancy', lastname: 'Anderson (Sample)' }
  const twice = await call('contacts', { method: 'POST', body })
  assert.deepEqual([twice.status, twice.json.error.code], [412, '0x80060892'])
})

test('what no key can be is refused, and a key goes again', async () => {
  const { call, organization, litware, adventure } = await createSample()
  const { control } = organization
  const add = (columns: readonly string[]) => () =>
    control.addKey('account', { name: columns.join('_'), columns })
  assert.throws(add(['revenue']), /'revenue' is of the type Money, which no key can have/)
  assert.throws(add(['nosuch']), /has no column 'nosuch'/)
  assert.throws(add(['accountnumber']), /has that key already/)
  for (const id of [litware, adventure]) {
    await call(`accounts(${id})`, { method: 'PATCH', body: { tickersymbol: 'SAME' } })
  }
  assert.throws(add(['tickersymbol']), /have the same values in tickersymbol/)
  assert.equal(add(['name'])(), true)
  const named = "accounts(name='Litware, Inc. (sample)')"
  assert.equal((await call(`${named}?$select=name`)).status, 200)
  assert.equal(control.removeKey('account', 'name'), true)
  assert.equal((await call(named)).status, 400)
})

test('an upsert by a key of several columns gives the new row their values', async () => {
  const { call, organization } = await createSample()
  organization.control.addKey('contact', { name: 'names', columns: ['firstname', 'lastname'] })
  const reply = await call("contacts(lastname='O''Neil',firstname='Ann')", {
    method: 'PATCH',
    body: { emailaddress1: 'ann@contoso.example' },
  })
  assert.equal(
    reply.headers['odata-entityid'],
    `${API}/contacts(lastname='O''Neil',firstname='Ann')`,
  )
  const { json } = await call("contacts?$select=fullname&$filter=lastname eq 'O''Neil'")
  assert.equal(json.value[0].fullname, "Ann O'Neil")
})
