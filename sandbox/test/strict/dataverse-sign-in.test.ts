import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ADMIN, APPLICATION, createRig, IDENTITY, READER, tokenOf } from '../dataverse/rig.ts'

const CHALLENGE = `Bearer authorization_uri=${IDENTITY.authorizationUri}, resource_id=https://org1.crm4.dynamics.com/`
const SMALL = { accounts: 2, contacts: 2 }

test('a call without a token is challenged in the documented form', async () => {
  const { call } = createRig(SMALL)
  for (const path of ['WhoAmI', 'https://org1.crm4.dynamics.com/api/data/', 'accounts(nonsense']) {
    const { status, headers, text } = await call(path, { token: null })
    assert.equal(status, 401)
    assert.equal(headers['www-authenticate'], CHALLENGE)
    assert.equal(text, '')
  }
})

test('a token without its scheme is challenged', async () => {
  const { call } = createRig(SMALL)
  const { status, headers } = await call('WhoAmI', {
    token: null,
    headers: { authorization: tokenOf(ADMIN) },
  })
  assert.equal(status, 401)
  assert.equal(headers['www-authenticate'], CHALLENGE)
})

const REFUSED: readonly { name: string; token: string; reason: string }[] = [
  { name: 'a bad signature', token: 'bad:signature-is-invalid', reason: 'signature is invalid' },
  { name: 'an expired token', token: 'bad:token-has-expired', reason: 'token has expired' },
  {
    name: 'the audience of another organization',
    token: tokenOf(ADMIN, { aud: 'https://org2.crm4.dynamics.com/' }),
    reason: "The audience 'https://org2.crm4.dynamics.com/'",
  },
  {
    name: 'the audience of Microsoft Graph',
    token: tokenOf(ADMIN, { aud: 'https://graph.microsoft.com' }),
    reason: "The audience 'https://graph.microsoft.com'",
  },
  {
    name: 'another tenant',
    token: tokenOf(ADMIN, { tid: '99999999-0000-4000-8000-000000000000' }),
    reason: "The token is of the tenant '99999999-0000-4000-8000-000000000000'",
  },
]

for (const { name, token, reason } of REFUSED) {
  test(`${name} is refused with its reason`, async () => {
    const { call } = createRig(SMALL)
    const { status, headers } = await call('WhoAmI', { token })
    assert.equal(status, 401)
    const header = String(headers['www-authenticate'])
    assert.ok(header.startsWith(`${CHALLENGE}, error=invalid_token, error_description=`), header)
    assert.ok(header.includes(reason), header)
  })
}

for (const aud of [
  'https://org1.crm4.dynamics.com',
  'https://org1.crm4.dynamics.com/',
  'https://org1.api.crm4.dynamics.com',
]) {
  test(`the audience ${aud} is taken`, async () => {
    const { call } = createRig(SMALL)
    assert.equal((await call('WhoAmI', { token: tokenOf(ADMIN, { aud }) })).status, 200)
  })
}

test('someone who is no member is told so', async () => {
  const { call } = createRig(SMALL)
  const { status, json } = await call('WhoAmI', {
    token: tokenOf(ADMIN, { oid: '99999999-0000-4000-8000-000000000000' }),
  })
  assert.equal(status, 403)
  assert.deepEqual(json.error, {
    code: '0x80072560',
    message: 'The user is not a member of the organization.',
  })
})

test('an application without an application user is no member', async () => {
  const { call } = createRig(SMALL)
  const token = tokenOf(APPLICATION, { appid: '22222222-0000-4000-8000-00000000ffff' })
  assert.equal((await call('WhoAmI', { token })).json.error.code, '0x80072560')
  assert.equal((await call('WhoAmI', { token: tokenOf(APPLICATION) })).status, 200)
})

test('a disabled user, one without roles, and admin mode each have their code', async () => {
  const { call, organization } = createRig(SMALL)
  const { control } = organization
  const code = async () => (await call('WhoAmI', { token: tokenOf(READER) })).json.error?.code
  assert.equal(await code(), undefined)
  control.setAdminMode(true)
  assert.equal(await code(), '0x8004a113')
  control.setAdminMode(false)
  control.setUserDisabled(READER.entraObjectId, true)
  assert.equal(await code(), '0x80040225')
  control.setUserDisabled(READER.entraObjectId, false)
  control.removeRole(READER.entraObjectId, 'Service Reader')
  assert.equal(await code(), '0x80042f09')
})

test('a role that only reads may not write, and is told the privilege', async () => {
  const { call } = createRig(SMALL)
  const token = tokenOf(READER)
  assert.equal((await call('accounts?$top=1', { token })).status, 200)
  const { status, json } = await call('accounts', { method: 'POST', body: { name: 'x' }, token })
  assert.equal(status, 403)
  assert.equal(json.error.code, '0x80040220')
  assert.ok(json.error.message.includes('is missing prvCreateAccount privilege'))
  assert.ok(json.error.message.includes("on OTC=1 for entity 'account'"))
})
