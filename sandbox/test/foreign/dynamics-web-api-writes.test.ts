import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refusal, startClient } from './dynamics-web-api.ts'

interface Named {
  readonly name: string
  readonly telephone1: string
}

test('dynamics-web-api creates, updates, upserts and deletes', async (t) => {
  const { client } = await startClient(t, { accounts: 2, contacts: 2 })
  const collection = 'accounts'
  const key = await client.create<object, string>({ collection, data: { name: 'one' } })
  assert.match(key, /^[0-9a-f-]{36}$/)
  const whole = await client.create<object, Named>({
    collection,
    data: { name: 'two' },
    returnRepresentation: true,
    select: ['name'],
  })
  assert.equal(whole.name, 'two')
  assert.equal(
    await client.update<object, boolean>({ collection, key, data: { name: 'changed' } }),
    true,
  )
  const changed = await client.update<object, Named>({
    collection,
    key,
    data: { telephone1: '5550' },
    returnRepresentation: true,
    select: ['name', 'telephone1'],
  })
  assert.deepEqual([changed.name, changed.telephone1], ['changed', '5550'])
  const kept = await client.upsert({ collection, key, data: { name: 'x' }, ifnonematch: '*' })
  assert.equal(kept, null)
  const byKey = "accountnumber='A-900000'"
  await client.upsert({ collection, key: byKey, data: { name: 'by key' } })
  assert.equal((await client.retrieve({ collection, key: byKey, select: ['name'] })).name, 'by key')
  assert.equal(await client.deleteRecord({ collection, key, ifmatch: 'W/"1"' }), false)
  await client.deleteRecord({ collection, key })
  assert.equal((await refusal(client.retrieve({ collection, key }))).status, 404)
  const gone = await client.upsert({ collection, key, data: { name: 'x' }, ifmatch: '*' })
  assert.equal(gone, null)
})

test('dynamics-web-api changes and clears a single property', async (t) => {
  const { client } = await startClient(t, { accounts: 1, contacts: 1 })
  const collection = 'accounts'
  const key = "accountnumber='A-000001'"
  await client.updateSingleProperty({ collection, key, fieldValuePair: { telephone1: '5551' } })
  const select = ['telephone1']
  assert.equal((await client.retrieve({ collection, key, select })).telephone1, '5551')
  await client.deleteRecord({ collection, key, property: 'telephone1' })
  assert.equal((await client.retrieve({ collection, key, select })).telephone1, null)
})

test('dynamics-web-api ties rows together and apart', async (t) => {
  const { client } = await startClient(t, { accounts: 0, contacts: 0 })
  const account = await client.create<object, string>({
    collection: 'accounts',
    data: { name: 'a' },
  })
  const contact = await client.create<object, string>({
    collection: 'contacts',
    data: { lastname: 'c' },
  })
  const lookup = async () =>
    client.retrieve({ collection: 'accounts', key: account, select: ['_primarycontactid_value'] })
  await client.associateSingleValued({
    collection: 'accounts',
    primaryKey: account,
    navigationProperty: 'primarycontactid',
    relatedCollection: 'contacts',
    relatedKey: contact,
  })
  assert.equal((await lookup())._primarycontactid_value, contact)
  await client.disassociateSingleValued({
    collection: 'accounts',
    primaryKey: account,
    navigationProperty: 'primarycontactid',
  })
  assert.equal((await lookup())._primarycontactid_value, null)
  const relation = {
    collection: 'accounts',
    primaryKey: account,
    relationshipName: 'contact_customer_accounts',
    relatedKey: contact,
  }
  await client.associate({ ...relation, relatedCollection: 'contacts' })
  const children = () =>
    client.retrieve({
      collection: 'accounts',
      key: account,
      navigationProperty: 'contact_customer_accounts',
    })
  assert.equal((await children()).value.length, 1)
  await client.disassociate(relation)
  assert.equal((await children()).value.length, 0)
})

test('dynamics-web-api sends a batch with a change set', async (t) => {
  const { client } = await startClient(t, { accounts: 3, contacts: 1 })
  client.startBatch()
  client.retrieveMultiple({ collection: 'accounts', select: ['name'], inChangeSet: false })
  client.create({ collection: 'contacts', data: { lastname: 'x' }, contentId: '1' })
  client.update({ collection: 'accounts', key: "accountnumber='A-000001'", data: { name: 'y' } })
  const [list] = await client.executeBatch()
  assert.equal(list.value.length, 3)
  assert.equal(await client.count({ collection: 'contacts' }), 2)
})

test('dynamics-web-api sends long queries in a batch', async (t) => {
  const { client } = await startClient(t, { accounts: 3, contacts: 1 })
  const filter = Array.from({ length: 100 }, (_, index) => `name eq 'name number ${index}'`)
  const list = await client.retrieveMultiple({
    collection: 'accounts',
    select: ['name'],
    filter: filter.join(' or '),
  })
  assert.deepEqual(list.value, [])
})

test('dynamics-web-api creates many rows by a bound action', async (t) => {
  const { client } = await startClient(t, { accounts: 1, contacts: 1 })
  const row = (name: string) => ({ '@odata.type': 'Microsoft.Dynamics.CRM.account', name })
  const { Ids } = await client.callAction({
    collection: 'accounts',
    actionName: 'Microsoft.Dynamics.CRM.CreateMultiple',
    action: { Targets: [row('one'), row('two')] },
  })
  assert.equal(Ids.length, 2)
  const name = await client.retrieve({ collection: 'accounts', key: Ids[1], select: ['name'] })
  assert.equal(name.name, 'two')
})

test('dynamics-web-api creates rows with rows inside and reads them with the parent', async (t) => {
  const { client } = await startClient(t, { accounts: 0, contacts: 0 })
  const created = await client.create<object, { primarycontactid: { lastname: string } }>({
    collection: 'accounts',
    data: { name: 'a', primarycontactid: { lastname: 'inside' } },
    returnRepresentation: true,
    expand: [{ property: 'primarycontactid', select: ['lastname'] }],
  })
  assert.equal(created.primarycontactid.lastname, 'inside')
})

test('dynamics-web-api ties many to many', async (t) => {
  const { client } = await startClient(t, { accounts: 0, contacts: 0 })
  const account = await client.create<object, string>({
    collection: 'accounts',
    data: { name: 'a' },
  })
  const lead = await client.create<object, string>({ collection: 'leads', data: { lastname: 'l' } })
  const relation = {
    collection: 'accounts',
    primaryKey: account,
    relationshipName: 'accountleads_association',
    relatedKey: lead,
  }
  const expand = [{ property: 'accountleads_association', select: ['fullname'] }]
  const tied = async () => {
    const row = await client.retrieve({ collection: 'accounts', key: account, expand })
    return row.accountleads_association.length
  }
  await client.associate({ ...relation, relatedCollection: 'leads' })
  assert.equal(await tied(), 1)
  await client.disassociate(relation)
  assert.equal(await tied(), 0)
})

test('dynamics-web-api is told of the failed part of a batch', async (t) => {
  const { client } = await startClient(t, { accounts: 2, contacts: 1 })
  client.startBatch()
  client.create({ collection: 'contacts', data: { lastname: 'kept back' } })
  client.create({ collection: 'contacts', data: { surname: 'x' } })
  const failed = await client.executeBatch().then(
    () => undefined,
    (error) => [error].flat(),
  )
  assert.ok(failed?.some((one: { error?: { code: string } }) => one.error?.code === '0x0'))
  assert.equal(await client.count({ collection: 'contacts' }), 1)
})

test('dynamics-web-api is refused a stale version and a row that is not there', async (t) => {
  const { client } = await startClient(t, { accounts: 2, contacts: 1 })
  const collection = 'accounts'
  const stale = await client.update<object, boolean>({
    collection,
    key: "accountnumber='A-000001'",
    data: { name: 'x' },
    ifmatch: 'W/"1"',
  })
  assert.equal(stale, false)
  const missing = await refusal(
    client.update({
      collection,
      key: '3f1b8a52-0c6f-4d0e-9a3e-5b7c2f10a001',
      data: { name: 'x' },
    }),
  )
  assert.deepEqual([missing.status, missing.code], [404, '0x80040217'])
})

test('dynamics-web-api acts for another user, and is told of duplicates', async (t) => {
  const { bench, client } = await startClient(t, { accounts: 1, contacts: 1 })
  const member = bench.user('member')
  const collection = 'accounts'
  const key = await client.create<object, string>({
    collection,
    data: { name: 'Delegated' },
    impersonateAAD: member.objectId,
  })
  const made = await client.retrieve({
    collection,
    key,
    select: ['name'],
    expand: [
      { property: 'createdby', select: ['azureactivedirectoryobjectid'] },
      { property: 'createdonbehalfby', select: ['applicationid'] },
    ],
  })
  assert.equal(made.createdby.azureactivedirectoryobjectid, member.objectId)
  assert.equal(made.createdonbehalfby.applicationid, bench.line.clientId)
  const { uniqueName } = bench.line.organizations[0] ?? { uniqueName: '' }
  await bench.admin('PUT', `/organizations/${uniqueName}/duplicate-rules`, {
    rules: [{ table: 'account', columns: ['name'] }],
  })
  const again = client.create({ collection, data: { name: 'delegated' }, duplicateDetection: true })
  assert.deepEqual([(await refusal(again)).status], [412])
})
