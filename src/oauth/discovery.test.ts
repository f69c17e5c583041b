import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { after, test } from 'node:test'
import { FakeClock } from '../../test/support/fake-clock.ts'
import { startScriptedEndpoint } from '../../test/support/scripted-endpoint.ts'
import { readChallenge } from './challenge.ts'
import { discover } from './discovery.ts'
import { OAuthError } from './oauth-error.ts'

const TENANT = '8A6B3C1E-0000-4000-8000-5f6a7b8c9d0e'
const LOGIN = 'https://login.microsoftonline.com'

const server = await startScriptedEndpoint(500)
after(() => server.close())

const io = {
  send: server.send,
  clock: new FakeClock(),
  trustedLoginOrigins: ['http://127.0.0.1:7'],
}

const challenge =
  (login: string, resource = `${server.origin}/`, status = 401) =>
  (response: ServerResponse) =>
    response
      .writeHead(status, {
        'www-authenticate': `Bearer authorization_uri=${login}, resource_id=${resource}`,
      })
      .end()

async function find(answer: unknown, address = server.origin) {
  server.answer(answer)
  return await discover(address, io)
}

test('directory, login host and resource come from the challenge, and both pairs of endpoints', async () => {
  const found = await find(challenge(`${LOGIN}/${TENANT}/oauth2/authorize`))
  const base = `${LOGIN}/${TENANT}/oauth2`
  assert.equal(found.tenantId, TENANT.toLowerCase())
  assert.equal(found.authority, LOGIN)
  assert.equal(found.resource, `${server.origin}/`)
  assert.equal(found.cloud?.id, 'public')
  assert.deepEqual(found.endpoints, {
    v1: {
      authorization: `${base}/authorize?resource=${encodeURIComponent(`${server.origin}/`)}`,
      token: `${base}/token`,
    },
    v2: {
      authorization: `${base}/v2.0/authorize`,
      token: `${base}/v2.0/token`,
      device: `${base}/v2.0/devicecode`,
    },
  })
})

test('the environment is asked without a token, at the version in the address', async () => {
  const answer = challenge(`${LOGIN}/${TENANT}/oauth2/authorize`)
  await find(answer, `${server.origin}/api/data/v9.1/`)
  assert.equal(server.calls[0]?.path, '/api/data/v9.1/')
  assert.equal(server.calls[0]?.headers['authorization'], undefined)
})

test('a login host is believed if it is one of Microsoft, or the operator named it', async () => {
  for (const login of [
    'https://login.windows.net',
    'https://login.microsoftonline.us',
    'http://127.0.0.1:7',
  ]) {
    assert.equal((await find(challenge(`${login}/t/oauth2/authorize`))).authority, login)
  }
  for (const login of [
    'https://login.microsoftonline.com.evil.example',
    'http://login.microsoftonline.com',
    'https://login.microsoftonline.com:8443',
    'https://login.microsoftonline.com@evil.example',
    'http://127.0.0.1:8',
  ]) {
    const found = find(challenge(`${login}/t/oauth2/authorize`))
    await assert.rejects(found, { code: 'discovery_untrusted_login' }, login)
  }
})

test('a resource that is not the address asked is refused', async () => {
  for (const resource of ['https://graph.microsoft.com/', 'https://org2.crm4.dynamics.com', 'x']) {
    const found = find(challenge(`${LOGIN}/t/oauth2/authorize`, resource))
    await assert.rejects(found, { code: 'discovery_resource_mismatch' }, resource)
  }
})

test('whatever else answers is not an environment', async () => {
  const answers = [
    {},
    (r: ServerResponse) => r.writeHead(404).end('<html>'),
    (r: ServerResponse) => r.writeHead(401).end(),
    (r: ServerResponse) => r.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end(),
    challenge('nonsense'),
    challenge(`${LOGIN}/authorize`),
    challenge(`${LOGIN}/t/oauth2/authorize`, undefined, 403),
  ]
  for (const answer of answers) {
    await assert.rejects(find(answer), { code: 'discovery_not_an_environment' })
  }
})

test('a busy environment is one all the same, and names its time', async () => {
  for (const status of [429, 500, 503]) {
    const found = find((r: ServerResponse) => r.writeHead(status, { 'retry-after': '7' }).end())
    await assert.rejects(found, (error) => {
      assert.ok(error instanceof OAuthError)
      assert.deepEqual([error.code, error.affects], ['discovery_failed', 'transient'])
      assert.deepEqual(error.explanation.retry, { when: 'later', afterMs: 7_000 })
      return true
    })
  }
})

test('a redirect is not followed, a hanging server is given up', async () => {
  const redirect = (r: ServerResponse) => r.writeHead(302, { location: 'http://10.0.0.1/' }).end()
  await assert.rejects(find(redirect), { code: 'discovery_failed' })
  await assert.rejects(
    find(() => undefined),
    (error: { code: string; affects: string }) => {
      assert.deepEqual([error.code, error.affects], ['discovery_failed', 'transient'])
      return true
    },
  )
})

test('a challenge is read with and without quotes, in any case and order, after other schemes', () => {
  const expected = { authorizationUri: 'https://l/t/oauth2/authorize', resource: 'https://o/' }
  for (const header of [
    'Bearer authorization_uri=https://l/t/oauth2/authorize, resource_id=https://o/',
    'bearer Authorization_URI="https://l/t/oauth2/authorize",RESOURCE_ID="https://o/"',
    'NTLM, Negotiate, Bearer resource_id=https://o/, authorization_uri=https://l/t/oauth2/authorize',
    'Bearer error=invalid_token, error_description="a, b=c", authorization_uri=https://l/t/oauth2/authorize, resource_id=https://o/',
  ]) {
    assert.deepEqual(readChallenge(header), expected, header)
  }
  for (const header of [
    '',
    'Bearer',
    'Basic authorization_uri=x, resource_id=y',
    'Bearer resource_id=https://o/',
  ]) {
    assert.equal(readChallenge(header), undefined, header)
  }
})
