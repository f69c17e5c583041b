import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { Secret, systemRandom } from '../kernel/index.ts'
import { type AuthorizationRequest, buildAuthorizationRequest } from './authorization-request.ts'
import { parseEndpoints } from './endpoints.ts'

const ORG = 'https://orgfb974624.crm4.dynamics.com'
const V1 = {
  authorization: `https://login.windows.net/common/oauth2/authorize?resource=${encodeURIComponent(`${ORG}/`)}`,
  token: 'https://login.windows.net/common/oauth2/token',
}
const V2 = {
  authorization: 'https://login.microsoftonline.com/t.example/oauth2/v2.0/authorize',
  token: 'https://login.microsoftonline.com/t.example/oauth2/v2.0/token',
}

function build(endpoints: typeof V1, change: Partial<AuthorizationRequest> = {}) {
  const request: AuthorizationRequest = {
    endpoints: parseEndpoints(endpoints),
    client: {
      clientId: 'app 1',
      authentication: { method: 'secret', secret: new Secret('s3cret') },
    },
    resource: ORG,
    redirectUri: 'https://hub.example/callback/oauth2',
    state: 'st~a+te',
    ...change,
  }
  return buildAuthorizationRequest(request, systemRandom)
}

test("the guide's endpoint stays byte for byte at the head of the address", () => {
  assert.ok(build(V1).url.href.startsWith(`${V1.authorization}&response_type=code&`))
})

test('version 1 names the resource, of another environment too, and no scope', () => {
  const { searchParams } = build(V1, { resource: 'https://org2.crm4.dynamics.com' }).url
  assert.deepEqual(searchParams.getAll('resource'), ['https://org2.crm4.dynamics.com'])
  assert.equal(searchParams.has('scope'), false)
})

test('a resource that was pasted encoded twice goes out encoded once', () => {
  const authorization = `https://login.windows.net/common/oauth2/authorize?resource=${encodeURIComponent(encodeURIComponent(`${ORG}/`))}`
  const { searchParams } = build({ ...V1, authorization }).url
  assert.deepEqual(searchParams.getAll('resource'), [`${ORG}/`])
})

test('version 2 names a scope of the environment, and no resource', () => {
  const { searchParams } = build(V2, { resource: `${ORG}/` }).url
  assert.equal(searchParams.get('scope'), `${ORG}/user_impersonation offline_access openid profile`)
  assert.equal(searchParams.has('resource'), false)
})

test('a plain OAuth 2 server gets the scope that was set, and nothing of Entra', () => {
  const endpoints = {
    authorization: 'https://id.example/auth?x=1',
    token: 'https://id.example/token',
  }
  const { searchParams } = build(endpoints, { scope: 'crm offline' }).url
  assert.equal(searchParams.get('scope'), 'crm offline')
  assert.equal(searchParams.get('x'), '1')
  for (const name of ['resource', 'response_mode']) assert.equal(searchParams.has(name), false)
})

test('the challenge is the hash of the verifier, which stays out of the address', () => {
  const { url, codeVerifier } = build(V1)
  const verifier = codeVerifier.reveal()
  assert.match(verifier, /^[\w-]{43}$/)
  const hash = createHash('sha256').update(verifier).digest('base64url')
  assert.equal(url.searchParams.get('code_challenge'), hash)
  assert.equal(url.searchParams.get('code_challenge_method'), 'S256')
  assert.ok(!url.href.includes(verifier) && !url.href.includes('s3cret'))
})

test('state, redirect, prompt, hint and claims arrive as they were given', () => {
  const claims = '{"access_token":{"capolids":{"essential":true}}}'
  const { searchParams } = build(V1, {
    prompt: 'select_account',
    loginHint: 'a+b@x.example',
    claims,
  }).url
  assert.equal(searchParams.get('client_id'), 'app 1')
  assert.equal(searchParams.get('redirect_uri'), 'https://hub.example/callback/oauth2')
  assert.equal(searchParams.get('state'), 'st~a+te')
  assert.equal(searchParams.get('prompt'), 'select_account')
  assert.equal(searchParams.get('login_hint'), 'a+b@x.example')
  assert.equal(searchParams.get('claims'), claims)
})

test('a prompt in the pasted endpoint is kept, unless another is asked for', () => {
  const endpoints = { ...V1, authorization: `${V1.authorization}&prompt=login` }
  assert.deepEqual(build(endpoints).url.searchParams.getAll('prompt'), ['login'])
  const asked = build(endpoints, { prompt: 'consent' }).url
  assert.deepEqual(asked.searchParams.getAll('prompt'), ['consent'])
})

test('without an authorization endpoint nobody can be sent anywhere', () => {
  const endpoints = parseEndpoints({ token: V1.token })
  assert.throws(() => build(V1, { endpoints }), { code: 'endpoint_missing' })
})
