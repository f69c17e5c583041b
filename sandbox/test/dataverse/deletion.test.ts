import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRig, type Rig } from './rig.ts'

async function create(rig: Rig, set: string, body: Record<string, unknown>): Promise<string> {
  const reply = await rig.call(set, { method: 'POST', body })
  const id = /\(([^)]+)\)$/.exec(String(reply.headers['odata-entityid']))?.[1]
  assert.ok(id, reply.text)
  return id
}

test('what belongs to a row goes with it, at every depth; other links are only cut', async () => {
  const rig = createRig({ accounts: 0, contacts: 0 })
  const account = await create(rig, 'accounts', { name: 'Parent' })
  const branch = await create(rig, 'accounts', {
    name: 'Branch',
    'parentaccountid@odata.bind': `/accounts(${account})`,
  })
  const contact = await create(rig, 'contacts', {
    lastname: 'Of it',
    'parentcustomerid_account@odata.bind': `/accounts(${account})`,
  })
  const email = await create(rig, 'emails', {
    subject: 'About her',
    'regardingobjectid_contact_email@odata.bind': `/contacts(${contact})`,
    email_activity_parties: [
      { 'partyid_contact@odata.bind': `/contacts(${contact})`, participationtypemask: 2 },
    ],
  })
  assert.equal((await rig.call(`accounts(${account})`, { method: 'DELETE' })).status, 204)
  assert.equal((await rig.call(`contacts(${contact})`)).status, 404)
  assert.equal((await rig.call(`emails(${email})`)).status, 404)
  assert.equal((await rig.call('activityparties/$count')).text, '\uFEFF0')
  const left = await rig.call(`accounts(${branch})?$select=_parentaccountid_value`)
  assert.equal(left.json._parentaccountid_value, null)
})

test('a row that others cannot be without is not deleted, and nothing else is', async () => {
  const rig = createRig({ accounts: 0, contacts: 0 })
  const { json } = await rig.call("transactioncurrencies?$filter=isocurrencycode eq 'EUR'")
  const currency = json.value[0].transactioncurrencyid
  const account = await create(rig, 'accounts', {
    name: 'Pays in euros',
    'transactioncurrencyid@odata.bind': `/transactioncurrencies(${currency})`,
  })
  const refused = await rig.call(`transactioncurrencies(${currency})`, { method: 'DELETE' })
  assert.equal(refused.status, 405)
  assert.deepEqual(refused.json.error.code, '0x80040227')
  assert.equal(
    refused.json.error.message,
    'The object you tried to delete is associated with another object and cannot be deleted.',
  )
  await rig.call(`accounts(${account})`, { method: 'DELETE' })
  assert.equal(
    (await rig.call(`transactioncurrencies(${currency})`, { method: 'DELETE' })).status,
    204,
  )
})

test('a row is assigned by its owner property', async () => {
  const rig = createRig({ accounts: 1, contacts: 0 })
  const [team] = (await rig.call('teams?$select=teamid,_businessunitid_value')).json.value
  const [row] = (await rig.call('accounts?$select=accountid')).json.value
  await rig.call(`accounts(${row.accountid})`, {
    method: 'PATCH',
    body: { 'ownerid@odata.bind': `/teams(${team.teamid})` },
  })
  const { json } = await rig.call(
    `accounts(${row.accountid})?$select=_ownerid_value,_owningteam_value,_owninguser_value,_owningbusinessunit_value`,
  )
  assert.equal(json._ownerid_value, team.teamid)
  assert.equal(json._owningteam_value, team.teamid)
  assert.equal(json._owninguser_value, null)
  assert.equal(json._owningbusinessunit_value, team._businessunitid_value)
})

test('a snapshot brings activities back with one copy of each', async () => {
  const rig = createRig({ accounts: 5, contacts: 5 })
  const { control } = rig.organization
  const before = (await rig.call('activitypointers/$count')).text
  control.saveSnapshot('start')
  const { json } = await rig.call('tasks?$select=activityid')
  for (const { activityid } of json.value) {
    await rig.call(`tasks(${activityid})`, { method: 'DELETE' })
  }
  assert.equal((await rig.call('activitypointers/$count')).text, '\uFEFF0')
  control.restoreSnapshot('start')
  assert.equal((await rig.call('activitypointers/$count')).text, before)
  assert.equal((await rig.call('tasks/$count')).text, before)
})
