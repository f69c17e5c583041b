import assert from 'node:assert/strict'
import { createHash, createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { test } from 'node:test'
import {
  ConfidentialClientApplication,
  CryptoProvider,
  PublicClientApplication,
} from '@azure/msal-node'
import { issueCertificate } from '../../src/listen/certificates.ts'
import { type Bench, CALLBACK } from '../bench.ts'
import { Browser } from '../browser.ts'
import { startTrusted } from './trust.ts'

const DAY = 86_400_000

function authorityOf(bench: Bench) {
  const { host } = new URL(bench.line.authority)
  return { authority: `${bench.line.authority}/${bench.line.tenantId}`, knownAuthorities: [host] }
}

function confidential(bench: Bench): ConfidentialClientApplication {
  const { clientId, clientSecret } = bench.line
  return new ConfidentialClientApplication({
    auth: { clientId, clientSecret, ...authorityOf(bench) },
  })
}

test('MSAL gets an app-only token by secret, and a wrong secret is told as such', async (t) => {
  const bench = await startTrusted(t)
  const scopes = [`${bench.line.orgUrl}/.default`]
  const result = await confidential(bench).acquireTokenByClientCredential({ scopes })
  assert.equal((await bench.whoAmI(result?.accessToken)).status, 200)
  const { clientId } = bench.line
  const wrong = new ConfidentialClientApplication({
    auth: { clientId, clientSecret: 'wrong', ...authorityOf(bench) },
  })
  await assert.rejects(wrong.acquireTokenByClientCredential({ scopes }), {
    errorCode: 'invalid_client',
  })
})

test('MSAL gets an app-only token by certificate', async (t) => {
  const bench = await startTrusted(t)
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const privateKey = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const pem = await issueCertificate({
    subject: 'hub',
    key: createPrivateKey(privateKey),
    authority: false,
    names: [],
    notBefore: Date.now() - DAY,
    notAfter: Date.now() + DAY,
  })
  const { clientId } = bench.app('certificate')
  await bench.admin('PATCH', `/apps/${clientId}`, { addCertificate: pem })
  const thumbprintSha256 = createHash('sha256').update(new X509Certificate(pem).raw).digest('hex')
  const client = new ConfidentialClientApplication({
    auth: { clientId, clientCertificate: { thumbprintSha256, privateKey }, ...authorityOf(bench) },
  })
  const result = await client.acquireTokenByClientCredential({
    scopes: [`${bench.line.orgUrl}/.default`],
  })
  assert.equal((await bench.whoAmI(result?.accessToken)).status, 200)
})

test('MSAL signs a user in with PKCE and renews silently', async (t) => {
  const bench = await startTrusted(t)
  const client = confidential(bench)
  const scopes = [`${bench.line.orgUrl}/user_impersonation`]
  const { verifier, challenge } = await new CryptoProvider().generatePkceCodes()
  const url = await client.getAuthCodeUrl({
    scopes,
    redirectUri: CALLBACK,
    codeChallenge: challenge,
    codeChallengeMethod: 'S256',
    state: 'state-1',
  })
  const code = await bench.code(url)
  const result = await client.acquireTokenByCode({
    code,
    scopes,
    redirectUri: CALLBACK,
    codeVerifier: verifier,
  })
  assert.equal(result.account?.username, bench.user('admin').username)
  assert.equal((await bench.whoAmI(result.accessToken)).status, 200)
  const account = result.account
  assert.ok(account)
  const renewed = await client.acquireTokenSilent({ account, scopes, forceRefresh: true })
  assert.equal(renewed.fromCache, false)
  assert.equal((await bench.whoAmI(renewed.accessToken)).status, 200)
})

test('MSAL signs a device in', async (t) => {
  const bench = await startTrusted(t)
  const { clientId } = bench.app('native')
  const client = new PublicClientApplication({ auth: { clientId, ...authorityOf(bench) } })
  const browser = new Browser()
  const result = await client.acquireTokenByDeviceCode({
    scopes: [`${bench.line.orgUrl}/user_impersonation`],
    deviceCodeCallback: async ({ verificationUri, userCode }) => {
      const page = await browser.open(verificationUri)
      const signIn = await browser.press(page, 'Next', { otc: userCode })
      const { username, password } = bench.user('member')
      const question = await browser.press(signIn, 'Sign in', { login: username, passwd: password })
      await browser.press(question, 'Continue')
    },
  })
  assert.equal((await bench.whoAmI(result?.accessToken)).status, 200)
})
