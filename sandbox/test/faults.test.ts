import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Bench, refused } from './bench.ts'
import { Browser } from './browser.ts'

async function ask(bench: Bench, fault: Record<string, unknown>) {
  await bench.admin('POST', '/faults', { target: 'entra', ...fault })
  return bench.token({ grant_type: 'client_credentials', resource: bench.resource })
}

test('a given answer comes with its status, header and body', async (t) => {
  const bench = await Bench.start(t)
  const html = await ask(bench, {
    kind: 'respond',
    status: 503,
    body: '<h1>Busy</h1>',
    headers: { 'retry-after': '7' },
  })
  assert.deepEqual(
    [html.status, html.text, html.headers.get('retry-after')],
    [503, '<h1>Busy</h1>', '7'],
  )
  assert.match(html.headers.get('content-type') ?? '', /text\/html/)
  const json = await ask(bench, { kind: 'respond', status: 500, body: { error: 'server_error' } })
  assert.deepEqual(json.body, { error: 'server_error' })
})

test('half a JSON arrives whole, a cut answer does not', async (t) => {
  const bench = await Bench.start(t)
  await assert.rejects(ask(bench, { kind: 'truncate' }), SyntaxError)
  await assert.rejects(ask(bench, { kind: 'cut', afterBytes: 5 }), TypeError)
})

test('a reset serves nothing, a lost answer has its effect', async (t) => {
  const bench = await Bench.start(t)
  const { body } = await bench.redeem(await bench.code())
  const count = async () =>
    Object(await bench.admin('GET', '/counters'))['total']['token.refresh_token.granted'] ?? 0
  await bench.admin('POST', '/faults', { kind: 'reset', target: 'entra' })
  await assert.rejects(bench.refresh(body['refresh_token']))
  assert.equal(await count(), 0)
  await bench.admin('POST', '/faults', { kind: 'lose', target: 'entra' })
  await assert.rejects(bench.refresh(body['refresh_token']))
  assert.equal(await count(), 1)
})

test('a hanging answer ends when the client gives up', async (t) => {
  const bench = await Bench.start(t)
  await bench.admin('POST', '/faults', { kind: 'hang', target: 'entra' })
  const url = `${bench.line.authority}/common/discovery/keys`
  await assert.rejects(fetch(url, { signal: AbortSignal.timeout(50) }), { name: 'TimeoutError' })
  assert.equal((await fetch(url)).status, 200)
})

test('a redirect, a delay and another content type come as asked', async (t) => {
  const bench = await Bench.start(t)
  const moved = await ask(bench, { kind: 'redirect', location: 'http://169.254.169.254/' })
  assert.deepEqual([moved.status, moved.headers.get('location')], [302, 'http://169.254.169.254/'])
  assert.equal((await ask(bench, { kind: 'delay', delayMs: 5 })).status, 200)
  const plain = await ask(bench, { kind: 'contentType', value: 'text/plain' })
  assert.equal(plain.headers.get('content-type'), 'text/plain')
})

test('a named failure can be nested, spaced, localized and without codes', async (t) => {
  const bench = await Bench.start(t)
  const nested = await ask(bench, { kind: 'aadsts', number: 70008, outer: 70002 })
  assert.deepEqual(nested.body['error_codes'], [70002, 70008])
  assert.match(String(nested.body['error_description']), /^AADSTS70002: .*AADSTS70008: /)
  const spaced = await ask(bench, {
    kind: 'aadsts',
    number: 50173,
    trailer: 'spaces',
    omitErrorCodes: true,
    text: 'Widerrufen.',
  })
  assert.equal(spaced.body['error_codes'], undefined)
  assert.match(String(spaced.body['error_description']), /^AADSTS50173: Widerrufen\. Trace ID: /)
  const throttled = await ask(bench, { kind: 'aadsts', number: 90055, retryAfter: '30' })
  refused(throttled, 90055, 'temporarily_unavailable', 429)
  assert.equal(throttled.headers.get('retry-after'), '30')
})

test('next-N faults wait for their target and their turn', async (t) => {
  const bench = await Bench.start(t)
  await bench.admin('POST', '/faults', {
    kind: 'respond',
    status: 418,
    target: 'orgfb974624',
    skip: 1,
    times: 2,
  })
  const statuses: number[] = []
  assert.equal((await fetch(`${bench.line.authority}/common/discovery/keys`)).status, 200)
  for (let call = 0; call < 4; call += 1) statuses.push((await fetch(bench.line.apiUrl)).status)
  assert.deepEqual(statuses, [401, 418, 418, 401])
})

test('the way back can lose its state, carry a foreign one, or never come', async (t) => {
  const bench = await Bench.start(t)
  const url = bench.authorizeUrl({ client_id: bench.app('consented').clientId })
  await bench.admin('POST', '/faults', {
    kind: 'callback',
    variant: 'withoutState',
    target: 'entra',
  })
  const without = await bench.signIn(url)
  assert.equal(without.callback?.searchParams.get('state'), null)
  assert.ok(without.callback?.searchParams.get('code'))
  await bench.admin('POST', '/faults', {
    kind: 'callback',
    variant: 'foreignState',
    target: 'entra',
  })
  assert.notEqual((await bench.signIn(url)).callback?.searchParams.get('state'), 'state-1')
  await bench.admin('POST', '/faults', { kind: 'callback', variant: 'never', target: 'entra' })
  assert.equal((await bench.signIn(url)).callback, undefined)
})

test('a named failure at authorize shows on the page, or at the callback', async (t) => {
  const bench = await Bench.start(t)
  const fault = { kind: 'aadsts', number: 50194, target: 'entra' }
  await bench.admin('POST', '/faults', fault)
  assert.match((await new Browser().open(bench.authorizeUrl())).text, /AADSTS50194/)
  await bench.admin('POST', '/faults', { ...fault, place: 'callback' })
  const { callback } = await new Browser().open(bench.authorizeUrl())
  assert.equal(callback?.searchParams.get('error'), 'invalid_request')
})
