import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, mock, test } from 'node:test'
import { Secret, systemClock, systemRandom } from '../../src/kernel/index.ts'
import {
  buildAuthorizationRequest,
  type ClientAuthentication,
  pollDeviceCode,
  readAuthorizationResponse,
  redeemCode,
  refreshTokens,
  requestAppTokens,
  requestDeviceCode,
} from '../../src/oauth/index.ts'
import { createBrowser, type Page } from '../support/browser.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { certificatePath } from '../support/local-server.ts'
import { REDIRECT, SECRET, startStrictServer } from './strict-server.ts'

// Its advice for production is of no use here.
for (const level of ['info', 'warn'] as const) mock.method(console, level, () => undefined)

const server = await startStrictServer()
after(() => server.close())

const { endpoints } = server
const io = { send: server.send, clock: systemClock }
const secretApp = client('secret-app', { method: 'secret', secret: new Secret(SECRET) })

function client(clientId: string, authentication: ClientAuthentication) {
  const resource = 'https://org1.crm4.dynamics.com'
  return { endpoints, client: { clientId, authentication }, resource }
}

async function signInAs(
  name: string,
  begin: (open: (url: URL | string) => Promise<Page>) => Promise<Page>,
) {
  const browser = createBrowser({ stopAt: new URL(REDIRECT).origin })
  let page = await begin(browser.open)
  for (let step = 0; step < 6 && page.url.href.startsWith(server.origin); step += 1) {
    const label = page.forms
      .flatMap(({ buttons }) => buttons)
      .find(({ name }) => name !== 'abort')?.label
    if (label === undefined) return page
    page = await browser.press(page, label, { login: name, password: 'x' })
  }
  return page
}

async function signedIn() {
  const request = { ...secretApp, redirectUri: REDIRECT, scope: 'openid offline_access' }
  const asked = { ...request, state: 'st', prompt: 'consent' } as const
  const { url, codeVerifier } = buildAuthorizationRequest(asked, systemRandom)
  const page = await signInAs('ada', (open) => open(url))
  const { searchParams } = page.url
  assert.equal(searchParams.get('iss'), server.origin)
  const { code, state } = readAuthorizationResponse(searchParams, { endpoints })
  assert.equal(state, 'st')
  return { ...request, code, codeVerifier }
}

test('it is spoken to as plain OAuth 2', () => {
  assert.equal(endpoints.protocol, 'generic')
  assert.deepEqual(endpoints.warnings, [])
})

test('authorization code with PKCE, then refresh with rotation: the used token is spent', async () => {
  const request = await signedIn()
  const first = await redeemCode(request, io)
  assert.ok(first.refreshToken)
  const second = await refreshTokens({ ...secretApp, refreshToken: first.refreshToken }, io)
  assert.ok(second.refreshToken)
  assert.notEqual(second.refreshToken.reveal(), first.refreshToken.reveal())
  const again = refreshTokens({ ...secretApp, refreshToken: first.refreshToken }, io)
  await assert.rejects(again, { code: 'token_refused', affects: 'credential' })
  const revoked = refreshTokens({ ...secretApp, refreshToken: second.refreshToken }, io)
  await assert.rejects(revoked, { code: 'token_refused', affects: 'credential' })
})

test('a code is good once, and only with its verifier', async () => {
  const request = await signedIn()
  const foreign = new Secret('v'.repeat(43))
  const wrong = redeemCode({ ...request, codeVerifier: foreign }, io)
  await assert.rejects(wrong, { code: 'token_refused', affects: 'credential' })
  const other = await signedIn()
  await redeemCode(other, io)
  await assert.rejects(redeemCode(other, io), { code: 'token_refused', affects: 'credential' })
})

test('client credentials, with a secret of every kind of sign', async () => {
  const tokens = await requestAppTokens({ ...secretApp, scope: 'crm' }, io)
  assert.equal(tokens.scope, 'crm')
  assert.ok(tokens.expiresAt > Date.now())
  assert.equal(tokens.refreshToken, undefined)
})

test('a wrong secret is the fault of the Auth Client', async () => {
  const wrong = client('secret-app', { method: 'secret', secret: new Secret('nope') })
  const asked = requestAppTokens({ ...wrong, scope: 'crm' }, io)
  await assert.rejects(asked, { code: 'token_refused', affects: 'auth-client' })
})

test('private_key_jwt by a certificate', async () => {
  const app = client('certificate-app', {
    method: 'certificate',
    certificatePem: readFileSync(certificatePath('client'), 'utf8'),
    privateKeyPem: new Secret(readFileSync(certificatePath('client', true), 'utf8')),
  })
  const tokens = await requestAppTokens({ ...app, scope: 'crm' }, io)
  assert.equal(tokens.scope, 'crm')
})

test('device code: pending until the person has signed in elsewhere', async () => {
  const app = { ...client('device-app', { method: 'none' }), scope: 'openid offline_access' }
  const device = await requestDeviceCode(app, io)
  const clock = new FakeClock(device.expiresAt - 600_000)
  let asked = 0
  const send: typeof server.send = (request) => {
    asked += 1
    return server.send(request)
  }
  const polling = pollDeviceCode({ ...app, device }, { send, clock })
  clock.advance(device.intervalMs)
  while (asked === 0 || clock.sleeping === 0) await new Promise((resolve) => setImmediate(resolve))
  const done = await signInAs('ada', (open) => open(device.verificationUriComplete ?? ''))
  assert.match(done.heading, /success/i)
  clock.advance(device.intervalMs)
  assert.ok((await polling).refreshToken)
  assert.equal(asked, 2)
})
