import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Secret, silentLogger, systemClock, systemRandom } from '../../src/kernel/index.ts'
import {
  buildAuthorizationRequest,
  discover,
  parseEndpoints,
  readAuthorizationResponse,
  readClaims,
  redeemCode,
  refreshTokens,
} from '../../src/oauth/index.ts'
import { createEgress, createSender } from '../../src/transport/index.ts'
import { createBrowser, signIn } from '../support/browser.ts'
import { startSandbox } from '../support/sandbox.ts'

// What the guide tells a person to paste, letter for letter.
const AUTHORIZATION =
  'https://login.windows.net/common/oauth2/authorize?resource=https%3A%2F%2Forgfb974624.crm4.dynamics.com%2F'
const TOKEN = 'https://login.windows.net/common/oauth2/token'
const ADDRESS = 'https://orgfb974624.crm4.dynamics.com/'
const REDIRECT = 'http://localhost:4000/callback/oauth2'

const sandbox = await startSandbox({ https: true })
const { authority, orgUrl, caFile, tenantId } = sandbox.description
const entra = `127.0.0.1:${new URL(authority).port}`
const connectTo = {
  'login.windows.net:443': entra,
  'login.microsoftonline.com:443': entra,
  'orgfb974624.crm4.dynamics.com:443': `127.0.0.1:${new URL(orgUrl).port}`,
}
// Nothing is allowed by the operator: every host passes as one of Microsoft's, certificate and all.
const egress = createEgress({ allow: [], connectTo, ...(caFile === null ? {} : { caFile }) })
const sender = createSender({ egress, clock: systemClock, logger: silentLogger })
const io = { send: sender.send, clock: systemClock }
after(async () => {
  await sender.close()
  await sandbox.close()
})

const browserOptions = { connectTo, stopAt: 'http://localhost:4000', ...(caFile ? { caFile } : {}) }

test("the guide's literal endpoints lead a multi-tenant app through sign-in and consent to tokens", async () => {
  const { clientId, clientSecret } = sandbox.app('multiTenant')
  const endpoints = parseEndpoints({
    authorization: AUTHORIZATION,
    token: TOKEN,
    environmentUrl: ADDRESS,
  })
  assert.deepEqual(endpoints.warnings, [])
  const secret = new Secret(clientSecret ?? '')
  const request = {
    endpoints,
    client: { clientId, authentication: { method: 'secret', secret } },
    resource: ADDRESS,
    redirectUri: REDIRECT,
  } as const
  const { url, codeVerifier } = buildAuthorizationRequest({ ...request, state: 's' }, systemRandom)
  assert.ok(url.href.startsWith(`${AUTHORIZATION}&`))
  const browser = createBrowser(browserOptions)
  const consent = await signIn(browser, url, sandbox.user('admin'))
  assert.equal(consent.url.origin + consent.url.pathname, REDIRECT)
  const { code, state } = readAuthorizationResponse(consent.url.searchParams, { endpoints })
  assert.equal(state, 's')
  const tokens = await redeemCode({ ...request, code, codeVerifier }, io)
  assert.equal(tokens.account?.tenantId, tenantId)
  assert.equal(readClaims(tokens.accessToken)?.audience, ADDRESS)
  const whoAmI = await sender.send({
    method: 'GET',
    url: new URL('/api/data/v9.2/WhoAmI', ADDRESS),
    headers: { authorization: `Bearer ${tokens.accessToken.reveal()}` },
  })
  assert.match(await whoAmI.text(), /"OrganizationId"/)
  assert.ok(tokens.refreshToken)
  const refreshed = await refreshTokens({ ...request, refreshToken: tokens.refreshToken }, io)
  assert.notEqual(refreshed.accessToken.reveal(), tokens.accessToken.reveal())
})

test("from the guide's address alone, directory and endpoints are found", async () => {
  const found = await discover('orgfb974624.crm4.dynamics.com', { ...io, trustedLoginOrigins: [] })
  assert.equal(found.tenantId, tenantId)
  assert.equal(found.resource, ADDRESS)
  assert.equal(parseEndpoints(found.endpoints.v1).resource, ADDRESS)
})

test('a single-tenant app is stopped by AADSTS50194 on the page, as the guide does not say', async () => {
  const { clientId } = sandbox.app('singleTenant')
  const endpoints = parseEndpoints({ authorization: AUTHORIZATION, token: TOKEN })
  const client = { clientId, authentication: { method: 'none' } } as const
  const request = { endpoints, client, resource: ADDRESS, redirectUri: REDIRECT, state: 's' }
  const { url } = buildAuthorizationRequest(request, systemRandom)
  const page = await createBrowser(browserOptions).open(url)
  assert.match(page.text, /AADSTS50194/)
})

test('without the CA file the same hosts are not trusted', async () => {
  const strict = createEgress({ allow: [], connectTo })
  const other = createSender({ egress: strict, clock: systemClock, logger: silentLogger })
  const request = { method: 'GET', url: new URL(AUTHORIZATION), headers: {} }
  await assert.rejects(other.send(request), { code: 'tls_failed' })
  await other.close()
})
