import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DEPTHS, type Member } from '../../src/dataverse/index.ts'
import { ADMIN, createRig, type Rig, tokenOf } from './rig.ts'

const UMA: Member = {
  entraObjectId: '11111111-0000-4000-8000-000000000021',
  name: 'Uma User',
  email: 'uma@contoso.example',
  roles: ['Tested'],
}
const RIGHTS = ['Read', 'Create', 'Write', 'Delete', 'Append', 'AppendTo', 'Assign']

type Reach = keyof typeof DEPTHS

/** A user with a role of these privileges on accounts, in the business unit Retail below the first. */
async function start(reach: Reach, changes: Readonly<Record<string, Reach>> = {}) {
  const rig = createRig({ accounts: 0, contacts: 0 }, [ADMIN, UMA])
  const { control } = rig.organization
  const privileges = Object.entries({
    ...Object.fromEntries(RIGHTS.map((right) => [`prv${right}Account`, reach])),
    prvReadUser: 'Global' as const,
    prvReadBusinessUnit: 'Global' as const,
    ...changes,
  })
  control.setCustomRole('Tested', new Map(privileges.map(([name, depth]) => [name, DEPTHS[depth]])))
  const token = tokenOf(UMA)
  const uma = (await rig.call('WhoAmI', { token })).json.UserId
  const units = await rig.call("businessunits?$select=name&$filter=name eq 'Retail'")
  const retail = { table: 'businessunit', id: units.json.value[0].businessunitid }
  control.changeRow('systemuser', uma, { businessunitid: retail })
  const mine = await account(rig, 'mine', uma)
  const others = await account(rig, 'others')
  return { rig, token, uma, mine, others }
}

async function account(rig: Rig, name: string, owner?: string): Promise<string> {
  const reply = await rig.call('accounts', {
    method: 'POST',
    body: { name, ...(owner ? { 'ownerid@odata.bind': `/systemusers(${owner})` } : {}) },
  })
  return /\((.+)\)$/.exec(String(reply.headers['odata-entityid']))?.[1] ?? ''
}

async function names(rig: Rig, token: string, path = 'accounts?$select=name'): Promise<string[]> {
  const { json } = await rig.call(path, { token })
  return json.value.map((row: { name: string }) => row.name).sort()
}

const SIGHTS: readonly (readonly [Reach, readonly string[]])[] = [
  ['Basic', ['mine']],
  ['Local', ['mine']],
  ['Deep', ['mine']],
  ['Global', ['mine', 'others']],
]
for (const [reach, seen] of SIGHTS) {
  test(`reading with the reach ${reach} from a unit below shows ${seen.join(' and ')}`, async () => {
    const { rig, token } = await start(reach)
    assert.deepEqual(await names(rig, token), seen)
  })
}

test('the unit itself is reached by Local, what is below it by Deep', async () => {
  for (const [reach, seen] of [
    ['Basic', ['others']],
    ['Local', ['others']],
    ['Deep', ['mine', 'others']],
  ] as const) {
    const { rig, token, uma } = await start(reach)
    const who = (await rig.call('WhoAmI')).json
    const unit = { table: 'businessunit', id: who.BusinessUnitId }
    // The row named mine stays with Retail, where its owner was; the other one is given to Uma.
    const owner = { table: 'systemuser', id: uma }
    const { control } = rig.organization
    control.changeRow('systemuser', uma, { businessunitid: unit })
    const rows = control.listRows('account', 10)
    const idOf = (name: string) => String(rows.find((row) => row['name'] === name)?.['accountid'])
    const admin = { table: 'systemuser', id: who.UserId }
    control.changeRow('account', idOf('mine'), { ownerid: admin })
    if (reach === 'Basic') control.changeRow('account', idOf('others'), { ownerid: owner })
    assert.deepEqual(await names(rig, token), seen, reach)
  }
})

test('FetchXML, counts and expands show no more than lists do', async () => {
  const { rig, token, mine, others } = await start('Basic')
  await rig.call(`accounts(${mine})`, {
    method: 'PATCH',
    body: { 'parentaccountid@odata.bind': `/accounts(${others})` },
  })
  const fetch = encodeURIComponent(
    '<fetch><entity name="account"><attribute name="name"/></entity></fetch>',
  )
  assert.deepEqual(await names(rig, token, `accounts?fetchXml=${fetch}`), ['mine'])
  assert.equal((await rig.call('accounts/$count', { token })).text, '\uFEFF1')
  const { json } = await rig.call(`accounts(${mine})?$expand=parentaccountid($select=name)`, {
    token,
  })
  assert.equal(json.parentaccountid, null)
})

const ROW_RIGHTS: readonly (readonly [string, string, object | undefined, string])[] = [
  ['GET', '', undefined, 'ReadAccess'],
  ['PATCH', '', { name: 'changed' }, 'WriteAccess'],
  ['DELETE', '', undefined, 'DeleteAccess'],
]
for (const [method, , body, access] of ROW_RIGHTS) {
  test(`${method} of a row out of reach names ${access}`, async () => {
    const { rig, token, uma, others } = await start('Basic')
    const { status, json } = await rig.call(`accounts(${others})`, {
      method,
      token,
      ...(body ? { body } : {}),
    })
    assert.deepEqual(
      [status, json.error],
      [
        403,
        {
          code: '0x80048306',
          message: `Principal with id ${uma} does not have ${access} right(s) for record with id ${others} of entity account`,
        },
      ],
    )
  })
}

test('a privilege that is missing is named', async () => {
  const missing: readonly (readonly [string, (of: Awaited<ReturnType<typeof start>>) => object])[] =
    [
      ['prvWriteAccount', () => ({ name: 'x' })],
      ['prvAssignAccount', () => ({ 'ownerid@odata.bind': `/teams(${TEAM})` })],
      ['prvAppendAccount', ({ mine }) => ({ 'parentaccountid@odata.bind': `/accounts(${mine})` })],
      [
        'prvAppendToAccount',
        ({ mine }) => ({ 'parentaccountid@odata.bind': `/accounts(${mine})` }),
      ],
    ]
  let TEAM = ''
  for (const [privilege, bodyOf] of missing) {
    const started = await start('Basic', { [privilege]: 'None' })
    const { rig, token, mine } = started
    TEAM = (await rig.call('teams?$top=1')).json.value[0].teamid
    const body = bodyOf(started)
    const { status, json } = await rig.call(`accounts(${mine})`, { method: 'PATCH', token, body })
    assert.deepEqual([status, json.error.code], [403, '0x80040220'], privilege)
    assert.ok(json.error.message.includes(`is missing ${privilege} privilege`), json.error.message)
  }
})

test('a role without a privilege reads, creates and tracks nothing', async () => {
  const { rig, token } = await start('None')
  const list = await rig.call('accounts', { token })
  assert.ok(list.json.error.message.includes('is missing prvReadAccount privilege'))
  const created = await rig.call('accounts', { method: 'POST', token, body: { name: 'x' } })
  assert.ok(created.json.error.message.includes('is missing prvCreateAccount privilege'))
  const { rig: other, token: deep } = await start('Deep')
  const tracked = await other.call('accounts', {
    token: deep,
    headers: { prefer: 'odata.track-changes' },
  })
  assert.equal(tracked.status, 403)
})

test('a secured column is refused to those without all rights, in a query too', async () => {
  const { rig, token } = await start('Global')
  rig.organization.control.setSwitches({ securedColumns: ['account.revenue'] })
  const codeOf = async (path: string) => (await rig.call(path, { token })).json.error?.code
  assert.equal(await codeOf('accounts?$select=name,revenue'), '0x8004f504')
  assert.equal(await codeOf('accounts?$select=name&$filter=revenue gt 5'), '0x8004f506')
  assert.equal(await codeOf('accounts?$select=name,revenue_base'), undefined)
  assert.equal((await rig.call('accounts?$select=revenue')).status, 200)
})
