import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Bench, refused, type TokenAnswer } from '../bench.ts'
import { Browser } from '../browser.ts'

const GRANT = 'urn:ietf:params:oauth:grant-type:device_code'

async function begin(bench: Bench, label = 'native') {
  const { clientId } = bench.app(label)
  const client = { client_id: clientId, client_secret: undefined }
  const scope = `${bench.line.orgUrl}/user_impersonation offline_access`
  const { body } = await bench.token({ ...client, scope }, bench.v2('devicecode'))
  const poll = (more: Record<string, string> = {}): Promise<TokenAnswer> =>
    bench.token(
      { ...client, grant_type: GRANT, device_code: String(body['device_code']), ...more },
      bench.v2('token'),
    )
  return { body, poll }
}

async function typeCode(bench: Bench, body: Readonly<Record<string, unknown>>, browser: Browser) {
  const page = await browser.open(String(body['verification_uri']))
  const signIn = await browser.press(page, 'Next', { otc: String(body['user_code']) })
  const { username, password } = bench.user('member')
  return browser.press(signIn, 'Sign in', { login: username, passwd: password })
}

test('a device polls until a person has typed its code and said yes, once', async (t) => {
  const bench = await Bench.start(t)
  const { body, poll } = await begin(bench)
  assert.deepEqual(
    { expires_in: body['expires_in'], interval: body['interval'] },
    { expires_in: 900, interval: 5 },
  )
  refused(await poll(), 70016, 'authorization_pending')
  const browser = new Browser()
  await browser.press(await typeCode(bench, body, browser), 'Continue')
  const answer = await poll()
  assert.equal(answer.status, 200)
  assert.equal(typeof answer.body['refresh_token'], 'string')
  assert.equal((await bench.whoAmI(answer.body['access_token'])).status, 200)
  refused(await poll(), 54005, 'invalid_grant')
})

test('a person who says no ends the polling with authorization_declined', async (t) => {
  const bench = await Bench.start(t)
  const { body, poll } = await begin(bench)
  const browser = new Browser()
  await browser.press(await typeCode(bench, body, browser), 'Cancel')
  assert.equal((await poll()).body['error'], 'authorization_declined')
})

test('a device code ends after 15 minutes', async (t) => {
  const bench = await Bench.start(t)
  const { poll } = await begin(bench)
  bench.advance(901_000)
  refused(await poll(), 70019, 'expired_token')
})

test('an app that does not allow public flows gets 7000218 at the poll', async (t) => {
  const bench = await Bench.start(t)
  const { poll } = await begin(bench, 'singleTenant')
  refused(await poll(), 7000218, 'invalid_client', 401)
})

test('a public poll with a secret is refused, and so is a foreign device code', async (t) => {
  const bench = await Bench.start(t)
  const { poll } = await begin(bench)
  refused(await poll({ client_secret: 'x' }), 700025, 'invalid_client', 401)
  refused(await poll({ device_code: 'DAQfalse' }), 70018, 'bad_verification_code')
})

test('v1 has its own names and string numbers, and wants `code` at the poll', async (t) => {
  const bench = await Bench.start(t)
  const { clientId } = bench.app('native')
  const client = { client_id: clientId, client_secret: undefined }
  const { body } = await bench.token(
    { ...client, resource: bench.resource },
    bench.v1('devicecode'),
  )
  assert.deepEqual(
    { uri: body['verification_uri'], expires: body['expires_in'], interval: body['interval'] },
    { uri: undefined, expires: '900', interval: '5' },
  )
  assert.equal(typeof body['verification_url'], 'string')
  const value = String(body['device_code'])
  const poll = { ...client, grant_type: 'device_code', resource: bench.resource }
  refused(await bench.token({ ...poll, device_code: value }), 900144, 'invalid_request')
  refused(await bench.token({ ...poll, code: value }), 70016, 'authorization_pending')
})
