import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Bench, claimsOf, pkce } from '../bench.ts'
import { Browser } from '../browser.ts'

test('a v1 sign-in ends in a body whose numbers are strings', async (t) => {
  const bench = await Bench.start(t)
  const { status, body } = await bench.redeem(await bench.code())
  assert.equal(status, 200)
  const { token_type, scope, resource } = body
  assert.deepEqual(
    { token_type, scope, resource },
    { token_type: 'Bearer', scope: 'user_impersonation', resource: bench.resource },
  )
  for (const name of ['expires_in', 'ext_expires_in', 'expires_on', 'not_before']) {
    assert.match(String(body[name]), /^\d+$/)
    assert.equal(typeof body[name], 'string')
  }
  assert.equal(typeof body['refresh_token'], 'string')
  assert.equal(claimsOf(body['id_token'])['iss'], `https://sts.windows.net/${bench.line.tenantId}/`)
})

test('the Enter key signs in and does not cancel', async (t) => {
  const bench = await Bench.start(t)
  const { text } = await new Browser().open(bench.authorizeUrl())
  // Browsers press the first button of a form.
  assert.match(/<button[^>]*>/.exec(text)?.[0] ?? '', /value="signin"/)
})

test('a v2 sign-in ends in a body with numbers and no v1 fields', async (t) => {
  const bench = await Bench.start(t)
  const scope = `${bench.line.orgUrl}/user_impersonation openid offline_access`
  const code = await bench.code(bench.authorizeUrl({ scope }, bench.v2('authorize')))
  const { body } = await bench.redeem(code, {}, bench.v2('token'))
  assert.equal(typeof body['expires_in'], 'number')
  assert.equal(body['expires_on'], undefined)
  assert.equal(body['resource'], undefined)
  assert.equal(typeof body['refresh_token'], 'string')
  assert.equal(
    claimsOf(body['id_token'])['iss'],
    `${bench.line.authority}/${bench.line.tenantId}/v2.0`,
  )
})

test('v2 gives no refresh token without offline_access', async (t) => {
  const bench = await Bench.start(t)
  const scope = `${bench.line.orgUrl}/user_impersonation`
  const code = await bench.code(bench.authorizeUrl({ scope }, bench.v2('authorize')))
  const { status, body } = await bench.redeem(code, {}, bench.v2('token'))
  assert.equal(status, 200)
  assert.equal(body['refresh_token'], undefined)
  assert.equal(body['id_token'], undefined)
})

test('access tokens are v1-format for the audience that was asked, and the environment takes them', async (t) => {
  const bench = await Bench.start(t)
  const { body } = await bench.redeem(await bench.code())
  const claims = claimsOf(body['access_token'])
  assert.deepEqual(
    { ver: claims['ver'], iss: claims['iss'], aud: claims['aud'], scp: claims['scp'] },
    {
      ver: '1.0',
      iss: `https://sts.windows.net/${bench.line.tenantId}/`,
      aud: bench.resource,
      scp: 'user_impersonation',
    },
  )
  const lifetime = Number(body['expires_in'])
  assert.ok(lifetime >= 3599 && lifetime <= 5400)
  assert.equal((await bench.whoAmI(body['access_token'])).status, 200)
})

test('the environment refuses a token when its time is over', async (t) => {
  const bench = await Bench.start(t)
  const { body } = await bench.redeem(await bench.code())
  bench.advance(5_500_000)
  const response = await bench.whoAmI(body['access_token'])
  assert.equal(response.status, 401)
  assert.match(response.headers.get('www-authenticate') ?? '', /^Bearer authorization_uri=/)
})

test("a token for one environment does not open the other, nor another tenant's", async (t) => {
  const bench = await Bench.start(t)
  const { body } = await bench.redeem(await bench.code())
  for (const other of bench.line.organizations.slice(1)) {
    assert.equal((await bench.whoAmI(body['access_token'], other.apiUrl)).status, 401)
  }
})

test('a code with PKCE is redeemed by its verifier', async (t) => {
  const bench = await Bench.start(t)
  const { verifier, challenge } = pkce()
  const s256 = { code_challenge: challenge, code_challenge_method: 'S256' }
  const plain = { code_challenge: verifier, code_challenge_method: 'plain' }
  for (const wish of [s256, plain]) {
    const code = await bench.code(bench.authorizeUrl(wish))
    assert.equal((await bench.redeem(code, { code_verifier: verifier })).status, 200)
  }
})

test("the guide's literal resource is good with and without slash, and as API host", async (t) => {
  const bench = await Bench.start(t)
  for (const resource of [
    'https://orgfb974624.crm4.dynamics.com/',
    'https://orgfb974624.crm4.dynamics.com',
    'https://orgfb974624.api.crm4.dynamics.com/',
  ]) {
    const { status, body } = await bench.redeem(await bench.code(bench.authorizeUrl({ resource })))
    assert.equal(status, 200)
    assert.equal(claimsOf(body['access_token'])['aud'], resource)
    assert.equal((await bench.whoAmI(body['access_token'])).status, 200)
  }
})

test('the port of an http loopback redirect does not count', async (t) => {
  const bench = await Bench.start(t)
  const redirect = 'http://localhost:51234/callback/oauth2'
  const code = await bench.code(bench.authorizeUrl({ redirect_uri: redirect }))
  assert.equal((await bench.redeem(code, { redirect_uri: redirect })).status, 200)
})

test("a multi-tenant app goes through /common and gets tokens of the user's tenant", async (t) => {
  const bench = await Bench.start(t)
  const { clientId, clientSecret } = bench.app('multiTenant')
  const client = { client_id: clientId, client_secret: clientSecret ?? '' }
  const url = bench.authorizeUrl({ client_id: clientId }, bench.v1('authorize', 'common'))
  const { status, body } = await bench.redeem(
    await bench.code(url),
    client,
    bench.v1('token', 'common'),
  )
  assert.equal(status, 200)
  assert.equal(claimsOf(body['access_token'])['tid'], bench.line.tenantId)
})

test('a second visit goes on without asking, and select_account shows the picker', async (t) => {
  const bench = await Bench.start(t)
  const browser = new Browser()
  const consent = await bench.signIn(bench.authorizeUrl(), 'member', browser)
  const back = await browser.press(consent, 'Accept')
  assert.ok(back.callback?.searchParams.get('code'))
  const again = await browser.open(bench.authorizeUrl())
  assert.ok(again.callback?.searchParams.get('code'))
  const picker = await browser.open(bench.authorizeUrl({ prompt: 'select_account' }))
  assert.match(picker.text, /Pick an account/)
  const chosen = await browser.press(picker, bench.user('member').username)
  assert.ok(chosen.callback?.searchParams.get('code'))
})

test('without a resource v1 hands out a token that no environment takes', async (t) => {
  const bench = await Bench.start(t)
  const { status, body } = await bench.redeem(
    await bench.code(bench.authorizeUrl({ resource: undefined })),
  )
  assert.equal(status, 200)
  assert.equal(claimsOf(body['access_token'])['aud'], '00000002-0000-0000-c000-000000000000')
  assert.equal((await bench.whoAmI(body['access_token'])).status, 401)
})

test('form_post and fragment carry the answer as asked', async (t) => {
  const bench = await Bench.start(t)
  const { clientId } = bench.app('consented')
  const posted = await bench.signIn(
    bench.authorizeUrl({ client_id: clientId, response_mode: 'form_post' }),
  )
  assert.match(
    posted.text,
    /<form method="post" action="http:\/\/localhost:4000\/callback\/oauth2">/,
  )
  assert.match(posted.text, /name="code"/)
  const hash = await bench.signIn(
    bench.authorizeUrl({ client_id: clientId, response_mode: 'fragment' }),
  )
  assert.match(hash.callback?.hash ?? '', /^#code=.*&state=state-1$/)
})
