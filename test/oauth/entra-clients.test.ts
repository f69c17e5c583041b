import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { exportJWK, SignJWT } from 'jose'
import { Secret, silentLogger, systemClock, systemRandom } from '../../src/kernel/index.ts'
import {
  buildAuthorizationRequest,
  type ClientAuthentication,
  discover,
  type OAuthError,
  parseEndpoints,
  pollDeviceCode,
  readAuthorizationResponse,
  readClaims,
  redeemCode,
  requestAppTokens,
  requestDeviceCode,
} from '../../src/oauth/index.ts'
import { createEgress, createSender } from '../../src/transport/index.ts'
import { createBrowser, signIn } from '../support/browser.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { certificatePath } from '../support/local-server.ts'
import { startSandbox } from '../support/sandbox.ts'

const REDIRECT = 'http://localhost:4000/callback/oauth2'
const certificatePem = readFileSync(certificatePath('client'), 'utf8')
const privateKeyPem = new Secret(readFileSync(certificatePath('client', true), 'utf8'))

const sandbox = await startSandbox()
const { authority, orgUrl } = sandbox.description
const egress = createEgress({ allow: [authority, orgUrl] })
const sender = createSender({ egress, clock: systemClock, logger: silentLogger })
const io = { send: sender.send, clock: systemClock }
const folder = mkdtempSync(join(tmpdir(), 'fairlead-oauth-'))
after(async () => {
  rmSync(folder, { recursive: true })
  await sender.close()
  await sandbox.close()
})

const found = await discover(orgUrl, { ...io, trustedLoginOrigins: [authority] })
const versions = [found.endpoints.v1, found.endpoints.v2].map((pair) => parseEndpoints(pair))

async function register(body: Readonly<Record<string, unknown>>): Promise<string> {
  const app = await sandbox.admin('/apps', 'POST', {
    secret: false,
    redirectUris: { web: [REDIRECT] },
    ...body,
  })
  const clientId = Object(app).clientId
  assert.equal(typeof clientId, 'string', JSON.stringify(app))
  return clientId
}

for (const endpoints of versions) {
  test(`a certificate signs a person in at ${endpoints.protocol}, and the app itself`, async () => {
    const clientId = await register({ name: 'By certificate', certificate: certificatePem })
    const authentication = { method: 'certificate', certificatePem, privateKeyPem } as const
    const request = {
      endpoints,
      client: { clientId, authentication },
      resource: found.resource,
      redirectUri: REDIRECT,
    }
    const sent = buildAuthorizationRequest({ ...request, state: 's' }, systemRandom)
    const browser = createBrowser({ stopAt: 'http://localhost:4000' })
    const page = await signIn(browser, sent.url, sandbox.user('admin'))
    const { code } = readAuthorizationResponse(page.url.searchParams, { endpoints })
    const { codeVerifier } = sent
    const delegated = await redeemCode({ ...request, code, codeVerifier }, io)
    assert.equal(delegated.account?.objectId, sandbox.user('admin').objectId)
    const own = await requestAppTokens(request, io)
    assert.equal(readClaims(own.accessToken)?.clientId, clientId)
    assert.equal(own.refreshToken, undefined)
  })
}

test('a certificate that the app does not know is explained', async () => {
  const clientId = await register({ name: 'Without certificate', secret: {} })
  const refused = appTokens(clientId, { method: 'certificate', certificatePem, privateKeyPem })
  await assert.rejects(refused, (error: OAuthError) => {
    assert.deepEqual([error.affects, error.failure?.numbers], ['auth-client', [700027]])
    return /certificate/i.test(error.explanation.remedy)
  })
})

test('an assertion file that the platform renews is read each time', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const [issuer, subject] = ['https://cluster.example', 'system:serviceaccount:crm:hub']
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' }
  const clientId = await register({
    name: 'By federation',
    federatedCredential: { issuer, subject, jwks: { keys: [jwk] } },
  })
  const file = join(folder, 'assertion')
  const write = async (named: string) => {
    const token = new SignJWT()
      .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
      .setIssuer(issuer)
      .setSubject(named)
      .setAudience('api://AzureADTokenExchange')
      .setIssuedAt()
      .setExpirationTime('5m')
    writeFileSync(file, await token.sign(privateKey))
  }
  const readAssertion = async (signal?: AbortSignal) =>
    new Secret(await readFile(file, { encoding: 'utf8', ...(signal && { signal }) }))
  const authentication = { method: 'federated', readAssertion } as const
  await write('system:serviceaccount:crm:other')
  await assert.rejects(appTokens(clientId, authentication), { code: 'token_refused' })
  await write(subject)
  assert.ok((await appTokens(clientId, authentication)).accessToken)
})

test('an app that allows no public client flows is told so at the first poll', async () => {
  const clientId = await register({ name: 'Confidential', secret: {} })
  const client = { clientId, authentication: { method: 'none' } } as const
  const [endpoints] = versions
  assert.ok(endpoints)
  const request = { endpoints, client, resource: found.resource }
  const device = await requestDeviceCode(request, io)
  const clock = new FakeClock()
  const polling = pollDeviceCode(
    { ...request, device: { ...device, expiresAt: clock.now() + 60_000 } },
    { ...io, clock },
  )
  clock.advance(device.intervalMs)
  await assert.rejects(polling, (error: OAuthError) => {
    assert.deepEqual(error.failure?.numbers, [7000218])
    return /public client flows/i.test(error.explanation.remedy)
  })
})

function appTokens(clientId: string, authentication: ClientAuthentication) {
  const [endpoints] = versions
  assert.ok(endpoints)
  const client = { clientId, authentication }
  return requestAppTokens({ endpoints, client, resource: found.resource }, io)
}
