import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { FakeClock } from '../../../test/support/fake-clock.ts'
import type { HttpRequest, HttpResponse, Send } from '../../transport/index.ts'
import { createLimits } from './limits.ts'

const url = new URL('https://org1.crm4.dynamics.com/api/data/v9.2/accounts')
const request: HttpRequest = { method: 'GET', url, headers: {} }

function answer(status = 200, headers: Record<string, string> = {}, body = ''): HttpResponse {
  return {
    ...{ status, headers: new Headers(headers), url },
    text: async () => body,
    stream: () => new Blob([body]).stream(),
    discard: async () => undefined,
  }
}

/** A service that answers when the test says so. */
function slowService() {
  const waiting: { readonly request: HttpRequest; answer(response?: HttpResponse): void }[] = []
  const send: Send = (sent) =>
    new Promise((resolve) => {
      waiting.push({ request: sent, answer: (response = answer()) => resolve(response) })
    })
  return { waiting, send }
}

const one = { windowMs: 10_000, concurrency: 1 }

test('a request goes out before its call has returned where nothing holds it back', () => {
  const { waiting, send } = slowService()
  const policy = createLimits({ clock: new FakeClock() }).caller('a')
  policy(request, send)
  assert.equal(waiting.length, 1)
})

test('what exceeds the places waits for one', async () => {
  const { waiting, send } = slowService()
  const limits = createLimits({ clock: new FakeClock(), figures: one })
  const policy = limits.caller('a')
  const both = [policy(request, send), policy(request, send)]
  assert.equal(waiting.length, 1)
  assert.deepEqual(limits.usage().waiting, { a: 1 })
  waiting[0]?.answer()
  await both[0]
  await setImmediate()
  assert.equal(waiting.length, 2)
  assert.deepEqual(limits.usage().waiting, {})
})

test('a small caller does not wait behind the queue of a large one', async () => {
  const { waiting, send } = slowService()
  const limits = createLimits({ clock: new FakeClock(), figures: one })
  const bulk = limits.caller('bulk', { background: true })
  const small = limits.caller('small')
  for (let n = 0; n < 100; n += 1) bulk({ ...request, method: 'POST' }, send)
  small(request, send)
  for (let n = 0; n < 3; n += 1) {
    waiting[n]?.answer()
    await setImmediate()
  }
  assert.ok(waiting.slice(0, 3).some((sent) => sent.request.method === 'GET'))
})

test('weights divide what there is', async () => {
  const { waiting, send } = slowService()
  const limits = createLimits({ clock: new FakeClock(), figures: one })
  const light = limits.caller('light')
  const heavy = limits.caller('heavy', { weight: 3 })
  for (let n = 0; n < 60; n += 1) {
    light(request, send)
    heavy({ ...request, method: 'HEAD' }, send)
  }
  for (let n = 0; n < 40; n += 1) {
    waiting[n]?.answer()
    await setImmediate()
  }
  const heavies = waiting.filter((sent) => sent.request.method === 'HEAD').length
  assert.ok(heavies >= 28 && heavies <= 32, `${heavies} of 40`)
})

for (const code of ['0x80072322', '0X80072322', '-2147015902']) {
  test(`a refusal with ${code} is taken for the number of requests, and its body handed on`, async () => {
    const clock = new FakeClock()
    const limits = createLimits({ clock })
    const policy = limits.caller('a')
    const body = JSON.stringify({ error: { code, message: 'Number of requests exceeded' } })
    const refused = await policy(request, async () => answer(429, { 'retry-after': '7' }, body))
    assert.equal(await refused.text(), body)
    assert.equal(limits.usage().pausedUntil, clock.now() + 7_000)
    const { waiting, send } = slowService()
    policy(request, send)
    clock.advance(6_999)
    await setImmediate()
    assert.equal(waiting.length, 0)
    clock.advance(1)
    await setImmediate()
    assert.equal(waiting.length, 1)
  })
}

test('after a pause one request finds out, before the others follow', async () => {
  const clock = new FakeClock()
  const policy = createLimits({ clock }).caller('a')
  await policy(request, async () => answer(429, { 'retry-after': '1' }))
  const { waiting, send } = slowService()
  for (let n = 0; n < 3; n += 1) policy(request, send)
  clock.advance(1_000)
  await setImmediate()
  assert.equal(waiting.length, 1)
  waiting[0]?.answer()
  await setImmediate()
  assert.equal(waiting.length, 3)
})

test('a recommended parallelism is where to start', async () => {
  const { waiting, send } = slowService()
  const policy = createLimits({ clock: new FakeClock() }).caller('a')
  await policy(request, async () => answer(200, { 'x-ms-dop-hint': '12' }))
  for (let n = 0; n < 20; n += 1) policy(request, send)
  assert.equal(waiting.length, 12)
})

test('what is left, with thousands separators, raises what is allowed', async () => {
  const limits = createLimits({ clock: new FakeClock() })
  const headers = {
    'x-ms-ratelimit-time-remaining-xrm-requests': '1,500.00',
    'x-ms-ratelimit-burst-remaining-xrm-requests': '7999',
  }
  await limits.caller('a')(request, async () => answer(200, headers))
  assert.equal(limits.usage().serverMs.allowed, 1_500_000)
  assert.equal(limits.usage().requests.allowed, 8_000)
})

test('a request that is called off while it waits gives up its turn', async () => {
  const { waiting, send } = slowService()
  const limits = createLimits({ clock: new FakeClock(), figures: one })
  const policy = limits.caller('a')
  policy(request, send)
  const stop = new AbortController()
  const second = policy({ ...request, signal: stop.signal }, send)
  stop.abort(new Error('enough'))
  await assert.rejects(second, { code: 'aborted' })
  waiting[0]?.answer()
  await setImmediate()
  assert.equal(waiting.length, 1)
  assert.equal(limits.usage().concurrency.used, 0)
})

test('a wait ends at its limit, and says for what it was', async () => {
  const clock = new FakeClock()
  const { send } = slowService()
  const limits = createLimits({ clock, figures: one })
  const policy = limits.caller('a', { maxWaitMs: 5_000 })
  policy(request, send)
  const second = assert.rejects(policy(request, send), {
    code: 'throttled',
    facts: { host: url.host, limit: 'concurrency', waitedMs: 5_000 },
  })
  clock.advance(5_000)
  await second
})

test('no more than so many wait', async () => {
  const { send } = slowService()
  const policy = createLimits({ clock: new FakeClock(), figures: one, maxWaiting: 1 }).caller('a')
  policy(request, send)
  policy(request, send)
  await assert.rejects(async () => policy(request, send), { code: 'throttled' })
})

test('a request that fails gives its place back', async () => {
  const limits = createLimits({ clock: new FakeClock(), figures: one })
  const policy = limits.caller('a')
  await assert.rejects(policy(request, () => Promise.reject(new Error('lost'))))
  assert.equal(limits.usage().concurrency.used, 0)
})

test('figures that make no sense are refused', () => {
  assert.throws(() => createLimits({ clock: new FakeClock(), figures: { requests: 0 } }), {
    code: 'invalid_argument',
    facts: { field: 'limits.requests' },
  })
})
