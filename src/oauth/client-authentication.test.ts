import assert from 'node:assert/strict'
import {
  constants,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  verify,
  X509Certificate,
} from 'node:crypto'
import { readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { FakeClock } from '../../test/support/fake-clock.ts'
import { certificatePath } from '../../test/support/local-server.ts'
import { startScriptedEndpoint } from '../../test/support/scripted-endpoint.ts'
import { Secret } from '../kernel/index.ts'
import { readCertificate } from './certificate.ts'
import { parseEndpoints } from './endpoints.ts'
import { requestAppTokens } from './grants.ts'
import type { ClientAuthentication } from './oauth-client.ts'

const NOW = Date.UTC(2026, 5, 1, 12)
const certificatePem = readFileSync(certificatePath('client'), 'utf8')
const privateKeyPem = new Secret(readFileSync(certificatePath('client', true), 'utf8'))

const server = await startScriptedEndpoint()
after(() => server.close())

const tokenEndpoint = `${server.origin}/tenant.example/oauth2/v2.0/token`

async function formWith(authentication: ClientAuthentication) {
  server.answer({ token_type: 'Bearer', access_token: 'a', expires_in: 1 })
  const request = {
    endpoints: parseEndpoints({ token: tokenEndpoint }),
    client: { clientId: 'app-1', authentication },
    resource: 'https://org1.crm4.dynamics.com',
  }
  await requestAppTokens(request, { send: server.send, clock: new FakeClock(NOW) })
  return Object.fromEntries(server.calls[0]?.form ?? [])
}

test('a certificate signs an assertion for this endpoint, by the clock it was given', async () => {
  const form = await formWith({ method: 'certificate', certificatePem, privateKeyPem })
  const [header = '', payload = '', signature = ''] = form['client_assertion']?.split('.') ?? []
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString())
  const { thumbprintSha256 } = readCertificate(certificatePem)
  assert.deepEqual(read(header), { alg: 'PS256', typ: 'JWT', 'x5t#S256': thumbprintSha256 })
  const { jti, ...claims } = read(payload)
  const seconds = NOW / 1000
  assert.deepEqual(claims, {
    aud: tokenEndpoint,
    iss: 'app-1',
    sub: 'app-1',
    iat: seconds,
    nbf: seconds,
    exp: seconds + 300,
  })
  assert.ok(String(jti).length >= 16)
  const key = createPublicKey(certificatePem)
  const options = { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
  const signed = Buffer.from(`${header}.${payload}`)
  assert.ok(verify('sha256', signed, options, Buffer.from(signature, 'base64url')))
  assert.equal(form['client_secret'], undefined)
  assert.match(form['client_assertion_type'] ?? '', /jwt-bearer$/)
})

test('two requests carry two assertions', async () => {
  const authentication = { method: 'certificate', certificatePem, privateKeyPem } as const
  const first = await formWith(authentication)
  const second = await formWith(authentication)
  assert.notEqual(first['client_assertion'], second['client_assertion'])
})

test('the thumbprint is what the portal shows', () => {
  const facts = readCertificate(certificatePem)
  const sha1 = new X509Certificate(certificatePem).fingerprint
  assert.equal(facts.thumbprint, sha1.replaceAll(':', ''))
  assert.match(facts.subject, /Fairlead test client/)
  assert.ok(facts.notBefore < facts.notAfter)
})

test('a key of another certificate, of another kind, or no key at all is told at once', async () => {
  const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const pems = [foreign, curve].map((key) =>
    key.export({ type: 'pkcs8', format: 'pem' }).toString(),
  )
  for (const pem of [...pems, 'no key']) {
    const authentication = {
      method: 'certificate',
      certificatePem,
      privateKeyPem: new Secret(pem),
    } as const
    await assert.rejects(formWith(authentication), (error: { code: string; affects: string }) => {
      assert.deepEqual([error.code, error.affects], ['certificate_unusable', 'auth-client'])
      return !JSON.stringify(error).includes(pem.slice(40, 80) || 'no key at all')
    })
  }
  const none = { method: 'certificate', certificatePem: 'x', privateKeyPem } as const
  await assert.rejects(formWith(none), { code: 'certificate_unusable' })
})

test('a key in the older PKCS#1 form is read as well', async () => {
  const pem = createPrivateKey(privateKeyPem.reveal()).export({ type: 'pkcs1', format: 'pem' })
  const older = new Secret(pem.toString())
  const form = await formWith({ method: 'certificate', certificatePem, privateKeyPem: older })
  assert.ok(form['client_assertion'])
})

test('a federated assertion is read anew for every request', async () => {
  let reads = 0
  const readAssertion = async () => {
    reads += 1
    return new Secret(`head.claims${reads}.signature\n`)
  }
  const sent = [
    await formWith({ method: 'federated', readAssertion }),
    await formWith({ method: 'federated', readAssertion }),
  ]
  assert.deepEqual(
    sent.map((form) => form['client_assertion']),
    ['head.claims1.signature', 'head.claims2.signature'],
  )
})

test('an assertion that cannot be read, or is none, names the operator', async () => {
  const readers = [() => Promise.reject(new Error('ENOENT')), async () => new Secret('not a jwt')]
  for (const readAssertion of readers) {
    await assert.rejects(formWith({ method: 'federated', readAssertion }), {
      code: 'federated_assertion_unreadable',
    })
  }
})

test('a public client sends its id and nothing else', async () => {
  const form = await formWith({ method: 'none' })
  assert.deepEqual(Object.keys(form).sort(), ['client_id', 'grant_type', 'scope'])
})
