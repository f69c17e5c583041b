import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { testHttp } from '../../../test/support/http.ts'
import { untilEnd } from '../../../test/support/until-end.ts'
import { StoreError } from '../../hub/store/index.ts'
import { silentLogger, systemRandom } from '../../kernel/index.ts'
import { problem } from '../contract/index.ts'
import { createHttp } from '../create-http.ts'

const hub = await testHttp()
after(() => hub[Symbol.asyncDispose]())
const cookie = await hub.signIn()
const { call } = hub

const WRITE = '/api/v1/api-keys'
const body = JSON.stringify({ name: 'a key', scopes: ['read'] })
const json = { 'content-type': 'application/json' }
const write = (headers: Record<string, string>) =>
  call(WRITE, { method: 'POST', body, headers: { ...json, ...headers } })

async function codeOf(response: Response): Promise<string> {
  return problem.parse(await response.json()).code
}

test('a write with the session’s cookie needs the Origin of the hub', async () => {
  assert.equal((await write({ cookie, origin: 'http://localhost:4000' })).status, 201)
  assert.equal((await write({ cookie, 'sec-fetch-site': 'same-origin' })).status, 201)
  for (const headers of [
    {},
    { origin: 'https://evil.example' },
    { origin: 'http://localhost:4001' },
    { origin: 'null' },
    { origin: 'http://localhost:4000', 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'none' },
    { origin: 'null', 'sec-fetch-site': 'cross-site' },
  ]) {
    const response = await write({ cookie, ...headers })
    assert.equal(response.status, 403, JSON.stringify(headers))
    assert.equal(await codeOf(response), 'origin_refused')
  }
})

test('a page that sends no referrer can still post to its own hub', async () => {
  const headers = { cookie, origin: 'null', 'sec-fetch-site': 'same-origin' }
  assert.equal((await write(headers)).status, 201)
})

test('forms are held to the same', async () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const response = await call('/connect/again', {
    method: 'POST',
    headers: { ...form, cookie, origin: 'https://evil.example' },
    body: 'credential=1',
  })
  assert.equal(response.status, 403)
})

test('signing somebody else’s browser in is refused too', async () => {
  const response = await call('/api/v1/session', {
    method: 'POST',
    headers: { ...json, origin: 'https://evil.example' },
    body: JSON.stringify({ name: 'Ada', password: 'whatever it is' }),
  })
  assert.equal(response.status, 403)
})

test('an API key needs no Origin, and a cookie beside it counts for nothing', async () => {
  const authorization = `Bearer ${(await hub.key('admin')).reveal()}`
  assert.equal((await write({ authorization })).status, 201)
  const weak = `Bearer ${(await hub.key('read')).reveal()}`
  const response = await write({ authorization: weak, cookie })
  assert.equal(response.status, 403)
  assert.equal(await codeOf(response), 'scope_missing')
})

test('no answer is given under another host name', async () => {
  for (const host of [
    'evil.example',
    'localhost:4001',
    'localhost',
    '127.0.0.1:4000',
    'a@localhost:4000',
  ])
    for (const path of ['/', '/api/v1/session', '/login', '/docs']) {
      const response = await call(path, { headers: { host, cookie } })
      assert.equal(response.status, 421, `${host}${path}`)
      assert.doesNotMatch(await response.text(), /Ada/)
    }
})

test('health may be asked under any name of this machine, and under no other', async () => {
  for (const path of ['/healthz', '/readyz']) {
    assert.equal((await call(path, { headers: { host: '127.0.0.1:9999' } })).status, 200)
    assert.equal((await call(path, { headers: { host: 'evil.example' } })).status, 421)
  }
})

const told = {
  what: 'The database at db.internal cannot be reached.',
  why: 'db.internal is not running.',
  remedy: 'Start db.internal.',
}
const facts = { server: 'db.internal' }
const retry = { when: 'later' } as const
const away = new StoreError('store_unreachable', { ...told, facts, retry, who: 'operator' })

test('readiness says so when the store does not answer', async (t) => {
  const keep = untilEnd(t)
  const broken = keep(
    await testHttp({
      replace: () => ({ ping: () => Promise.reject(away) }),
    }),
  )
  assert.equal((await broken.call('/healthz')).status, 200)
  const response = await broken.call('/readyz')
  assert.equal(response.status, 503)
  // Who may ask this may not know where the store is.
  assert.doesNotMatch(await response.text(), /db\.internal/)
  assert.ok(broken.log.some((line) => line.includes('db.internal')))
})

test('every answer carries the headers that keep it safe', async () => {
  for (const path of ['/login', '/api/v1/session', '/nothing', '/healthz', '/guide']) {
    const { headers } = await call(path)
    const policy = headers.get('content-security-policy') ?? ''
    assert.match(policy, /default-src 'none'.*frame-ancestors 'none'/, path)
    assert.doesNotMatch(policy, /unsafe|\*|https?:/)
    assert.equal(headers.get('x-content-type-options'), 'nosniff')
    assert.equal(headers.get('cache-control'), 'no-store')
    assert.match(headers.get('x-request-id') ?? '', /^[0-9a-f-]{36}$/)
  }
})

test('on https the session’s cookie is bound to host and TLS', async (t) => {
  const keep = untilEnd(t)
  const secure = keep(await testHttp({ publicUrl: 'https://hub.example' }))
  const cookie = await secure.signIn()
  assert.match(cookie, /^__Host-/)
  const signedIn = await secure.call('/api/v1/session', { headers: { cookie } })
  assert.equal(signedIn.status, 200)
  assert.match(signedIn.headers.get('strict-transport-security') ?? '', /max-age=\d{8}/)
  const response = await secure.call('/api/v1/session', {
    method: 'DELETE',
    headers: { cookie, origin: 'https://hub.example' },
  })
  const [set = ''] = response.headers.getSetCookie()
  assert.match(
    set,
    /^__Host-fairlead_session=; Max-Age=0; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
  )
  const after = await secure.call('/api/v1/session', { headers: { cookie } })
  assert.equal(after.status, 401)
})

test('a public URL over plain http on another machine is refused', () => {
  const { clock } = hub
  const options = { hub: hub.hub, clock, logger: silentLogger, random: systemRandom }
  const publicUrl = new URL('http://hub.example')
  assert.throws(() => createHttp({ ...options, publicUrl, platformName: 'Fairlead' }), {
    code: 'public_url_unsuitable',
  })
})
