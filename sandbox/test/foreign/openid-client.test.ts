import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as client from 'openid-client'
import { type Bench, CALLBACK } from '../bench.ts'
import { Browser } from '../browser.ts'
import { startTrusted } from './trust.ts'

function discover(bench: Bench, clientId: string, secret?: string): Promise<client.Configuration> {
  const server = new URL(`${bench.line.authority}/${bench.line.tenantId}/v2.0`)
  return client.discovery(
    server,
    clientId,
    secret,
    secret ? client.ClientSecretPost(secret) : client.None(),
  )
}

test('openid-client signs a user in by PKCE over v2 and refreshes', async (t) => {
  const bench = await startTrusted(t)
  const config = await discover(bench, bench.line.clientId, bench.line.clientSecret)
  const pkceCodeVerifier = client.randomPKCECodeVerifier()
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: CALLBACK,
    scope: `openid offline_access ${bench.line.orgUrl}/user_impersonation`,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: 'state-1',
    nonce: 'nonce-1',
  })
  const browser = new Browser()
  const { callback } = await browser.press(await bench.signIn(url.href, 'admin', browser), 'Accept')
  assert.ok(callback)
  const checks = { pkceCodeVerifier, expectedState: 'state-1', expectedNonce: 'nonce-1' }
  const tokens = await client.authorizationCodeGrant(config, callback, checks)
  assert.equal(tokens.claims()?.['tid'], bench.line.tenantId)
  assert.equal((await bench.whoAmI(tokens.access_token)).status, 200)
  const renewed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '')
  assert.equal((await bench.whoAmI(renewed.access_token)).status, 200)
})

test('openid-client gets an app-only token with the secret in the body and in a Basic header', async (t) => {
  const bench = await startTrusted(t)
  const { clientId, clientSecret } = bench.line
  const scope = `${bench.line.orgUrl}/.default`
  const inBody = await discover(bench, clientId, clientSecret)
  const server = new URL(`${bench.line.authority}/${bench.line.tenantId}/v2.0`)
  const inHeader = await client.discovery(
    server,
    clientId,
    clientSecret,
    client.ClientSecretBasic(clientSecret),
  )
  for (const config of [inBody, inHeader]) {
    const tokens = await client.clientCredentialsGrant(config, { scope })
    assert.equal((await bench.whoAmI(tokens.access_token)).status, 200)
  }
})

test('openid-client reads a refusal with its AADSTS text', async (t) => {
  const bench = await startTrusted(t)
  const config = await discover(bench, bench.line.clientId, 'wrong')
  const scope = `${bench.line.orgUrl}/.default`
  await assert.rejects(client.clientCredentialsGrant(config, { scope }), (error) => {
    assert.ok(error instanceof client.ResponseBodyError)
    assert.equal(error.error, 'invalid_client')
    assert.match(error.error_description ?? '', /^AADSTS7000215: /)
    return true
  })
})

test('openid-client signs a device in', async (t) => {
  const bench = await startTrusted(t)
  const config = await discover(bench, bench.app('native').clientId)
  const scope = `offline_access ${bench.line.orgUrl}/user_impersonation`
  const answer = await client.initiateDeviceAuthorization(config, { scope })
  const browser = new Browser()
  const page = await browser.open(answer.verification_uri)
  const signIn = await browser.press(page, 'Next', { otc: answer.user_code })
  const { username, password } = bench.user('member')
  await browser.press(
    await browser.press(signIn, 'Sign in', { login: username, passwd: password }),
    'Continue',
  )
  const tokens = await client.pollDeviceAuthorizationGrant(config, { ...answer, interval: 0.05 })
  assert.equal((await bench.whoAmI(tokens.access_token)).status, 200)
})
