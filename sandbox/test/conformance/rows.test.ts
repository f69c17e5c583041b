import assert from 'node:assert/strict'
import { test } from 'node:test'
import { API, createSample, untagged } from './fixtures.ts'

const REPRESENTATION = { prefer: 'return=representation' }
const SAMPLE = {
  name: 'Sample Account',
  creditonhold: false,
  address1_latitude: 47.639583,
  description: 'This is the description of the sample account',
  revenue: 5000000,
  accountcategorycode: 1,
}
const SELECT =
  '$select=name,creditonhold,address1_latitude,description,revenue,accountcategorycode,createdon'
/** Stands for the key of `example_key1` and `example_key2` in the document. */
const TWO_PARTS = { name: 'two_parts', columns: ['numberofemployees', 'sharesoutstanding'] }

test('example 31: one property of a row', async () => {
  const { call, litware } = await createSample()
  const { json } = await call(`accounts(${litware})/name`)
  assert.deepEqual(json, {
    '@odata.context': `${API}/$metadata#accounts(${litware})/name`,
    value: 'Litware, Inc. (sample)',
  })
})

test('example 32: the row behind a lookup', async () => {
  const { call, litware, susanna } = await createSample()
  const { json } = await call(`accounts(${litware})/primarycontactid?$select=fullname`)
  assert.deepEqual(untagged(json), {
    '@odata.context': `${API}/$metadata#contacts(fullname)/$entity`,
    fullname: 'Susanna Stubberod (sample)',
    contactid: susanna,
  })
})

test('example 35: a row by its alternate key', async () => {
  const { call, litware } = await createSample()
  const { json } = await call("accounts(accountnumber='LITWARE')?$select=name")
  assert.equal(json.accountid, litware)
  assert.equal(json['@odata.context'], `${API}/$metadata#accounts(name)/$entity`)
})

test('example 36: a created row is named by a header', async () => {
  const { call } = await createSample()
  const reply = await call('accounts', { method: 'POST', body: SAMPLE })
  assert.equal(reply.status, 204)
  assert.equal(reply.text, '')
  assert.match(
    String(reply.headers['odata-entityid']),
    /\/api\/data\/v9\.2\/accounts\([0-9a-f-]{36}\)$/,
  )
})

test('example 37: a created row is returned when that is preferred', async () => {
  const { call } = await createSample()
  const reply = await call(`accounts?${SELECT}`, {
    method: 'POST',
    body: SAMPLE,
    headers: REPRESENTATION,
  })
  assert.equal(reply.status, 201)
  assert.equal(reply.headers['preference-applied'], 'return=representation')
  assert.equal('odata-entityid' in reply.headers, false)
  assert.equal(reply.json.address1_latitude, 47.63958)
  assert.ok(reply.text.includes('"revenue":5000000.0000'))
  assert.equal(reply.json.createdon, '2026-06-15T12:00:00Z')
  assert.equal(typeof reply.json._transactioncurrencyid_value, 'string')
  assert.equal(reply.headers['etag'], reply.json['@odata.etag'])
})

test('example 38: nested rows are created with the row', async () => {
  const { call } = await createSample()
  const reply = await call('accounts', {
    method: 'POST',
    body: {
      name: 'Sample Account',
      primarycontactid: { firstname: 'John', lastname: 'Smith' },
      opportunity_customer_accounts: [
        {
          name: 'Opportunity associated to Sample Account',
          Opportunity_Tasks: [{ subject: 'Task associated to opportunity' }],
        },
      ],
    },
  })
  assert.equal(reply.status, 204)
  const { json } = await call(
    `${String(reply.headers['odata-entityid'])}?$select=name&$expand=primarycontactid($select=fullname),opportunity_customer_accounts($select=name;$expand=Opportunity_Tasks($select=subject))`,
  )
  assert.equal(json.primarycontactid.fullname, 'John Smith')
  const [opportunity] = json.opportunity_customer_accounts
  assert.equal(opportunity.name, 'Opportunity associated to Sample Account')
  assert.equal(opportunity.Opportunity_Tasks[0].subject, 'Task associated to opportunity')
})

test('example 39: existing rows are tied on create and returned expanded', async () => {
  const { call, susanna, tasks } = await createSample()
  const { status, json } = await call(
    'accounts?$select=name&$expand=primarycontactid($select=fullname),Account_Tasks($select=subject)',
    {
      method: 'POST',
      headers: REPRESENTATION,
      body: {
        name: 'Sample Account',
        'primarycontactid@odata.bind': `/contacts(${susanna})`,
        'Account_Tasks@odata.bind': [`/tasks(${tasks[0]})`, `/tasks(${tasks[1]})`],
      },
    },
  )
  assert.equal(status, 201)
  assert.equal(
    json['@odata.context'],
    `${API}/$metadata#accounts(name,primarycontactid(fullname),Account_Tasks(subject))/$entity`,
  )
  assert.equal(json.primarycontactid.fullname, 'Susanna Stubberod (sample)')
  assert.deepEqual(
    json.Account_Tasks.map((task: { activityid: string }) => task.activityid),
    tasks.slice(0, 2),
  )
})

test('example 41: an update has no content', async () => {
  const { call, litware } = await createSample()
  const reply = await call(`accounts(${litware})`, {
    method: 'PATCH',
    headers: { 'if-match': '*' },
    body: { ...SAMPLE, name: 'Updated Sample Account ' },
  })
  assert.equal(reply.status, 204)
  assert.equal(reply.headers['odata-entityid'], `${API}/accounts(${litware})`)
})

test('example 42: an updated row is returned when that is preferred, $expand is ignored', async () => {
  const { call, litware } = await createSample()
  const reply = await call(`accounts(${litware})?${SELECT}&$expand=primarycontactid`, {
    method: 'PATCH',
    headers: { ...REPRESENTATION, 'if-match': '*' },
    body: { name: 'Updated Sample Account' },
  })
  assert.equal(reply.status, 200)
  assert.equal(reply.json.name, 'Updated Sample Account')
  assert.equal('primarycontactid' in reply.json, false)
})

test('example 43: one property is set', async () => {
  const { call, litware } = await createSample()
  const put = await call(`accounts(${litware})/name`, {
    method: 'PUT',
    body: { value: 'Updated Sample Account Name' },
  })
  assert.equal(put.status, 204)
  const { json } = await call(`accounts(${litware})?$select=name`)
  assert.equal(json.name, 'Updated Sample Account Name')
})

test('example 44: one property is cleared', async () => {
  const { call, litware } = await createSample()
  const cleared = await call(`accounts(${litware})/revenue`, { method: 'DELETE' })
  assert.equal(cleared.status, 204)
  const { json } = await call(`accounts(${litware})?$select=revenue`)
  assert.equal(json.revenue, null)
})

test('example 45: a deleted row is gone, deleting it again finds nothing', async () => {
  const { call, adventure } = await createSample()
  assert.equal((await call(`accounts(${adventure})`, { method: 'DELETE' })).status, 204)
  const again = await call(`accounts(${adventure})`, { method: 'DELETE' })
  assert.equal(again.status, 404)
  assert.deepEqual(again.json.error, {
    code: '0x80040217',
    message: `account With Id = ${adventure} Does Not Exist`,
  })
})

test('example 46: an upsert by key answers the same for create and update, naming the key', async () => {
  const { call, organization } = await createSample()
  organization.control.addKey('account', TWO_PARTS)
  for (const name of ['2:2', '2:2 Updated']) {
    const reply = await call('accounts(numberofemployees=2,sharesoutstanding=2)', {
      method: 'PATCH',
      headers: { 'if-none-match': 'null' },
      body: { name },
    })
    assert.equal(reply.status, 204)
    const key = 'accounts(numberofemployees=2,sharesoutstanding=2)'
    assert.equal(reply.headers['odata-entityid'], `${API}/${key}`)
  }
  const { json } = await call(
    'accounts(sharesoutstanding=2,numberofemployees=2)?$select=name,sharesoutstanding',
  )
  assert.deepEqual([json.name, json.sharesoutstanding], ['2:2 Updated', 2])
})

test('example 47: with the row returned, 201 tells a create from the 200 of an update', async () => {
  const { call, organization } = await createSample()
  organization.control.addKey('account', TWO_PARTS)
  const upsert = (name: string) =>
    call('accounts(numberofemployees=3,sharesoutstanding=3)?$select=accountid', {
      method: 'PATCH',
      headers: { ...REPRESENTATION, 'if-none-match': 'null' },
      body: { name },
    })
  const created = await upsert('3:3')
  const updated = await upsert('3:3 Updated')
  assert.deepEqual([created.status, updated.status], [201, 200])
  assert.equal(created.headers['etag'], created.json['@odata.etag'])
  assert.notEqual(created.headers['etag'], updated.headers['etag'])
  assert.equal(created.json.accountid, updated.json.accountid)
})
