import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Secret } from '../../src/kernel/index.ts'
import type { CredentialWish } from '../support/hub.ts'
import { refused } from '../support/refused.ts'
import { sandboxHub } from '../support/sandbox-hub.ts'

const { sandbox, hub } = await sandboxHub()

async function tryWith(client: CredentialWish['client'] & object) {
  const { credentialId } = await hub.credential({ client })
  return await refused(hub, sandbox, credentialId, sandbox.user('admin'))
}

function appOf(label: string) {
  const { clientId, clientSecret } = sandbox.app(label)
  return { clientId, secret: new Secret(clientSecret ?? 'none') }
}

test('a wrong client id is told on Microsoft’s page, and the paste names the id', async () => {
  const clientId = '6f9619ff-8b86-d011-b42d-00c04fc964ff'
  const { code, remedy, what, pasted } = await tryWith({ clientId })
  assert.equal(pasted, true)
  assert.equal(code, '700016')
  assert.match(what, /6f9619ff-8b86-d011-b42d-00c04fc964ff/)
  assert.match(remedy, /Application \(client\) ID/)
})

test('a client id of another directory is told with the directory to look in', async () => {
  const { code, what } = await tryWith(appOf('otherTenant'))
  assert.equal(code, '700016')
  assert.match(what, new RegExp(sandbox.app('otherTenant').clientId))
})

test('a Secret ID in place of the secret is recognized as such', async () => {
  const secret = new Secret(sandbox.app('singleTenant').secretId ?? '')
  const { facts, why, remedy } = await tryWith({ secret })
  assert.equal(facts['aadsts'], 'AADSTS7000215')
  assert.match(why, /"Secret ID"/)
  assert.match(remedy, /copy its Value/)
})

test('a wrong secret is told with where to make another', async () => {
  const { facts, remedy } = await tryWith({ secret: new Secret('abc8Q~not-the-secret') })
  assert.equal(facts['aadsts'], 'AADSTS7000215')
  assert.match(remedy, new RegExp(sandbox.description.clientId))
})

test('an expired secret is told, and that nobody has to consent again', async () => {
  const { facts, remedy } = await tryWith(appOf('expiredSecret'))
  assert.equal(facts['aadsts'], 'AADSTS7000222')
  assert.match(remedy, /Nobody has to sign in or consent again/)
})

test('a missing redirect address is told with the very address to register', async () => {
  const { code, remedy } = await tryWith(appOf('noRedirect'))
  assert.ok(['50011', '900971'].includes(code), code)
  assert.ok(remedy.includes('exactly: http://localhost:4000/callback/oauth2'))
})

test('a redirect address that differs in one letter is told in the same way', async () => {
  const { clientId, clientSecret } = Object(
    await sandbox.admin('/apps', 'POST', {
      name: 'Wrong redirect',
      redirectUris: { web: ['http://localhost:4000/Callback/oauth2'] },
      secret: {},
    }),
  )
  const { code, remedy } = await tryWith({ clientId, secret: new Secret(clientSecret) })
  assert.equal(code, '50011')
  assert.ok(remedy.includes('exactly: http://localhost:4000/callback/oauth2'))
})

test('a redirect address registered for a single-page application is told', async () => {
  const { facts, remedy } = await tryWith(appOf('spa'))
  assert.match(String(facts['aadsts']), /AADSTS900232[57]/)
  assert.match(remedy, /add it under "Web"/)
})

test('an app that was switched off is told with who can switch it on', async () => {
  const { code, facts, who } = await tryWith(appOf('disabled'))
  assert.match(`${code} ${facts['aadsts']}`, /7000112/)
  assert.equal(who, 'entra-administrator')
})

test('a single-tenant app with /common endpoints is offered both endpoints of its directory', async () => {
  const { authority, orgUrl, tenantId } = sandbox.description
  const { code, pasted } = await tryWith({
    authorizationEndpoint: `${authority}/common/oauth2/authorize?resource=${encodeURIComponent(`${orgUrl}/`)}`,
    tokenEndpoint: `${authority}/common/oauth2/token`,
  })
  assert.equal(code, '50194')
  assert.equal(pasted, true)
  const [advice] = await hub.connect.review({
    authorizationEndpoint: `${authority}/common/oauth2/authorize`,
    tokenEndpoint: `${authority}/common/oauth2/token`,
    address: orgUrl,
  })
  assert.equal(advice?.change?.tokenEndpoint, `${authority}/${tenantId}/oauth2/token`)
  assert.equal(advice.change.authorizationEndpoint, `${authority}/${tenantId}/oauth2/authorize`)
})

test('AADSTS50194 on the callback carries the same offer', async () => {
  const { authority, tenantId } = sandbox.description
  await sandbox.admin('/faults', 'POST', {
    target: 'entra',
    kind: 'aadsts',
    number: 50194,
    place: 'callback',
    match: { path: '/authorize' },
  })
  const { facts, change, pasted } = await tryWith({
    authorizationEndpoint: `${authority}/common/oauth2/authorize`,
    tokenEndpoint: `${authority}/common/oauth2/token`,
  })
  assert.equal(pasted, false)
  assert.equal(facts['aadsts'], 'AADSTS50194')
  assert.deepEqual(change, {
    authorizationEndpoint: `${authority}/${tenantId}/oauth2/authorize`,
    tokenEndpoint: `${authority}/${tenantId}/oauth2/token`,
  })
})
