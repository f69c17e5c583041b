import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ADMIN, createRig, type Rig } from './rig.ts'

const TABLES = ['account', 'contact', 'task', 'systemuser', 'team']

function shown({ organization }: Rig): string {
  return JSON.stringify(TABLES.map((table) => organization.control.listRows(table, 10_000)))
}

const send = (rig: Rig, method: string, path: string, body?: unknown) =>
  rig.call(path, { method, ...(body === undefined ? {} : { body }) })

async function idOf({ call }: Rig, path: string): Promise<string> {
  return (await call(`${path}?$select=name`)).json.accountid
}

test('rows come back as they were, whatever was done to them', async () => {
  const rig = createRig({ accounts: 6, contacts: 6 }, [ADMIN])
  const { control } = rig.organization
  const before = shown(rig)
  assert.ok(control.saveSnapshot('first'))
  const first = "accounts(accountnumber='A-000001')"
  const one = await idOf(rig, first)
  const two = await idOf(rig, "accounts(accountnumber='A-000002')")
  await send(rig, 'PATCH', `accounts(${one})`, { name: 'Changed', accountnumber: 'swapped' })
  await send(rig, 'PATCH', `accounts(${two})`, { accountnumber: 'A-000001' })
  await send(rig, 'DELETE', "accounts(accountnumber='A-000003')")
  await send(rig, 'POST', 'accounts', { name: 'New', accountnumber: 'A-000003' })
  const changed = shown(rig)
  assert.notEqual(changed, before)
  assert.ok(control.saveSnapshot('second'))
  assert.ok(control.restoreSnapshot('first'))
  assert.equal(shown(rig), before)
  const { json } = await rig.call(`${first}?$select=name&$expand=contact_customer_accounts`)
  assert.notEqual(json.name, 'Changed')
  const third = await rig.call("accounts(accountnumber='A-000003')?$select=name")
  assert.notEqual(third.json.name, 'New')
  assert.ok(control.restoreSnapshot('second'))
  assert.equal(shown(rig), changed)
  const swapped = await rig.call("accounts(accountnumber='swapped')?$select=name")
  assert.equal(swapped.json.name, 'Changed')
})

test('a deletion after the snapshot is forgotten with it', async () => {
  const rig = createRig({ accounts: 3, contacts: 0 }, [ADMIN])
  const { control } = rig.organization
  const start = await rig.call('accounts?$select=name', {
    headers: { prefer: 'odata.track-changes' },
  })
  const link = start.json['@odata.deltaLink']
  control.saveSnapshot('before')
  await send(rig, 'POST', 'accounts', { name: 'Brief', accountnumber: 'brief' })
  await send(rig, 'DELETE', "accounts(accountnumber='brief')")
  assert.equal((await rig.call(link)).json.value.length, 1)
  control.restoreSnapshot('before')
  assert.deepEqual((await rig.call(link)).json.value, [])
})

test('a row version is not given twice', async () => {
  const rig = createRig({ accounts: 3, contacts: 0 }, [ADMIN])
  const { control } = rig.organization
  const first = "accounts(accountnumber='A-000001')"
  const tag = async () => (await rig.call(`${first}?$select=name`)).json['@odata.etag']
  control.saveSnapshot('before')
  await send(rig, 'PATCH', first, { name: 'One' })
  const one = await tag()
  control.restoreSnapshot('before')
  await send(rig, 'PATCH', first, { name: 'Other' })
  assert.notEqual(await tag(), one)
})

test('snapshots are kept by name, and no more than a few', () => {
  const { control } = createRig({ accounts: 1, contacts: 0 }, [ADMIN]).organization
  for (let index = 0; index < 20; index += 1) assert.ok(control.saveSnapshot(`s${index}`))
  assert.equal(control.saveSnapshot('one more'), false)
  assert.ok(control.saveSnapshot('s3'))
  assert.ok(control.removeSnapshot('s4'))
  assert.equal(control.restoreSnapshot('s4'), false)
  assert.equal(control.snapshots().length, 19)
})
