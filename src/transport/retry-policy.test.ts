import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { FakeClock } from '../../test/support/fake-clock.ts'
import { systemRandom } from '../kernel/index.ts'
import type { HttpRequest, HttpResponse, Send } from './exchange.ts'
import { transportError } from './fault.ts'
import { readRetryAfter } from './retry-after.ts'
import { retryPolicy } from './retry-policy.ts'

type Step = number | Error | readonly [status: number, retryAfter: string]

const NEVER_RANDOM = { ...systemRandom, next: () => 1 }

/** Plays the steps one after the other, and tells the times at which it was asked. */
function scene(steps: readonly Step[], request: Partial<HttpRequest> = {}, budgetMs = 60_000) {
  const clock = new FakeClock(0)
  const sentAt: number[] = []
  const discarded: number[] = []
  const next: Send = async ({ url }) => {
    const step = steps[sentAt.length] ?? 200
    sentAt.push(clock.now())
    if (step instanceof Error) throw step
    const [status, after] = typeof step === 'number' ? [step] : step
    return answer(url, status, after, () => discarded.push(status))
  }
  const policy = retryPolicy({ attempts: 4, budgetMs, clock, random: NEVER_RANDOM })
  const url = new URL('https://org1.crm4.dynamics.com/')
  const result = policy({ method: 'GET', url, headers: {}, ...request }, next)
  return { clock, sentAt, discarded, result }
}

function answer(
  url: URL,
  status: number,
  retryAfter: string | undefined,
  discarded: () => void,
): HttpResponse {
  const headers = new Headers(retryAfter === undefined ? {} : { 'retry-after': retryAfter })
  const stream = () => ReadableStream.from<Uint8Array>([])
  return { status, url, headers, text: async () => '', stream, discard: async () => discarded() }
}

async function play({ clock, result }: ReturnType<typeof scene>) {
  let done = false
  const settled = result.finally(() => {
    done = true
  })
  settled.catch(() => undefined)
  while (!done) {
    await new Promise((resolve) => setImmediate(resolve))
    clock.advance(500)
  }
  return await settled
}

const LOST = transportError('connection_lost', 'org1')

test('passing faults of the connection and busy statuses are tried again, waiting twice as long', async () => {
  const run = scene([LOST, 503, 502])
  assert.equal((await play(run)).status, 200)
  assert.deepEqual(run.sentAt, [0, 500, 1500, 3500])
  // A body that nobody reads would hold its connection.
  assert.deepEqual(run.discarded, [503, 502])
})

test('Retry-After is kept, in seconds and as a date', async () => {
  const run = scene([
    [429, '7'],
    [503, 'Thu, 01 Jan 1970 00:00:20 GMT'],
  ])
  assert.equal((await play(run)).status, 200)
  assert.deepEqual(run.sentAt, [0, 7_000, 20_000])
})

test('a Retry-After beyond the budget is left to the caller', async () => {
  const run = scene([[429, '61']])
  assert.equal((await play(run)).status, 429)
  assert.deepEqual(run.sentAt, [0])
})

test('the budget is for all waits together', async () => {
  const run = scene([
    [429, '40'],
    [429, '40'],
  ])
  assert.equal((await play(run)).status, 429)
  assert.deepEqual(run.sentAt, [0, 40_000])
  assert.deepEqual(run.discarded, [429])
})

test('after the last attempt the last outcome stands', async () => {
  assert.equal((await play(scene([503, 503, 503, 504, 200]))).status, 504)
  await assert.rejects(play(scene([LOST, LOST, LOST, LOST])), { code: 'connection_lost' })
})

test('what may not be repeated is sent once', async () => {
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
    const write = scene([503], { method })
    assert.equal((await play(write)).status, 503)
    assert.equal(write.sentAt.length, 1)
    await assert.rejects(play(scene([LOST], { method })), { code: 'connection_lost' })
  }
  assert.equal((await play(scene([503], { method: 'GET', idempotent: false }))).status, 503)
  const marked = scene([503], { method: 'PATCH', idempotent: true })
  assert.equal((await play(marked)).status, 200)
})

test('what was surely not carried out is sent again, whatever it is', async () => {
  const refused = transportError('connection_refused', 'org1')
  for (const step of [429, refused]) {
    const write = scene([step, 201], { method: 'POST' })
    const { status, repeated } = await play(write)
    assert.deepEqual([status, repeated], [201, undefined])
  }
  const stream = Readable.from(['rows'])
  assert.equal((await play(scene([429], { method: 'POST', body: stream }))).status, 429)
})

test('an answer tells whether an earlier sending may have taken effect', async () => {
  const write = scene([LOST, 429, 200], { method: 'PATCH', idempotent: true })
  assert.equal((await play(write)).repeated, true)
})

test('nothing is waited for beyond the deadline', async () => {
  const late = scene([[503, '7'], 200], { deadlineAt: 7_000 })
  assert.equal((await play(late)).status, 503)
  assert.equal((await play(scene([[503, '6'], 200], { deadlineAt: 7_000 }))).status, 200)
})

test('refusals and other statuses are final', async () => {
  for (const status of [400, 401, 404, 500]) {
    assert.equal((await play(scene([status]))).status, status)
  }
  const refused = transportError('tls_failed', 'org1')
  await assert.rejects(play(scene([refused])), { code: 'tls_failed' })
})

test('a stop while waiting ends as aborted', async () => {
  const stop = new AbortController()
  const { result } = scene([503], { signal: stop.signal })
  setImmediate(() => stop.abort())
  await assert.rejects(result, { code: 'aborted' })
})

test('a Retry-After date counts from the server’s own time, where it tells that', () => {
  const date = 'Thu, 01 Jan 2026 12:00:00 GMT'
  const headers = new Headers({ 'retry-after': 'Thu, 01 Jan 2026 12:00:30 GMT', date })
  assert.equal(readRetryAfter(headers, Date.UTC(2026, 0, 1, 12, 10)), 30_000)
  headers.delete('date')
  assert.equal(readRetryAfter(headers, Date.UTC(2026, 0, 1, 12, 0, 20)), 10_000)
})

test('a Retry-After that is neither number nor date counts as none', () => {
  const read = (text: string) => readRetryAfter(new Headers({ 'retry-after': text }), 0)
  assert.equal(read('soon'), undefined)
  assert.equal(read(''), undefined)
  assert.equal(read('-5'), undefined)
  assert.equal(read('1.5'), 1500)
  assert.equal(readRetryAfter(new Headers(), 0), undefined)
})
