import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Bench, CALLBACK, pkce, post, refused } from '../bench.ts'

test('the Secret ID in place of the value is refused', async (t) => {
  const bench = await Bench.start(t)
  const client_secret = bench.app('singleTenant').secretId ?? ''
  const wish = { grant_type: 'client_credentials', resource: bench.resource, client_secret }
  refused(await bench.token(wish), 7000215, 'invalid_client', 401)
})

test('a secret encoded twice, or with a trailing newline, is refused', async (t) => {
  const bench = await Bench.start(t)
  await bench.admin('PATCH', `/apps/${bench.line.clientId}`, { addSecret: { value: 'a+b%c~d' } })
  const wish = { grant_type: 'client_credentials', resource: bench.resource }
  for (const client_secret of [encodeURIComponent('a+b%c~d'), 'a+b%c~d\n', 'a b%c~d']) {
    refused(await bench.token({ ...wish, client_secret }), 7000215, 'invalid_client', 401)
  }
})

test('a secret whose plus sign was not encoded is refused', async (t) => {
  const bench = await Bench.start(t)
  await bench.admin('PATCH', `/apps/${bench.line.clientId}`, { addSecret: { value: 'a+b' } })
  const raw = `grant_type=client_credentials&client_id=${bench.line.clientId}&resource=${encodeURIComponent(bench.resource)}&client_secret=a+b`
  refused(
    await post(`${bench.line.authority}${bench.v1('token')}`, raw),
    7000215,
    'invalid_client',
    401,
  )
})

test('an expired secret is told from a wrong one', async (t) => {
  const bench = await Bench.start(t)
  const { clientId, clientSecret } = bench.app('expiredSecret')
  const client = { client_id: clientId, client_secret: clientSecret ?? '' }
  const wish = { grant_type: 'client_credentials', resource: bench.resource, ...client }
  refused(await bench.token(wish), 7000222, 'invalid_client', 401)
})

test('no proof at all is refused', async (t) => {
  const bench = await Bench.start(t)
  const wish = { grant_type: 'client_credentials', resource: bench.resource }
  refused(await bench.token({ ...wish, client_secret: undefined }), 7000218, 'invalid_client', 401)
})

test('a JSON body holds no parameters', async (t) => {
  const bench = await Bench.start(t)
  const body = JSON.stringify({ grant_type: 'client_credentials', client_id: bench.line.clientId })
  const url = `${bench.line.authority}${bench.v1('token')}`
  refused(await post(url, body, { 'content-type': 'application/json' }), 900144, 'invalid_request')
})

test('GET on the token endpoint is refused on a page', async (t) => {
  const bench = await Bench.start(t)
  const response = await fetch(
    `${bench.line.authority}${bench.v1('token')}?grant_type=client_credentials`,
  )
  assert.match(
    await response.text(),
    /AADSTS900561: The endpoint only accepts POST requests\. Received a GET request/,
  )
})

test('a parameter sent twice is refused', async (t) => {
  const bench = await Bench.start(t)
  const url = `${bench.line.authority}${bench.v1('token')}`
  const raw = `grant_type=client_credentials&client_id=${bench.line.clientId}&client_id=${bench.line.clientId}`
  refused(await post(url, raw), 9000411, 'invalid_request')
})

test('resource on v2, no scope on v2, and a scope other than .default for the app are refused', async (t) => {
  const bench = await Bench.start(t)
  const wish = { grant_type: 'client_credentials' }
  const v2 = bench.v2('token')
  refused(await bench.token({ ...wish, resource: bench.resource }, v2), 901002, 'invalid_request')
  refused(await bench.token(wish, v2), 900144, 'invalid_request')
  const scope = `${bench.line.orgUrl}/user_impersonation`
  refused(await bench.token({ ...wish, scope }, v2), 1002012, 'invalid_scope')
  refused(await bench.token(wish), 900144, 'invalid_request')
})

test('http, path, double encoding and a stranger as resource are no principal of the tenant', async (t) => {
  const bench = await Bench.start(t)
  for (const resource of [
    'http://orgfb974624.crm4.dynamics.com/',
    'https://orgfb974624.crm4.dynamics.com/XRMServices/2011/Organization.svc',
    'https%3A%2F%2Forgfb974624.crm4.dynamics.com%2F',
    'https://make.powerapps.com',
    '{URL-encoded CRM URL}',
  ]) {
    const answer = await bench.token({ grant_type: 'client_credentials', resource })
    refused(answer, 500011, 'invalid_resource')
    assert.ok(String(answer.body['error_description']).includes(`named ${resource} was`))
  }
})

test('a code works once', async (t) => {
  const bench = await Bench.start(t)
  const code = await bench.code()
  const answers = await Promise.all([bench.redeem(code), bench.redeem(code)])
  assert.deepEqual(answers.map((one) => one.status).sort(), [200, 400])
  refused(await bench.redeem(code), 54005, 'invalid_grant')
})

test('a code ends after ten minutes', async (t) => {
  const bench = await Bench.start(t)
  const code = await bench.code()
  bench.advance(10 * 60_000)
  refused(await bench.redeem(code), 70008, 'invalid_grant')
})

test('a verifier that does not match, or is missing, or was never announced is refused', async (t) => {
  const bench = await Bench.start(t)
  const { challenge } = pkce()
  const wish = { code_challenge: challenge, code_challenge_method: 'S256' }
  const other = { code_verifier: pkce().verifier }
  refused(
    await bench.redeem(await bench.code(bench.authorizeUrl(wish)), other),
    501481,
    'invalid_grant',
  )
  refused(await bench.redeem(await bench.code(bench.authorizeUrl(wish))), 501481, 'invalid_grant')
  refused(await bench.redeem(await bench.code(), other), 50147, 'invalid_grant')
})

test('a code is redeemed at the tenant, the redirect and the client that it was made for', async (t) => {
  const bench = await Bench.start(t)
  const [, second] = bench.line.tenants
  const multi = bench.app('multiTenant')
  const client = { client_id: multi.clientId, client_secret: multi.clientSecret ?? '' }
  const code = await bench.code(bench.authorizeUrl({ client_id: multi.clientId }))
  refused(await bench.redeem(code, client, bench.v1('token', second?.id)), 700005, 'invalid_grant')
  refused(await bench.redeem(code, client, bench.v1('token', 'common')), 700005, 'invalid_grant')
  const moved = { ...client, redirect_uri: `${CALLBACK}/` }
  refused(await bench.redeem(code, moved), 500112, 'invalid_grant')
  const stranger = await bench.redeem(code)
  refused(stranger, 70000, 'invalid_grant')
  assert.equal(stranger.body['suberror'], 'client_mismatch')
  refused(await bench.redeem('code', client), 9002313, 'invalid_grant')
})

test('the token endpoint at /common refuses a single-tenant app', async (t) => {
  const bench = await Bench.start(t)
  const answer = await bench.redeem(await bench.code(), {}, bench.v1('token', 'common'))
  refused(answer, 50194, 'invalid_request')
})

test('a resource that differs from the sign-in is refused', async (t) => {
  const bench = await Bench.start(t)
  const resource = `${bench.line.organizations[1]?.url}/`
  refused(await bench.redeem(await bench.code(), { resource }), 90023, 'invalid_request')
})

test('a single-page redirect is not redeemed by a server', async (t) => {
  const bench = await Bench.start(t)
  const { clientId, clientSecret } = bench.app('spa')
  const client = { client_id: clientId, client_secret: clientSecret ?? '' }
  const plain = await bench.code(bench.authorizeUrl({ client_id: clientId }))
  refused(await bench.redeem(plain, client), 9002325, 'invalid_request')
  const { verifier, challenge } = pkce()
  const wish = { client_id: clientId, code_challenge: challenge, code_challenge_method: 'S256' }
  const code = await bench.code(bench.authorizeUrl(wish))
  refused(
    await bench.redeem(code, { ...client, code_verifier: verifier }),
    9002327,
    'invalid_request',
  )
})

test('a web redirect is not redeemed by a browser, a native one not with a secret', async (t) => {
  const bench = await Bench.start(t)
  const origin = { origin: 'https://page.example' }
  const web = { grant_type: 'authorization_code', code: await bench.code(), redirect_uri: CALLBACK }
  refused(await bench.token(web, undefined, origin), 9002326, 'invalid_request')
  const { clientId } = bench.app('native')
  const redirect_uri = 'http://localhost:8400'
  const code = await bench.code(bench.authorizeUrl({ client_id: clientId, redirect_uri }))
  const native = { client_id: clientId, redirect_uri }
  refused(
    await bench.redeem(code, { ...native, client_secret: 'x' }),
    700025,
    'invalid_client',
    401,
  )
  assert.equal((await bench.redeem(code, { ...native, client_secret: undefined })).status, 200)
})

test('a truncated refresh token, and one of another app, are refused', async (t) => {
  const bench = await Bench.start(t)
  const { body } = await bench.redeem(await bench.code())
  const value = String(body['refresh_token'])
  refused(await bench.refresh(value.slice(0, 20)), 9002313, 'invalid_grant')
  refused(await bench.refresh(value.slice(0, -3)), 70000, 'invalid_grant')
  const { clientId, clientSecret } = bench.app('consented')
  const client = { client_id: clientId, client_secret: clientSecret ?? '' }
  refused(await bench.refresh(value, client), 70000, 'invalid_grant')
})

test('two proofs of the client at once are said to be unexplained', async (t) => {
  const bench = await Bench.start(t)
  const wish = { grant_type: 'client_credentials', resource: bench.resource }
  const basic = Buffer.from(`${bench.line.clientId}:${bench.line.clientSecret}`).toString('base64')
  const both = await bench.token(wish, undefined, { authorization: `Basic ${basic}` })
  assert.equal(both.status, 501)
  assert.equal((await bench.token({ ...wish, client_assertion: 'a.b.c' })).status, 501)
})

test('a code of one version is not redeemed at the other', async (t) => {
  const bench = await Bench.start(t)
  const answer = await bench.redeem(await bench.code(), {}, bench.v2('token'))
  assert.equal(answer.status, 501)
  assert.match(answer.text, /a code of the v1 endpoint at the v2 token endpoint/)
})
