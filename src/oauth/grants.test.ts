import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { FakeClock } from '../../test/support/fake-clock.ts'
import { startScriptedEndpoint } from '../../test/support/scripted-endpoint.ts'
import { Secret } from '../kernel/index.ts'
import { parseEndpoints } from './endpoints.ts'
import { redeemCode, refreshTokens, requestAppTokens } from './grants.ts'
import type { GrantRequest } from './oauth-client.ts'

const NOW = Date.UTC(2026, 5, 1)
const ORG = 'https://org1.crm4.dynamics.com'
// A secret of the alphabet that Entra uses, and of the one that breaks a careless encoder.
const SECRET = '6gyXA5S20@MN+WRXAJ]I-TO7g1:h2P8~._%20&=é'

const server = await startScriptedEndpoint()
after(() => server.close())

const io = { send: server.send, clock: new FakeClock(NOW) }

function request(path: string, change: Partial<GrantRequest> = {}): GrantRequest {
  return {
    endpoints: parseEndpoints({ token: `${server.origin}${path}` }),
    client: { clientId: 'app-1', authentication: { method: 'secret', secret: new Secret(SECRET) } },
    resource: `${ORG}/`,
    ...change,
  }
}

const code = {
  redirectUri: 'https://hub.example/callback/oauth2',
  code: new Secret('c0de'),
  codeVerifier: new Secret('verifier-0123456789-0123456789-0123456789-0123'),
}
const TOKENS = { token_type: 'Bearer', access_token: 'opaque', expires_in: 3599 }

const formOf = () => Object.fromEntries(server.calls[0]?.form ?? [])

test('a code is redeemed with its redirect, its verifier, the secret once encoded, and the resource', async () => {
  server.answer(TOKENS)
  await redeemCode({ ...request('/common/oauth2/token'), ...code }, io)
  assert.deepEqual(formOf(), {
    grant_type: 'authorization_code',
    client_id: 'app-1',
    client_secret: SECRET,
    code: 'c0de',
    redirect_uri: code.redirectUri,
    code_verifier: code.codeVerifier.reveal(),
    resource: `${ORG}/`,
  })
  assert.equal(server.calls[0]?.headers['authorization'], undefined)
})

test('version 2 is asked by scope, also on a refresh', async () => {
  server.answer(TOKENS)
  const refreshToken = new Secret('r1')
  await refreshTokens({ ...request('/t/oauth2/v2.0/token'), refreshToken }, io)
  const { grant_type, refresh_token, scope, resource } = formOf()
  assert.deepEqual([grant_type, refresh_token, resource], ['refresh_token', 'r1', undefined])
  assert.equal(scope, `${ORG}/user_impersonation offline_access openid profile`)
})

test('a plain OAuth 2 server is asked for no more than the grant', async () => {
  server.answer(TOKENS)
  const refreshToken = new Secret('r1')
  await refreshTokens({ ...request('/token', { scope: 'crm' }), refreshToken }, io)
  assert.deepEqual(Object.keys(formOf()).sort(), [
    'client_id',
    'client_secret',
    'grant_type',
    'refresh_token',
  ])
})

test('an app asks for everything that it was granted on the environment', async () => {
  server.answer(TOKENS, TOKENS, TOKENS)
  await requestAppTokens(request('/t.example/oauth2/v2.0/token'), io)
  await requestAppTokens(request('/t.example/oauth2/token'), io)
  await requestAppTokens(request('/token', { scope: 'crm' }), io)
  const asked = server.calls.map(({ form }) => [form.get('scope'), form.get('resource')])
  assert.deepEqual(asked, [
    [`${ORG}/.default`, null],
    [null, `${ORG}/`],
    ['crm', null],
  ])
})

test('an app is not sent through a shared tenant', async () => {
  server.answer()
  for (const tenant of ['common', 'organizations', 'consumers']) {
    const refused = requestAppTokens(request(`/${tenant}/oauth2/token`), io)
    await assert.rejects(refused, { code: 'shared_tenant_refused' })
  }
  assert.equal(server.calls.length, 0)
})

test("version 1's strings are numbers, and its unsigned id_token tells who signed in", async () => {
  const claims = { tid: 'tenant', oid: 'object', upn: 'ada@x.example', name: 'Ada' }
  server.answer({
    token_type: 'Bearer',
    scope: 'user_impersonation',
    expires_in: '3599',
    ext_expires_in: '0',
    expires_on: '1746197909',
    not_before: '1746194009',
    resource: `${ORG}/`,
    access_token: 'opaque',
    refresh_token: 'r2',
    id_token: `${base64({ alg: 'none', typ: 'JWT' })}.${base64(claims)}.`,
  })
  const tokens = await redeemCode({ ...request('/common/oauth2/token'), ...code }, io)
  assert.equal(tokens.accessToken.reveal(), 'opaque')
  assert.equal(tokens.refreshToken?.reveal(), 'r2')
  assert.equal(tokens.expiresAt, NOW + 3_599_000)
  assert.deepEqual(tokens.account, {
    tenantId: 'tenant',
    objectId: 'object',
    userPrincipalName: 'ada@x.example',
    name: 'Ada',
  })
})

test('without a usable lifetime a token is taken to be good for an hour', async () => {
  for (const expires_in of [undefined, null, 'soon', -5]) {
    server.answer({ ...TOKENS, expires_in })
    const { expiresAt } = await requestAppTokens(request('/t/oauth2/token'), io)
    assert.equal(expiresAt, NOW + 3_600_000, String(expires_in))
  }
})

test('without a new refresh token there is none in the answer: the old one stays good', async () => {
  server.answer(TOKENS, { ...TOKENS, refresh_token: '' })
  const asked = { ...request('/t/oauth2/token'), refreshToken: new Secret('r1') }
  assert.equal((await refreshTokens(asked, io)).refreshToken, undefined)
  assert.equal((await refreshTokens(asked, io)).refreshToken, undefined)
})

function base64(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
