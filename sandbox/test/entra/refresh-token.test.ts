import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Bench, CALLBACK, claimsOf, pkce, refused } from '../bench.ts'

const DAY = 86_400_000

async function connected(bench: Bench, state = 'admin') {
  const { body } = await bench.redeem(await bench.code(bench.authorizeUrl(), state))
  return body['refresh_token']
}

test('every refresh gives a new token and the old one stays valid', async (t) => {
  const bench = await Bench.start(t)
  const first = await connected(bench)
  const { body } = await bench.refresh(first)
  assert.equal(typeof body['refresh_token'], 'string')
  assert.notEqual(body['refresh_token'], first)
  assert.equal((await bench.refresh(first)).status, 200)
  assert.equal((await bench.refresh(body['refresh_token'])).status, 200)
})

test('with strictRefresh the reuse of a rotated token revokes its family', async (t) => {
  const bench = await Bench.start(t)
  await bench.admin('PATCH', `/apps/${bench.line.clientId}`, { strictRefresh: true })
  const first = await connected(bench)
  const { body } = await bench.refresh(first)
  refused(await bench.refresh(first), 50173, 'invalid_grant')
  refused(await bench.refresh(body['refresh_token']), 50173, 'invalid_grant')
})

test('90 idle days end a refresh token, a use in between renews them', async (t) => {
  const bench = await Bench.start(t)
  const first = await connected(bench)
  await bench.admin('PATCH', `/apps/${bench.line.clientId}`, {
    addSecret: { endsAt: '2099-01-01T00:00:00Z', value: 'long' },
  })
  const client = { client_secret: 'long' }
  bench.advance(80 * DAY)
  const { status, body } = await bench.refresh(first, client)
  assert.equal(status, 200)
  bench.advance(89 * DAY)
  assert.equal((await bench.refresh(body['refresh_token'], client)).status, 200)
  bench.advance(91 * DAY)
  const late = await bench.refresh(body['refresh_token'], client)
  refused(late, 700082, 'invalid_grant')
  assert.equal(late.body['suberror'], 'bad_token')
})

test('a refresh token of a single-page app ends after 24 hours whatever its use', async (t) => {
  const bench = await Bench.start(t)
  const { clientId } = bench.app('spa')
  const { verifier, challenge } = pkce()
  const wish = { client_id: clientId, code_challenge: challenge, code_challenge_method: 'S256' }
  const code = await bench.code(bench.authorizeUrl(wish))
  const browser = { origin: 'http://localhost:4000' }
  const client = { client_id: clientId, client_secret: undefined }
  const redeem = {
    ...client,
    grant_type: 'authorization_code',
    redirect_uri: CALLBACK,
    code,
    code_verifier: verifier,
  }
  const { body, headers } = await bench.token(redeem, undefined, browser)
  assert.equal(headers.get('access-control-allow-origin'), browser.origin)
  const renew = (token: unknown) =>
    bench.token(
      { ...client, grant_type: 'refresh_token', refresh_token: String(token) },
      undefined,
      browser,
    )
  bench.advance(20 * 3_600_000)
  const next = await renew(body['refresh_token'])
  assert.equal(next.status, 200)
  bench.advance(5 * 3_600_000)
  refused(await renew(next.body['refresh_token']), 700084, 'invalid_grant')
})

test('one refresh token is good for every environment of its tenant', async (t) => {
  const bench = await Bench.start(t)
  const other = bench.line.organizations[1]
  const { status, body } = await bench.refresh(await connected(bench), {
    resource: `${other?.url}/`,
  })
  assert.equal(status, 200)
  assert.equal(claimsOf(body['access_token'])['aud'], `${other?.url}/`)
  assert.equal((await bench.whoAmI(body['access_token'], other?.apiUrl)).status, 200)
})

test('a v1 refresh token works on v2 with numbers', async (t) => {
  const bench = await Bench.start(t)
  const { status, body } = await bench.refresh(await connected(bench), {}, bench.v2('token'))
  assert.equal(status, 200)
  assert.equal(typeof body['expires_in'], 'number')
})

test('revoked sessions, a disabled user and a policy each end it in their own way', async (t) => {
  const bench = await Bench.start(t)
  const token = await connected(bench, 'member')
  const { username } = bench.user('member')
  await bench.admin('POST', `/users/${username}`, { blockedByPolicy: true })
  const blocked = await bench.refresh(token)
  refused(blocked, 53003, 'invalid_grant')
  assert.equal(blocked.body['suberror'], 'message_only')
  await bench.admin('POST', `/users/${username}`, {
    blockedByPolicy: false,
    signInFrequencyMs: 1000,
  })
  bench.advance(2000)
  refused(await bench.refresh(token), 70043, 'invalid_grant')
  await bench.admin('POST', `/users/${username}`, { signInFrequencyMs: 0, enabled: false })
  refused(await bench.refresh(token), 50057, 'invalid_grant')
  await bench.admin('POST', `/users/${username}`, { enabled: true })
  await bench.admin('POST', '/revoke', { user: username })
  refused(await bench.refresh(token), 50173, 'invalid_grant')
})

test('MFA asked for later stops a refresh: interaction_required on v1, basic_action on v2', async (t) => {
  const bench = await Bench.start(t)
  const token = await connected(bench, 'member')
  await bench.admin('POST', `/users/${bench.user('member').username}`, { mfaRequired: true })
  refused(await bench.refresh(token), 50076, 'interaction_required')
  const v2 = await bench.refresh(token, {}, bench.v2('token'))
  refused(v2, 50076, 'invalid_grant')
  assert.equal(v2.body['suberror'], 'basic_action')
  assert.equal(typeof v2.body['claims'], 'string')
  assert.ok(JSON.parse(String(v2.body['claims'])).access_token.capolids.essential)
})

test('a second factor at sign-in satisfies MFA; v1 without resource is not asked for it', async (t) => {
  const bench = await Bench.start(t)
  assert.equal((await bench.refresh(await connected(bench, 'needsMfa'))).status, 200)
  const code = await bench.code(
    bench.authorizeUrl({ resource: undefined, prompt: 'login' }),
    'needsMfa',
  )
  refused(await bench.redeem(code, { resource: bench.resource }), 50076, 'interaction_required')
})

test('a withdrawn consent asks for a new one', async (t) => {
  const bench = await Bench.start(t)
  const token = await connected(bench)
  await bench.admin('PATCH', `/apps/${bench.line.clientId}`, { adminConsent: false })
  const answer = await bench.refresh(token)
  refused(answer, 65001, 'invalid_grant')
  assert.equal(answer.body['suberror'], 'consent_required')
})
