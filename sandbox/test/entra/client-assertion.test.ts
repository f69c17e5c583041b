import assert from 'node:assert/strict'
import {
  createHash,
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  X509Certificate,
} from 'node:crypto'
import { test } from 'node:test'
import { exportJWK, SignJWT } from 'jose'
import { issueCertificate } from '../../src/listen/certificates.ts'
import { Bench, refused } from '../bench.ts'

const DAY = 86_400_000
const KEY = newKey()
const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

function newKey(): KeyObject {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return createPrivateKey(privateKey.export({ type: 'pkcs8', format: 'pem' }))
}

function certificate(days = 30): Promise<string> {
  const now = Date.now()
  return issueCertificate({
    subject: 'hub',
    key: KEY,
    authority: false,
    names: [],
    notBefore: now - DAY,
    notAfter: now + days * DAY,
  })
}

interface Change {
  readonly alg?: 'PS256' | 'RS256'
  readonly header?: Record<string, string>
  readonly claims?: Record<string, unknown>
  readonly key?: KeyObject
}

async function assertion(bench: Bench, pem: string, change: Change = {}): Promise<string> {
  const { clientId } = bench.app('certificate')
  const digest = createHash('sha256').update(new X509Certificate(pem).raw).digest('base64url')
  const now = Math.floor(Date.now() / 1000)
  const claims = {
    aud: `${bench.line.authority}${bench.v2('token')}`,
    iss: clientId,
    sub: clientId,
    jti: 'one',
    nbf: now,
    exp: now + 600,
    ...change.claims,
  }
  return new SignJWT(claims)
    .setProtectedHeader({
      alg: change.alg ?? 'PS256',
      typ: 'JWT',
      ...(change.header ?? { 'x5t#S256': digest }),
    })
    .sign(change.key ?? KEY)
}

async function prepared(t: Parameters<typeof Bench.start>[0], days?: number) {
  const pem = await certificate(days)
  const bench = await Bench.start(t)
  const { clientId } = bench.app('certificate')
  await bench.admin('PATCH', `/apps/${clientId}`, { addCertificate: pem })
  const ask = (client_assertion: string) =>
    bench.token(
      {
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: undefined,
        client_assertion,
        client_assertion_type: TYPE,
        scope: `${bench.line.orgUrl}/.default`,
      },
      bench.v2('token'),
    )
  return { bench, pem, ask }
}

test('a certificate proves the client by PS256 with x5t#S256 and by RS256 with x5t', async (t) => {
  const { bench, pem, ask } = await prepared(t)
  const modern = await ask(await assertion(bench, pem))
  assert.equal(modern.status, 200, modern.text)
  assert.equal((await bench.whoAmI(modern.body['access_token'])).status, 200)
  const x5t = createHash('sha1').update(new X509Certificate(pem).raw).digest('base64url')
  const legacy = await assertion(bench, pem, { alg: 'RS256', header: { x5t } })
  assert.equal((await ask(legacy)).status, 200)
})

test('an unknown thumbprint and a signature of another key are both 700027', async (t) => {
  const { bench, pem, ask } = await prepared(t)
  const unknown = await assertion(bench, pem, { header: { 'x5t#S256': 'AAAA' } })
  const answer = await ask(unknown)
  refused(answer, 700027, 'invalid_client', 401)
  assert.match(answer.text, /The key was not found/)
  refused(await ask(await assertion(bench, pem, { key: newKey() })), 700027, 'invalid_client', 401)
})

test('kid alone names no key', async (t) => {
  const { bench, pem, ask } = await prepared(t)
  refused(
    await ask(await assertion(bench, pem, { header: { kid: 'AAAA' } })),
    50027,
    'invalid_client',
    401,
  )
})

test('wrong audience, wrong issuer, and times off by more than five minutes have codes of their own', async (t) => {
  const { bench, pem, ask } = await prepared(t)
  const now = Math.floor(Date.now() / 1000)
  const cases: readonly [Record<string, unknown>, number][] = [
    [{ aud: 'https://login.microsoftonline.com/' }, 700023],
    [{ sub: 'somebody' }, 700021],
    [{ exp: now - 600 }, 700024],
    [{ nbf: now + 600, exp: now + 1200 }, 700024],
    [{ jti: undefined }, 50027],
  ]
  for (const [claims, number] of cases) {
    refused(await ask(await assertion(bench, pem, { claims })), number, 'invalid_client', 401)
  }
})

test('an expired certificate is 1000502, and no JWT is 50027', async (t) => {
  const { bench, pem, ask } = await prepared(t, -0.5)
  refused(await ask(await assertion(bench, pem)), 1000502, 'invalid_client', 401)
  refused(await ask('not a token'), 50027, 'invalid_client', 401)
})

test('a workload identity proves the client by issuer, subject and audience', async (t) => {
  const bench = await Bench.start(t)
  const jwk = await exportJWK(KEY)
  const { n, e, kty } = jwk
  const issuer = 'https://tokens.ci.example'
  const audience = 'api://AzureADTokenExchange'
  const { clientId } = bench.app('certificate')
  await bench.admin('PATCH', `/apps/${clientId}`, {
    addFederatedCredential: {
      issuer,
      subject: 'repo:hub',
      jwks: { keys: [{ n, e, kty, kid: 'ci' }] },
    },
  })
  const ask = async (subject: string, key = KEY) => {
    const client_assertion = await new SignJWT({ iss: issuer, sub: subject, aud: audience })
      .setProtectedHeader({ alg: 'RS256', kid: 'ci' })
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(key)
    return bench.token({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: undefined,
      client_assertion,
      client_assertion_type: TYPE,
      resource: bench.resource,
    })
  }
  assert.equal((await ask('repo:hub')).status, 200)
  refused(await ask('repo:other'), 70021, 'invalid_request')
  refused(await ask('repo:hub', newKey()), 50012, 'invalid_client', 401)
})

test('an assertion that is good for more than ten minutes is refused', async (t) => {
  const { bench, pem, ask } = await prepared(t)
  const exp = Math.floor(Date.now() / 1000) + 3600
  refused(
    await ask(await assertion(bench, pem, { claims: { exp } })),
    700024,
    'invalid_client',
    401,
  )
})
