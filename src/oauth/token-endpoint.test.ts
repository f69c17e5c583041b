import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { after, test } from 'node:test'
import { FakeClock } from '../../test/support/fake-clock.ts'
import { json, startScriptedEndpoint } from '../../test/support/scripted-endpoint.ts'
import { Secret, silentLogger } from '../kernel/index.ts'
import { createEgress, createSender } from '../transport/index.ts'
import { parseEndpoints } from './endpoints.ts'
import { refreshTokens } from './grants.ts'
import { OAuthError } from './oauth-error.ts'

const LIMIT_MS = 300
const SECRET = 'v3ry~secret-value'
const REFRESH = 'r3fresh~token-value'
const ACCESS = 'acc3ss~token-value'

const server = await startScriptedEndpoint(LIMIT_MS)
after(() => server.close())

const io = { send: server.send, clock: new FakeClock() }

async function faultOf(answer: unknown, path = '/t/oauth2/token', send = io.send) {
  server.answer(answer)
  const request = {
    endpoints: parseEndpoints({ token: `${server.origin}${path}` }),
    client: {
      clientId: 'app-1',
      authentication: { method: 'secret' as const, secret: new Secret(SECRET) },
    },
    resource: 'https://org1.crm4.dynamics.com',
    refreshToken: new Secret(REFRESH),
  }
  const error = await refreshTokens(request, { ...io, send }).catch((thrown: unknown) => thrown)
  assert.ok(error instanceof OAuthError, String(error))
  const shown = JSON.stringify([error, error.failure, everything(error)])
  for (const hidden of [SECRET, REFRESH, ACCESS]) assert.ok(!shown.includes(hidden), shown)
  return error
}

/** All that a careless logger could write of an error. */
function everything(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const own = Object.getOwnPropertyNames(error).map((name) => Reflect.get(error, name))
  return [error.message, error.stack, ...own.map(everything)]
}

const text =
  (status: number, body: string, type = 'text/html') =>
  (response: ServerResponse) =>
    response.writeHead(status, { 'content-type': type }).end(body)

const faults: Readonly<Record<string, readonly [answer: unknown, code: string, affects: string]>> =
  {
    hangs: [() => undefined, 'token_endpoint_unreachable', 'transient'],
    resets: [
      (r: ServerResponse) => r.socket?.resetAndDestroy(),
      'token_endpoint_unreachable',
      'transient',
    ],
    'breaks off': [
      (r: ServerResponse) => {
        r.writeHead(200, { 'content-length': '999' })
        r.write(`{"access_token":"${ACCESS}`, () => r.socket?.end())
      },
      'token_endpoint_unreachable',
      'transient',
    ],
    'redirects to an inner address': [
      (r: ServerResponse) => r.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
      'token_endpoint_unreachable',
      'configuration',
    ],
    'answers a page': [text(200, '<html>Sign in</html>'), 'token_endpoint_failed', 'configuration'],
    'answers a page with 404': [text(404, '<html>'), 'token_endpoint_failed', 'configuration'],
    'answers a page with 503': [text(503, '<html>busy'), 'token_endpoint_failed', 'transient'],
    'answers nothing with 500': [text(500, ''), 'token_endpoint_failed', 'transient'],
    'answers half a JSON': [
      text(200, `{"access_token":"${ACCESS}`),
      'token_endpoint_failed',
      'transient',
    ],
    'answers a list': [[1, 2], 'token_answer_invalid', 'configuration'],
    'answers other JSON': [{ hello: ACCESS }, 'token_answer_invalid', 'configuration'],
    'answers 500 with other JSON': [
      (r: ServerResponse) => json(r, 500, { message: 'x' }),
      'token_answer_invalid',
      'transient',
    ],
    'answers another token type': [
      { access_token: ACCESS, token_type: 'mac' },
      'token_answer_invalid',
      'configuration',
    ],
    'answers a token that is no text': [
      { access_token: 7, token_type: 'Bearer', refresh_token: ACCESS },
      'token_answer_invalid',
      'configuration',
    ],
    'answers more than it may': [
      text(200, `{"a":"${'x'.repeat(2_000_000)}"}`),
      'token_endpoint_unreachable',
      'transient',
    ],
    'answers 503 with an OAuth error': [
      (r: ServerResponse) => json(r, 503, { error: 'temporarily_unavailable' }),
      'token_refused',
      'transient',
    ],
    'answers 200 with an OAuth error': [{ error: 'invalid_grant' }, 'token_refused', 'credential'],
  }

for (const [what, [answer, code, affects]] of Object.entries(faults)) {
  test(`a token endpoint that ${what}: ${code}, ${affects}`, async () => {
    const started = performance.now()
    const error = await faultOf(answer)
    assert.deepEqual([error.code, error.affects], [code, affects])
    assert.equal(error.explanation.retry.when, affects === 'transient' ? 'later' : 'never')
    assert.ok(performance.now() - started < LIMIT_MS + 2_000)
  })
}

test('a 401 keeps its reasons although it carries WWW-Authenticate', async () => {
  const body = {
    error: 'invalid_client',
    error_description: `AADSTS7000215: Invalid client secret provided: '${SECRET}'.`,
    error_codes: [7000215],
    suberror: 'x',
  }
  const challenge = { 'www-authenticate': 'Bearer error="invalid_client"' }
  const error = await faultOf((r: ServerResponse) => json(r, 401, body, challenge))
  assert.equal(error.affects, 'auth-client')
  assert.deepEqual(error.failure?.numbers, [7000215])
  assert.equal(error.failure?.suberror, 'x')
})

test('Retry-After is handed on, whatever is written beside it', async () => {
  const after = { 'retry-after': '17' }
  for (const busy of [
    (r: ServerResponse) => json(r, 429, { error: 'temporarily_unavailable' }, after),
    (r: ServerResponse) => json(r, 503, { message: 'busy' }, after),
    (r: ServerResponse) => r.writeHead(503, after).end('<html>busy'),
  ]) {
    assert.deepEqual((await faultOf(busy)).explanation.retry, { when: 'later', afterMs: 17_000 })
  }
})

test('a Secret ID in the place of the secret is recognized', async () => {
  server.answer((r: ServerResponse) =>
    json(r, 401, { error: 'invalid_client', error_codes: [7000215] }),
  )
  const secret = new Secret('8f0c7d1e-0000-4000-8000-5f6a7b8c9d0e')
  const request = {
    endpoints: parseEndpoints({ token: `${server.origin}/t/oauth2/token` }),
    client: { clientId: 'app-1', authentication: { method: 'secret' as const, secret } },
    resource: 'https://org1.crm4.dynamics.com',
    refreshToken: new Secret(REFRESH),
  }
  await assert.rejects(refreshTokens(request, io), (error: OAuthError) =>
    /Secret ID/.test(error.explanation.why),
  )
})

test('an endpoint that is not allowed is a matter of configuration', async () => {
  const egress = createEgress({ allow: [] })

  const sender = createSender({ egress, clock: io.clock, logger: silentLogger })
  const error = await faultOf({}, '/t/oauth2/token', sender.send)
  assert.deepEqual([error.code, error.affects], ['token_endpoint_unreachable', 'configuration'])
  assert.equal(error.explanation.who, 'operator')
  await sender.close()
})

test('what the caller stops is no failure of the server', async () => {
  server.answer(() => undefined)
  const request = {
    endpoints: parseEndpoints({ token: `${server.origin}/t/oauth2/token` }),
    client: { clientId: 'app-1', authentication: { method: 'none' as const } },
    resource: 'https://org1.crm4.dynamics.com',
    refreshToken: new Secret(REFRESH),
  }
  const stopping = refreshTokens(request, { ...io, signal: AbortSignal.timeout(50) })
  await assert.rejects(stopping, { code: 'aborted' })
})
