import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { testHttp } from '../../../test/support/http.ts'
import { untilEnd } from '../../../test/support/until-end.ts'
import { problem } from '../contract/index.ts'

const hub = await testHttp({ trustedProxies: 1 })
after(() => hub[Symbol.asyncDispose]())
const { call } = hub
await hub.signIn()
const authorization = `Bearer ${(await hub.key('admin')).reveal()}`
const json = { 'content-type': 'application/json', authorization }

async function problemOf(response: Response) {
  assert.equal(response.headers.get('content-type'), 'application/problem+json')
  const sent = problem.parse(await response.json())
  assert.equal(sent.status, response.status)
  return sent
}

const post = (path: string, body: string, headers: Record<string, string> = json) =>
  call(path, { method: 'POST', body, headers })

test('a body of more than a megabyte is refused, told or not', async () => {
  const large = JSON.stringify({ text: 'x'.repeat(1024 * 1024) })
  const told = await post('/api/v1/explanations', large)
  assert.equal((await problemOf(told)).code, 'body_too_large')
  const chunks = new ReadableStream({
    pull: (controller) => controller.enqueue(new TextEncoder().encode('x'.repeat(65_536))),
  })
  const untold = await call('/api/v1/explanations', {
    method: 'POST',
    body: chunks,
    headers: json,
    duplex: 'half',
  })
  assert.equal(untold.status, 413)
})

const running = `/api/v1/credentials/${crypto.randomUUID()}/actions/bulkUpsertObjects`

// So many rows are a message yet.
const LONG = JSON.stringify({ input: { inputObjects: [{ name: 'x'.repeat(2 * 1024 * 1024) }] } })

test('the input of a run may be longer than a megabyte, but not endless', async () => {
  assert.equal((await problemOf(await post(running, LONG))).code, 'credential_not_found')
  const chunk = new Uint8Array(1024 * 1024).fill(32)
  const body = new ReadableStream({ pull: (controller) => controller.enqueue(chunk) })
  const endless = await call(running, { method: 'POST', body, headers: json, duplex: 'half' })
  assert.equal((await problemOf(endless)).code, 'body_too_large')
})

test('a long body of somebody unknown is not read', async () => {
  let read = 0
  const body = new ReadableStream(
    {
      pull: (controller) => {
        read += 1
        controller.enqueue(new Uint8Array(65_536))
      },
    },
    { highWaterMark: 0 },
  )
  const headers = { ...json, authorization: 'Bearer flk_nobody' }
  const response = await call(running, { method: 'POST', body, headers, duplex: 'half' })
  assert.equal(response.status, 401)
  assert.equal(read, 0)
})

/** Begins a run whose body is told to be as long as may be, and comes when it is asked for. */
function beginLongRun(accept = 'application/json') {
  const [begun, asked] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const pull = async (body: ReadableStreamDefaultController) => {
    begun.resolve()
    await asked.promise
    body.enqueue(new TextEncoder().encode('{}'))
    body.close()
  }
  const body = new ReadableStream({ pull }, { highWaterMark: 0 })
  const headers = { ...json, accept, 'content-length': String(64 * 1024 * 1024) }
  const answer = call(running, { method: 'POST', body, headers, duplex: 'half' })
  const finish = async () => {
    asked.resolve()
    return await answer
  }
  return { answer, begun: Promise.race([begun.promise, answer]), finish }
}

test('long bodies are taken while there is room for them, and again when one has gone', async () => {
  const held = [beginLongRun(), beginLongRun('application/x-ndjson')]
  for (const { finish } of [...held]) {
    await Promise.all(held.map(({ begun }) => begun))
    const refused = await beginLongRun().answer
    assert.equal(refused.headers.get('retry-after'), '5')
    assert.deepEqual([refused.status, (await problemOf(refused)).code], [503, 'long_bodies_busy'])
    assert.equal((await post('/api/v1/explanations', '{"text":"AADSTS50194"}')).status, 200)
    assert.equal((await problemOf(await finish())).code, 'credential_not_found')
    held.push(beginLongRun())
  }
  for (const { finish } of held.slice(2))
    assert.equal((await problemOf(await finish())).code, 'credential_not_found')
})

test('a body that is not JSON, or not called so, is refused without a word of it', async () => {
  const broken = await post('/api/v1/explanations', '{"text": "secret-value-in-it')
  const refused = await problemOf(broken)
  assert.equal(refused.code, 'body_unreadable')
  assert.doesNotMatch(JSON.stringify(refused), /secret-value/)
  const form = await post('/api/v1/explanations', 'text=x', {
    ...json,
    'content-type': 'application/x-www-form-urlencoded',
  })
  assert.equal(form.status, 415)
})

test('fields that do not fit are named, and their values are not repeated', async () => {
  const body = { name: '', clientId: 'c', tokenEndpoint: 'x', clientSecret: 5, extra: 'zzz-value' }
  const refused = await problemOf(await post('/api/v1/auth-clients', JSON.stringify(body)))
  assert.equal(refused.code, 'request_invalid')
  assert.match(refused.why, /body\.name/)
  assert.match(refused.why, /body\.clientSecret/)
  assert.match(refused.why, /extra/)
  assert.doesNotMatch(JSON.stringify(refused), /zzz-value/)
})

test('an address that leads nowhere is a problem for programs and a page for people', async () => {
  assert.equal((await problemOf(await call('/api/v1/nothing'))).code, 'not_found')
  const page = await call('/nothing')
  assert.equal(page.status, 404)
  assert.match(page.headers.get('content-type') ?? '', /text\/html/)
})

test('whoever is not signed in is told how to, and the pages lead there', async () => {
  const response = await call('/api/v1/credentials')
  assert.equal(response.headers.get('www-authenticate'), 'Bearer realm="fairlead"')
  assert.equal((await problemOf(response)).code, 'not_signed_in')
  const page = await call('/')
  assert.equal(page.headers.get('location'), '/login?next=%2F')
})

test('a scope that is too small is refused on every route that needs more', async () => {
  const reader = `Bearer ${(await hub.key('read')).reveal()}`
  const id = crypto.randomUUID()
  for (const [method, path] of [
    ['POST', `/api/v1/credentials/${id}/verifications`],
    ['POST', '/api/v1/auth-clients'],
    ['DELETE', `/api/v1/credentials/${id}`],
    ['GET', '/api/v1/api-keys'],
    ['GET', '/api/v1/audit'],
  ] as const) {
    const response = await call(path, { method, headers: { ...json, authorization: reader } })
    assert.equal((await problemOf(response)).code, 'scope_missing', `${method} ${path}`)
  }
})

test('a fault of the hub shows its request id and nothing else', async (t) => {
  const keep = untilEnd(t)
  const broken = keep(
    await testHttp({
      replace: ({ alerts }) => ({
        alerts: {
          ...alerts,
          list: () => Promise.reject(new Error('relation "alerts" at 10.1.2.3 with pass-word')),
        },
      }),
    }),
  )
  const client = await broken.client('read')
  const error = await client.call('listAlerts', {}).catch((caught) => caught)
  assert.equal(error.code, 'internal')
  assert.deepEqual(error.facts, {})
  assert.doesNotMatch(JSON.stringify(error), /relation|10\.1\.2\.3|pass-word/)
  const logged = broken.log.find((line) => line.includes('request failed inside the hub'))
  assert.ok(logged?.includes(error.requestId))
  assert.doesNotMatch(broken.log.join('\n'), /pass-word/)
})

test('the eleventh sign-in is told when to come back; behind a proxy its word on addresses counts', async () => {
  const attempt = (ip: string) =>
    post('/api/v1/session', JSON.stringify({ name: 'Ada', password: 'wrong password' }), {
      'content-type': 'application/json',
      'x-forwarded-for': `203.0.113.99, ${ip}`,
    })
  for (let at = 0; at < 10; at += 1) assert.equal((await attempt(`198.51.100.${at}`)).status, 401)
  const refused = await attempt('198.51.100.10')
  assert.equal(refused.status, 429)
  assert.equal(refused.headers.get('retry-after'), '900')
  const subjects = await hub.store.db.selectFrom('sign_in_attempts').select('subject').execute()
  assert.ok(subjects.some(({ subject }) => subject === 'address:198.51.100.9'))
  assert.ok(!subjects.some(({ subject }) => subject.includes('203.0.113')))
})

test('no log line holds a key, a password or the token of a link', async () => {
  const key = await hub.key('read')
  await call('/api/v1/session', { headers: { authorization: `Bearer ${key.reveal()}` } })
  await call('/setup/a-token-of-a-link-that-nobody-may-see')
  await call('/callback/oauth2?code=the-code-of-somebody&state=the-state')
  const all = hub.log.join('\n')
  assert.match(all, /"path":"\/setup\/:token"/)
  assert.doesNotMatch(all, /a-token-of-a-link|the-code-of|the-state/)
  assert.ok(!all.includes(key.reveal()))
})
