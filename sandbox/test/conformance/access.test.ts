import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DEPTHS } from '../../src/dataverse/index.ts'
import { ADMIN, API, createRig, READER, tokenOf } from '../dataverse/rig.ts'

const IMPERSONATED = {
  entraObjectId: 'e39c5d16-675b-48d1-8e67-667427e9c084',
  name: 'Impersonated User',
  email: 'impersonated@contoso.example',
  roles: ['Basic User'],
}
const BASIC = {
  ...IMPERSONATED,
  entraObjectId: '11111111-0000-4000-8000-000000000031',
  name: 'Bea Basic',
}

const rigOf = () => createRig({ accounts: 1, contacts: 1 }, [ADMIN, READER, IMPERSONATED, BASIC])

test('example 74: RetrieveUserPrivileges', async () => {
  const rig = rigOf()
  const who = (await rig.call('WhoAmI', { token: tokenOf(READER) })).json
  const path = `systemusers(${who.UserId})/Microsoft.Dynamics.CRM.RetrieveUserPrivileges`
  const { status, json } = await rig.call(path)
  assert.equal(status, 200)
  assert.equal(
    json['@odata.context'],
    `${API}/$metadata#Microsoft.Dynamics.CRM.RetrieveUserPrivilegesResponse`,
  )
  const account = json.RolePrivileges.find(
    (one: { PrivilegeName: string }) => one.PrivilegeName === 'prvReadAccount',
  )
  const { PrivilegeId, ...told } = account
  assert.match(PrivilegeId, /^[0-9a-f-]{36}$/)
  assert.deepEqual(told, {
    Depth: 'Global',
    BusinessUnitId: who.BusinessUnitId,
    PrivilegeName: 'prvReadAccount',
  })
  assert.ok(
    json.RolePrivileges.every((one: { PrivilegeName: string }) =>
      one.PrivilegeName.startsWith('prvRead'),
    ),
  )
})

test('example 77: a duplicate is refused where the header asks for it', async () => {
  const rig = rigOf()
  const { control } = rig.organization
  control.setDuplicateRules([{ table: 'account', columns: ['name'] }])
  const create = (headers = {}) =>
    rig.call('accounts', { method: 'POST', headers, body: { name: 'Sample Account' } })
  const detect = { 'MSCRM.SuppressDuplicateDetection': 'false' }
  assert.equal((await create(detect)).status, 204)
  const refused = await create(detect)
  assert.equal(refused.status, 412)
  assert.deepEqual(refused.json.error, {
    code: '0x80040333',
    message:
      'A record was not created or updated because a duplicate of the current record already exists.',
  })
  assert.equal((await create()).status, 204)
})

test('example 77: a tag changes no answer', async () => {
  const path = 'accounts?tag=A%20string%20value'
  const reply = await rigOf().call(path, { method: 'POST', body: { name: 'Sample Account' } })
  assert.equal(reply.status, 204)
})

test('example 77: a partition means nothing to a table that is not elastic', async () => {
  const rig = rigOf()
  const { json } = await rig.call('accounts?$select=name')
  const row = `accounts(${json.value[0].accountid})?partitionId=Device-ABC-1234&$select=name`
  assert.equal((await rig.call(row)).json.name, json.value[0].name)
})

test('example 77: passing custom logic by needs its privilege', async () => {
  const rig = rigOf()
  rig.organization.control.setPlugins([
    {
      table: 'account',
      message: 'Create',
      error: { message: 'no', operationStatus: 0, subErrorCode: 0, trace: '' },
    },
  ])
  const create = (token: string) =>
    rig.call('accounts', {
      method: 'POST',
      token,
      headers: { 'MSCRM.BypassBusinessLogicExecution': 'CustomSync,CustomAsync' },
      body: { name: 'Sample Account' },
    })
  assert.equal((await create(tokenOf(ADMIN))).status, 204)
  const refused = await create(tokenOf(BASIC))
  assert.ok(refused.json.error.message.includes('prvBypassCustomBusinessLogic'))
  const { control } = rig.organization
  control.setCustomRole('Bypass', new Map([['prvBypassCustomBusinessLogic', DEPTHS.Global]]))
  control.addRole(BASIC.entraObjectId, 'Bypass')
  assert.equal((await create(tokenOf(BASIC))).status, 204)
})

test('example 78: a row created for another user tells both', async () => {
  const rig = rigOf()
  const created = await rig.call('accounts', {
    method: 'POST',
    headers: { CallerObjectId: IMPERSONATED.entraObjectId },
    body: { name: 'Sample Account created using impersonation' },
  })
  assert.deepEqual([created.status, created.text], [204, ''])
  const row = String(created.headers['odata-entityid'])
  const { json } = await rig.call(
    `${row}?$select=name&$expand=createdby($select=fullname,azureactivedirectoryobjectid),createdonbehalfby($select=fullname,azureactivedirectoryobjectid),owninguser($select=fullname,azureactivedirectoryobjectid)`,
  )
  const told = (user: { fullname: string; azureactivedirectoryobjectid: string }) => [
    user.fullname,
    user.azureactivedirectoryobjectid,
  ]
  const both = [
    ['Impersonated User', IMPERSONATED.entraObjectId],
    ['Ada Admin', ADMIN.entraObjectId],
  ]
  assert.deepEqual([told(json.createdby), told(json.createdonbehalfby)], both)
  assert.deepEqual(told(json.owninguser), both[0])
  assert.equal(
    json['@odata.context'],
    `${API}/$metadata#accounts(name,createdby(fullname,azureactivedirectoryobjectid),createdonbehalfby(fullname,azureactivedirectoryobjectid),owninguser(fullname,azureactivedirectoryobjectid))/$entity`,
  )
})

test('example 78: the older header names the user by his row', async () => {
  const rig = rigOf()
  const { UserId } = (await rig.call('WhoAmI', { token: tokenOf(IMPERSONATED) })).json
  const who = await rig.call('WhoAmI', { headers: { MSCRMCallerID: UserId } })
  assert.equal(who.json.UserId, UserId)
})

test('example 78: who may not act for others is refused', async () => {
  const { status, json } = await rigOf().call('WhoAmI', {
    token: tokenOf(BASIC),
    headers: { CallerObjectId: IMPERSONATED.entraObjectId },
  })
  assert.deepEqual(
    [status, json.error],
    [
      403,
      {
        code: '0x8004a110',
        message: 'User does not have the privilege to act on behalf another user.',
      },
    ],
  )
})

test('example 78: only what both may is allowed', async () => {
  const rig = rigOf()
  rig.organization.control.addRole(READER.entraObjectId, 'Delegate')
  const create = (by: typeof ADMIN, forWhom: typeof ADMIN) =>
    rig.call('accounts', {
      method: 'POST',
      token: tokenOf(by),
      headers: { CallerObjectId: forWhom.entraObjectId },
      body: { name: 'x' },
    })
  for (const reply of [await create(ADMIN, READER), await create(READER, IMPERSONATED)]) {
    assert.deepEqual([reply.status, reply.json.error.code], [403, '0x80040220'])
  }
})

test('example 78: the headers around a batch are those of its requests', async () => {
  const rig = rigOf()
  const body =
    '--b\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\nGET /api/data/v9.2/WhoAmI HTTP/1.1\r\n\r\n\r\n--b--\r\n'
  const { text } = await rig.call('$batch', {
    method: 'POST',
    headers: {
      'content-type': 'multipart/mixed; boundary=b',
      CallerObjectId: IMPERSONATED.entraObjectId,
    },
    body,
  })
  const { UserId } = (await rig.call('WhoAmI', { token: tokenOf(IMPERSONATED) })).json
  assert.ok(text.includes(UserId))
})
