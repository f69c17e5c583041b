import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Secret } from '../../src/kernel/index.ts'
import { expectClear, expectNoSecret, expectNothingStored, refused } from '../support/refused.ts'
import { sandboxHub } from '../support/sandbox-hub.ts'

const { sandbox, hub } = await sandboxHub()

async function signInAs(state: string) {
  const { credentialId } = await hub.credential()
  return await refused(hub, sandbox, credentialId, sandbox.user(state))
}

test('a person who may not consent is told whom to send which link', async () => {
  const { facts, who, remedy } = await signInAs('noConsentRight')
  const { authority, tenantId, clientId } = sandbox.description
  assert.ok(remedy.includes(`${authority}/${tenantId}/adminconsent?client_id=${clientId}`))
  assert.equal(facts['aadsts'], 'AADSTS90094')
  assert.equal(who, 'entra-administrator')
})

test('Cancel on the consent page is told as that', async () => {
  const { credentialId } = await hub.credential()
  const behaviour = { ...sandbox.user('member'), consent: 'cancel' } as const
  const { facts, remedy } = await refused(hub, sandbox, credentialId, behaviour)
  assert.equal(facts['aadsts'], 'AADSTS65004')
  assert.match(remedy, /press Accept/)
})

test('Cancel on the sign-in page is told as that', async () => {
  const { credentialId } = await hub.credential()
  const behaviour = { ...sandbox.user('member'), signIn: 'cancel' } as const
  const { facts } = await refused(hub, sandbox, credentialId, behaviour)
  assert.equal(facts['error'], 'access_denied')
})

test('an app without the permission for Dynamics CRM is told with where to add it', async () => {
  const { clientId, clientSecret } = sandbox.app('noDynamicsPermission')
  const secret = new Secret(clientSecret ?? '')
  const { credentialId } = await hub.credential({ client: { clientId, secret } })
  const told = await refused(hub, sandbox, credentialId, sandbox.user('admin'))
  assert.match(`${told.code} ${told.facts['aadsts']}`, /650057/)
  assert.match(told.remedy, /user_impersonation/)
})

test('a person who is not in the organization is told with where to add them', async () => {
  const { code, remedy, who } = await signInAs('notInOrganization')
  assert.equal(code, '0x80072560')
  assert.match(remedy, /Power Platform admin center/)
  assert.equal(who, 'crm-administrator')
})

test('a person without a security role is told so', async () => {
  assert.equal((await signInAs('withoutRole')).code, '0x80042f09')
})

test('a person disabled in the organization is told so', async () => {
  assert.equal((await signInAs('disabledInOrganization')).code, '0x80040225')
})

test('a disabled account and an expired password are told from Microsoft’s page', async () => {
  assert.equal((await signInAs('disabled')).code, '50057')
  assert.equal((await signInAs('passwordExpired')).code, '50055')
})

test('a second factor on the page is part of the sign-in', async () => {
  const { credentialId } = await hub.credential()
  const { result } = await hub.signIn(credentialId, sandbox.user('needsMfa'))
  assert.equal(result?.outcome, 'connected')
})

test('a second factor demanded at the token endpoint is told as that', async () => {
  await sandbox.admin('/faults', 'POST', {
    target: 'entra',
    kind: 'aadsts',
    number: 50076,
    suberror: 'basic_action',
    match: { method: 'POST', path: '/oauth2/token' },
  })
  const { facts, remedy } = await signInAs('admin')
  assert.equal(facts['aadsts'], 'AADSTS50076')
  assert.match(remedy, /second factor/)
})

test('after a second factor was demanded, the next sign-in asks for it', async () => {
  const claims = '{"access_token":{"capolids":{"essential":true,"values":["policy"]}}}'
  await sandbox.admin('/faults', 'POST', {
    ...{ target: 'entra', kind: 'aadsts', number: 50076, suberror: 'basic_action', claims },
    match: { method: 'POST', path: '/oauth2/token' },
  })
  const { credentialId } = await hub.credential()
  const open = async () => {
    const { url } = await hub.connect.startFlow({ by: hub.by, credentialId })
    return (await hub.connect.openTicket(url.split('/').at(-1) ?? '')).location
  }
  assert.equal((await open()).searchParams.get('claims'), null)
  await hub.signIn(credentialId, sandbox.user('admin'))
  assert.equal((await open()).searchParams.get('claims'), claims)
  const { result } = await hub.signIn(credentialId, sandbox.user('admin'))
  assert.equal(result?.outcome, 'connected')
  assert.equal((await open()).searchParams.get('claims'), null)
})

test('a policy that blocks the sign-in is told with the trace id for the administrator', async () => {
  await sandbox.admin('/faults', 'POST', {
    target: 'entra',
    kind: 'aadsts',
    number: 53003,
    match: { method: 'POST', path: '/oauth2/token' },
  })
  const { facts, who } = await signInAs('admin')
  assert.equal(who, 'entra-administrator')
  assert.match(String(facts['traceId']), /^[0-9a-f-]{36}$/)
})

test('an app without an application user is told where to add one', async () => {
  const { clientId, clientSecret } = Object(
    await sandbox.admin('/apps', 'POST', { name: 'No application user', secret: {} }),
  )
  const secret = new Secret(clientSecret)
  const { credentialId } = await hub.credential({ grant: 'app', client: { clientId, secret } })
  const flow = await hub.connect.connectApp({ by: hub.by, credentialId })
  assert.equal(flow.state, 'failed')
  assert.equal(flow.failure?.code, '0x80072560')
  assert.ok(flow.failure.remedy.includes(clientId))
  expectClear(flow.failure)
  expectNoSecret(hub, sandbox, flow, clientSecret)
  await expectNothingStored(hub, credentialId)
})
