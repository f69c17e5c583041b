import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ADMIN, createRig, type Rig } from './rig.ts'

const EMPTY = { accounts: 0, contacts: 0 }
const REPRESENTATION = { prefer: 'return=representation' }

async function create(rig: Rig, set: string, body: unknown): Promise<Record<string, unknown>> {
  const { status, text, json } = await rig.call(set, {
    method: 'POST',
    body,
    headers: REPRESENTATION,
  })
  assert.equal(status, 201, text)
  return json
}

test('a nested row that is refused leaves nothing behind', async () => {
  const rig = createRig(EMPTY)
  const { status } = await rig.call('accounts', {
    method: 'POST',
    body: { name: 'x', primarycontactid: { lastname: 'y' }, Account_Tasks: [{ subject: 5 }] },
  })
  assert.equal(status, 400)
  assert.equal((await rig.call('accounts/$count')).text, '\uFEFF0')
  assert.equal((await rig.call('contacts/$count')).text, '\uFEFF0')
})

test('setting one way of a lookup of several tables clears the other', async () => {
  const rig = createRig(EMPTY)
  const account = await create(rig, 'accounts', { name: 'a' })
  const boss = await create(rig, 'contacts', { lastname: 'boss' })
  const contact = await create(rig, 'contacts', {
    lastname: 'c',
    'parentcustomerid_account@odata.bind': `accounts(${account['accountid']})`,
  })
  await rig.call(`contacts(${contact['contactid']})`, {
    method: 'PATCH',
    body: { 'parentcustomerid_contact@odata.bind': `/contacts(${boss['contactid']})` },
  })
  const { json } = await rig.call(
    `contacts(${contact['contactid']})?$select=lastname&$expand=parentcustomerid_account($select=name),parentcustomerid_contact($select=lastname)`,
  )
  assert.equal(json.parentcustomerid_account, null)
  assert.equal(json.parentcustomerid_contact.lastname, 'boss')
})

test('a link may be absolute, from the root, relative, or an alternate key', async () => {
  const rig = createRig(EMPTY)
  const account = await create(rig, 'accounts', { name: 'a', accountnumber: "K'1" })
  const id = account['accountid']
  for (const link of [
    `https://org1.crm4.dynamics.com/api/data/v9.2/accounts(${id})`,
    `/api/data/v9.0/accounts(${id})`,
    `/accounts(${id})`,
    `accounts(${id})`,
    "accounts(accountnumber='K''1')",
  ]) {
    const row = await create(rig, 'contacts', {
      lastname: 'c',
      'parentcustomerid_account@odata.bind': link,
    })
    assert.equal(row['_parentcustomerid_value'], id)
  }
})

test('columns that the service sets are dropped without a word', async () => {
  const rig = createRig(EMPTY)
  const row = await create(rig, 'accounts', {
    name: 'a',
    createdon: '2001-01-01T00:00:00Z',
    versionnumber: 5,
  })
  assert.equal(row['createdon'], '2026-06-15T12:00:00Z')
  assert.notEqual(row['versionnumber'], 5)
})

test('a state brings its status reason', async () => {
  const rig = createRig(EMPTY)
  const { accountid } = await create(rig, 'accounts', { name: 'a' })
  const { json } = await rig.call(`accounts(${accountid})?$select=statecode,statuscode`, {
    method: 'PATCH',
    body: { statecode: 1 },
    headers: REPRESENTATION,
  })
  assert.deepEqual([json.statecode, json.statuscode], [1, 2])
})

test('a row given to a team is no longer the user’s', async () => {
  const rig = createRig(EMPTY)
  const team = (await rig.call('teams?$top=1')).json.value[0].teamid
  const row = await create(rig, 'accounts', { name: 'a', 'ownerid@odata.bind': `/teams(${team})` })
  assert.deepEqual([row['_owningteam_value'], row['_owninguser_value']], [team, null])
})

test('an alternate key finds its row again after it has changed', async () => {
  const rig = createRig(EMPTY)
  const { accountid } = await create(rig, 'accounts', { name: 'a', accountnumber: 'OLD' })
  await rig.call(`accounts(${accountid})`, { method: 'PATCH', body: { accountnumber: 'NEW' } })
  assert.equal((await rig.call("accounts(accountnumber='old')")).status, 404)
  assert.equal((await rig.call("accounts(accountnumber='new')")).json.accountid, accountid)
})

test('deleting a row takes its tasks along and unties the rest', async () => {
  const rig = createRig(EMPTY)
  const parent = await create(rig, 'accounts', {
    name: 'parent',
    Account_Tasks: [{ subject: 't' }],
  })
  const child = await create(rig, 'accounts', {
    name: 'child',
    'parentaccountid@odata.bind': `/accounts(${parent['accountid']})`,
  })
  await rig.call(`accounts(${parent['accountid']})`, { method: 'DELETE' })
  assert.equal((await rig.call('tasks/$count')).text, '\uFEFF0')
  const { json } = await rig.call(`accounts(${child['accountid']})?$select=_parentaccountid_value`)
  assert.equal(json._parentaccountid_value, null)
})

test('every write moves time, author and version on', async () => {
  const rig = createRig(EMPTY)
  const before = await create(rig, 'accounts', { name: 'a' })
  rig.move(5_000)
  const { json } = await rig.call(`accounts(${before['accountid']})`, {
    method: 'PATCH',
    body: { name: 'b' },
    headers: REPRESENTATION,
  })
  assert.equal(json.modifiedon, '2026-06-15T12:00:05Z')
  assert.notEqual(json['@odata.etag'], before['@odata.etag'])
  assert.equal(rig.organization.control.members()[0]?.member, ADMIN)
})
