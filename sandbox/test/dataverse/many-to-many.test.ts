import assert from 'node:assert/strict'
import { test } from 'node:test'
import { API, createRig, type Rig } from './rig.ts'

async function accountAndLead(rig: Rig): Promise<{ account: string; lead: string }> {
  const accounts = await rig.call('accounts?$select=accountid&$top=1')
  const leads = await rig.call('leads?$select=leadid&$top=1')
  return { account: accounts.json.value[0].accountid, lead: leads.json.value[0].leadid }
}

function associate(rig: Rig, account: string, lead: string) {
  return rig.call(`accounts(${account})/accountleads_association/$ref`, {
    method: 'POST',
    body: { '@odata.id': `${API}/leads(${lead})` },
  })
}

test('rows are associated once, seen from both sides and in the table between', async () => {
  const rig = createRig()
  const { account, lead } = await accountAndLead(rig)
  assert.equal((await associate(rig, account, lead)).status, 204)
  const there = await rig.call(`accounts(${account})/accountleads_association?$select=fullname`)
  assert.equal(there.json.value[0].leadid, lead)
  const back = await rig.call(
    `leads(${lead})?$select=fullname&$expand=accountleads_association($select=name)`,
  )
  assert.equal(back.json.accountleads_association[0].accountid, account)
  assert.equal('_accountid_value' in back.json.accountleads_association[0], false)
  const between = await rig.call(`accountleadscollection?$filter=leadid eq ${lead}`)
  assert.equal(between.json.value[0].accountid, account)
  const again = await associate(rig, account, lead)
  assert.equal(again.status, 412)
  assert.equal(again.json.error.code, '0x80040237')
  assert.equal(again.json.error.message, 'Cannot insert duplicate key.')
})

test('a lambda looks through the table between', async () => {
  const rig = createRig()
  const { account, lead } = await accountAndLead(rig)
  await associate(rig, account, lead)
  const { json } = await rig.call(
    `accounts?$select=name&$filter=accountleads_association/any(l:l/leadid eq ${lead})`,
  )
  assert.deepEqual(
    json.value.map((row: { accountid: string }) => row.accountid),
    [account],
  )
})

test('two ways to disassociate leave both rows', async () => {
  const rig = createRig()
  const { account, lead } = await accountAndLead(rig)
  for (const way of [
    `accountleads_association(${lead})/$ref`,
    `accountleads_association/$ref?$id=${API}/leads(${lead})`,
  ]) {
    await associate(rig, account, lead)
    assert.equal((await rig.call(`accounts(${account})/${way}`, { method: 'DELETE' })).status, 204)
    const { text } = await rig.call(`accounts(${account})/accountleads_association/$count`)
    assert.equal(text, '\uFEFF0')
  }
  assert.equal((await rig.call(`leads(${lead})`)).status, 200)
})

test('rows are associated as one of them is created', async () => {
  const rig = createRig()
  const { lead } = await accountAndLead(rig)
  const created = await rig.call(
    'accounts?$select=name&$expand=accountleads_association($select=leadid)',
    {
      method: 'POST',
      headers: { prefer: 'return=representation' },
      body: { name: 'Tied', 'accountleads_association@odata.bind': [`/leads(${lead})`] },
    },
  )
  assert.equal(created.status, 201, created.text)
  assert.equal(created.json.accountleads_association[0].leadid, lead)
})

test('a row of another table cannot be associated, and nothing is created', async () => {
  const rig = createRig()
  const { account } = await accountAndLead(rig)
  const refused = await rig.call('accounts', {
    method: 'POST',
    body: { name: 'Torn', 'accountleads_association@odata.bind': [`/accounts(${account})`] },
  })
  assert.equal(refused.status, 400)
  const { text } = await rig.call("accounts/$count?$filter=name eq 'Torn'")
  assert.equal(text, '\uFEFF0')
})

test('rows between two tables are made by associating only', async () => {
  const { call } = createRig()
  const made = await call('accountleadscollection', { method: 'POST', body: {} })
  assert.equal(made.json.error.code, '0x80040800')
})

test('deleting a row takes its associations along', async () => {
  const rig = createRig()
  const { account, lead } = await accountAndLead(rig)
  await associate(rig, account, lead)
  await rig.call(`leads(${lead})`, { method: 'DELETE' })
  const { text } = await rig.call('accountleadscollection/$count')
  assert.equal(text, '\uFEFF0')
})

test('rows on the other side are made along with a new row', async () => {
  const { call } = createRig()
  const created = await call('accounts?$expand=accountleads_association($select=lastname)', {
    method: 'POST',
    headers: { prefer: 'return=representation' },
    body: { name: 'New', accountleads_association: [{ lastname: 'One' }, { lastname: 'Two' }] },
  })
  assert.deepEqual(
    created.json.accountleads_association.map((lead: { lastname: string }) => lead.lastname),
    ['One', 'Two'],
  )
})
