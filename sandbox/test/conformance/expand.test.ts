import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { API, createSample, type Sample, skipToken, untagged } from './fixtures.ts'

describe('join tables', () => {
  let sample: Sample
  before(async () => {
    sample = await createSample()
  })

  test('example 24: single and collection expanded, the collection with a link without paging', async () => {
    const { litware, susanna, tasks } = sample
    const { json } = await sample.call(
      'accounts?$select=name&$expand=primarycontactid($select=fullname),Account_Tasks($select=subject)',
      { headers: { prefer: 'odata.maxpagesize=1', 'if-none-match': 'null' } },
    )
    assert.equal(
      json['@odata.context'],
      `${API}/$metadata#accounts(name,primarycontactid(fullname),Account_Tasks(subject))`,
    )
    const [row] = json.value
    assert.deepEqual(row.primarycontactid, {
      fullname: 'Susanna Stubberod (sample)',
      contactid: susanna,
    })
    assert.deepEqual(Object.keys(row.Account_Tasks[0]), [
      '@odata.etag',
      'subject',
      '_regardingobjectid_value',
      'activityid',
    ])
    assert.deepEqual(untagged(row.Account_Tasks[0]), {
      subject: 'Task 1 for Litware',
      _regardingobjectid_value: litware,
      activityid: tasks[0],
    })
    assert.equal(row.Account_Tasks.length, 3)
    assert.equal(
      row['Account_Tasks@odata.nextLink'],
      `${API}/accounts(${litware})/Account_Tasks?$select=subject`,
    )
    assert.equal(
      json['@odata.nextLink'],
      `${API}/accounts?$select=name&$expand=primarycontactid($select=fullname),Account_Tasks($select=subject)&$skiptoken=${skipToken('accountid', litware, litware)}`,
    )
  })

  test('example 25: an expanded user also carries ownerid', async () => {
    const { json } = await sample.call(
      'accounts?$select=name&$expand=primarycontactid($select=contactid,fullname),createdby($select=fullname)',
    )
    assert.equal(
      json['@odata.context'],
      `${API}/$metadata#accounts(name,primarycontactid(contactid,fullname),createdby(fullname))`,
    )
    const { user, nancy } = sample
    assert.deepEqual(json.value[1].createdby, {
      fullname: 'Ada Admin',
      systemuserid: user,
      ownerid: user,
    })
    assert.deepEqual(json.value[1].primarycontactid, {
      contactid: nancy,
      fullname: 'Nancy Anderson (sample)',
    })
  })

  test('example 26: $ref gives the address instead of the row', async () => {
    const { json } = await sample.call('accounts?$select=name&$expand=primarycontactid/$ref')
    assert.equal(
      json['@odata.context'],
      `${API}/$metadata#accounts(name,primarycontactid,primarycontactid/$ref())`,
    )
    const { litware, susanna } = sample
    assert.deepEqual(untagged(json.value[0]), {
      name: 'Litware, Inc. (sample)',
      _primarycontactid_value: susanna,
      accountid: litware,
      primarycontactid: { '@odata.id': `${API}/contacts(${susanna})` },
    })
  })

  test('example 27: $ref on a collection is refused', async () => {
    const { status, json } = await sample.call('accounts?$select=name&$expand=Account_Tasks/$ref')
    assert.equal(status, 400)
    assert.deepEqual(json.error, {
      code: '0x80060888',
      message: 'Expand with $ref is only supported on lookup type navigation property.',
    })
  })

  test('example 28: lookups expanded three deep', async () => {
    const { susanna, litware, user } = sample
    const created = await sample.call('tasks', {
      method: 'POST',
      body: {
        subject: 'Task 1 for Susanna Stubberod',
        'regardingobjectid_contact_task@odata.bind': `/contacts(${susanna})`,
      },
    })
    assert.equal(created.status, 204)
    const { json } = await sample.call(
      "tasks?$select=subject&$filter=contains(subject,'Susanna')&$expand=regardingobjectid_contact_task($select=fullname;$expand=parentcustomerid_account($select=name;$expand=createdby($select=fullname)))",
    )
    assert.equal(
      json['@odata.context'],
      `${API}/$metadata#tasks(subject,regardingobjectid_contact_task(fullname,parentcustomerid_account(name,createdby(fullname))))`,
    )
    assert.deepEqual(json.value[0].regardingobjectid_contact_task, {
      fullname: 'Susanna Stubberod (sample)',
      contactid: susanna,
      parentcustomerid_account: {
        name: 'Litware, Inc. (sample)',
        accountid: litware,
        createdby: { fullname: 'Ada Admin', systemuserid: user, ownerid: user },
      },
    })
  })

  test('example 29: collections expanded once are not paged', async () => {
    const { litware, susanna } = sample
    const { json } = await sample.call(
      'accounts?$select=name,accountid&$expand=Account_Tasks($select=subject),contact_customer_accounts($select=fullname)',
      { headers: { prefer: 'odata.maxpagesize=1' } },
    )
    const [row] = json.value
    assert.equal(row.Account_Tasks.length, 3)
    assert.deepEqual(untagged(row.contact_customer_accounts[0]), {
      fullname: 'Susanna Stubberod (sample)',
      _parentcustomerid_value: litware,
      contactid: susanna,
    })
    assert.equal(
      row['contact_customer_accounts@odata.nextLink'],
      `${API}/accounts(${litware})/contact_customer_accounts?$select=fullname`,
    )
  })

  test('example 29: a nested expand pages every collection', async () => {
    const { litware, susanna, tasks, user } = sample
    const { json } = await sample.call(
      'accounts?$select=name,accountid&$expand=Account_Tasks($select=subject),contact_customer_accounts($select=fullname;$expand=owninguser($select=fullname))',
      { headers: { prefer: 'odata.maxpagesize=1' } },
    )
    const [row] = json.value
    assert.deepEqual(row.Account_Tasks, [{ subject: 'Task 1 for Litware', activityid: tasks[0] }])
    const token = skipToken('activityid', tasks[0], tasks[0], { counted: 1 })
    assert.equal(
      row['Account_Tasks@odata.nextLink'],
      `${API}/accounts(${litware})/Account_Tasks?$select=subject&$skiptoken=${token}`,
    )
    assert.deepEqual(row.contact_customer_accounts, [
      {
        fullname: 'Susanna Stubberod (sample)',
        contactid: susanna,
        owninguser: { fullname: 'Ada Admin', systemuserid: user, ownerid: user },
      },
    ])
    assert.ok(json['@odata.nextLink'].includes('countOfRecords'))
    const rest = await sample.call(row['Account_Tasks@odata.nextLink'])
    assert.deepEqual(
      rest.json.value.map((task: { activityid: string }) => task.activityid),
      tasks.slice(1),
    )
  })

  test('example 30: $top beside a nested expand is refused', async () => {
    const { status, json } = await sample.call(
      'accounts?$select=name&$expand=contact_customer_accounts($select=fullname;$top=1;$expand=owninguser($select=fullname))',
    )
    assert.equal(status, 400)
    assert.deepEqual(json.error, {
      code: '0x80060888',
      message:
        'Only $select and $filter clause can be provided while doing $expand on many-to-one relationship or nested one-to-many relationship.',
    })
  })
})

test('many-to-many relationships expand side by side, never with a nested expand', async () => {
  const { call } = await createSample()
  const beside = await call(
    'systemusers?$select=fullname&$expand=teammembership_association($select=name),systemuserroles_association($select=name)',
  )
  assert.equal(beside.status, 200)
  for (const expand of [
    'contactleads_association($select=fullname;$expand=createdby)',
    'createdby($expand=teammembership_association)',
    'contactleads_association($select=fullname),createdby($expand=businessunitid)',
  ]) {
    const { status, json } = await call(`contacts?$select=fullname&$expand=${expand}`)
    assert.equal(status, 400)
    const name = expand.includes('team') ? 'teammembership_association' : 'contactleads_association'
    assert.deepEqual(json.error, {
      code: '0x80060888',
      message: `The navigation property '${name}' cannot be expanded. Only many-to-one relationships are supported for nested expansion.`,
    })
  }
})
