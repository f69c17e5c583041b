import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { SimulatedLimits, type SimulatedService } from '../../../test/support/simulated-limits.ts'
import { Budget } from './budget.ts'
import type { LimitFigures } from './figures.ts'
import type { LimitName } from './signals.ts'

const SCALED: LimitFigures = {
  windowMs: 10_000,
  serverMs: 40_000,
  requests: 200,
  concurrency: 52,
}
const WINDOWS = 12
const START = 1_000_000

interface Job {
  readonly service: SimulatedService
  /** What the client believes. */
  readonly figures?: LimitFigures
  /** How long the service works on the n-th request, in ms. */
  readonly ms: (n: number) => number
  /** What the network and the client add to each. */
  readonly overheadMs: number
  readonly windows?: number
  readonly background?: boolean
}

interface Flight {
  readonly endsAt: number
  readonly end: () => void
}

/** Runs a job that always has more to send, event by event, and counts what came of it. */
function run({ service, figures = SCALED, ms, overheadMs, ...job }: Job) {
  const { windows = WINDOWS, background = true } = job
  const limits = new SimulatedLimits(service)
  const budget = new Budget(figures)
  const refusals: { readonly at: number; readonly limit: LimitName }[] = []
  let flights: Flight[] = []
  let expectedMs = 100
  let sent = 0
  let now = START
  const tenths: number[] = []
  while (now < START + windows * service.windowMs) {
    const decision = budget.decide({ expectedMs, background }, now)
    if (decision.go) {
      const ticket = budget.begin({ expectedMs, background }, now)
      const takes = ms(sent)
      const refusedFor = limits.arrive(now, takes)
      sent += 1
      const tenth = Math.floor((10 * (now - START)) / service.windowMs)
      tenths[tenth] = (tenths[tenth] ?? 0) + (refusedFor === undefined ? takes : 0)
      if (refusedFor !== undefined) refusals.push({ at: now, limit: refusedFor })
      const endsAt = now + overheadMs + (refusedFor === undefined ? takes : 0)
      const end = () => {
        if (refusedFor === undefined) {
          limits.leave()
          expectedMs += (takes + overheadMs - expectedMs) / 4
        }
        const refusal = refusedFor && { refusedFor, pauseMs: service.retryAfterMs }
        budget.end(ticket, { at: endsAt, ...refusal })
      }
      flights.push({ endsAt, end })
      continue
    }
    const next = Math.min(decision.at ?? Infinity, ...flights.map(({ endsAt }) => endsAt))
    assert.ok(Number.isFinite(next), 'It would wait for ever')
    now = Math.max(now + 1, Math.ceil(next))
    for (const flight of flights.filter(({ endsAt }) => endsAt <= now)) flight.end()
    flights = flights.filter(({ endsAt }) => endsAt > now)
  }
  const allowedMs = (service.serverMs / service.windowMs) * (now - START)
  return { used: limits.usedMs / allowedMs, refusals, sent, windows, tenths }
}

const jobs = fc.record({
  counts: fc.constantFrom('begun' as const, 'ended' as const),
  base: fc.integer({ min: 250, max: 500 }),
  spread: fc.integer({ min: 0, max: 200 }),
  overheadMs: fc.integer({ min: 0, max: 3 }),
  retryAfterMs: fc.integer({ min: 1_000, max: 1_500 }),
})

test('a long job uses the server time, with at most one refusal a window, however the service counts', () => {
  fc.assert(
    fc.property(jobs, ({ counts, base, spread, overheadMs, retryAfterMs }) => {
      const service = { ...SCALED, counts, retryAfterMs }
      const ms = (n: number) => base + ((n * 7919) % (spread + 1))
      const { used, refusals, windows } = run({ service, ms, overheadMs })
      assert.ok(used >= 0.9, `used ${used}`)
      assert.ok(refusals.length <= windows, `${refusals.length} refusals`)
    }),
    { numRuns: 40 },
  )
})

test('a long job uses at least 0.95 of the server time with the documented figures', () => {
  const figures = { windowMs: 300_000, serverMs: 1_200_000, requests: 6_000, concurrency: 52 }
  const service = { ...figures, counts: 'ended' as const, retryAfterMs: 5_000 }
  const ms = (n: number) => 1_500 + ((n * 7919) % 1_000)
  const { used, refusals } = run({ service, figures, ms, overheadMs: 60, windows: 8 })
  assert.ok(used >= 0.95, `used ${used}`)
  assert.ok(refusals.length <= 8, `${refusals.length} refusals`)
})

test('a long job is paced evenly: after its first burst no part of a window stands still', () => {
  const service = { ...SCALED, counts: 'ended' as const, retryAfterMs: 1_000 }
  const ms = (n: number) => 200 + ((n * 7919) % 100)
  const { tenths } = run({ service, ms, overheadMs: 2 })
  const even = service.serverMs / 10
  // The first fifth holds the burst.
  const later = Array.from({ length: WINDOWS * 10 - 3 }, (_, n) => (tenths[n + 2] ?? 0) / even)
  const first = Math.min(...later.slice(0, 8))
  assert.ok(first > 0.4, `${first} in the first window`)
  const slow = later.slice(8).filter((share) => share < 0.7).length
  // A pause that a refusal asks for lasts a tenth.
  assert.ok(slow <= WINDOWS, later.map((one) => one.toFixed(2)).join(' '))
})

test('quick requests are held below their number', () => {
  const service = { ...SCALED, counts: 'ended' as const, retryAfterMs: 1_000 }
  const { sent, refusals } = run({ service, ms: () => 20, overheadMs: 2 })
  assert.ok(refusals.length <= WINDOWS, `${refusals.length} refusals`)
  assert.ok(sent >= 0.95 * 200 * WINDOWS, `${sent} sent`)
})

test('an allowance that is smaller than the documented one is learned', () => {
  const service = { ...SCALED, serverMs: 15_000, counts: 'ended' as const, retryAfterMs: 1_000 }
  const { used, refusals } = run({ service, ms: () => 300, overheadMs: 5 })
  assert.ok(used >= 0.9, `used ${used}`)
  assert.ok(refusals.length <= WINDOWS, `${refusals.length} refusals`)
})

test('a smaller number of places is learned', () => {
  const service = { ...SCALED, concurrency: 6, counts: 'ended' as const, retryAfterMs: 1_000 }
  const { used, refusals } = run({ service, ms: () => 300, overheadMs: 5 })
  assert.ok(used >= 0.9, `used ${used}`)
  // In the first window it finds out, by several at once.
  const later = refusals.filter(({ at }) => at > START + SCALED.windowMs)
  assert.ok(later.length <= WINDOWS - 1, `${later.length} refusals`)
})

test('more than the documented allowance is used where the service never refuses', () => {
  const service = { ...SCALED, serverMs: 400_000, counts: 'ended' as const, retryAfterMs: 1_000 }
  const windows = 20
  const { used } = run({ service, ms: () => 300, overheadMs: 5, windows })
  assert.ok(used > 0.105, `used ${used}`)
})

test('waiting for a busy service is not taken for its time, where answers tell how much it counts', () => {
  const budget = new Budget(SCALED)
  const demand = { expectedMs: 100, background: true }
  const flights: { readonly endsAt: number; readonly end: () => void }[] = []
  const counted: { readonly at: number; readonly ms: number }[] = []
  let [now, busyUntil, answered, stillMs] = [START, START, 0, 0]
  const serve = () => {
    const ticket = budget.begin(demand, now)
    // One after the other, of each a tenth as server time: what a request waits here is not the service's.
    busyUntil = Math.max(now, busyUntil) + 50
    const at = busyUntil
    const end = () => {
      counted.push({ at, ms: 5 })
      const inWindow = counted.filter((one) => one.at > at - SCALED.windowMs)
      const usedMs = inWindow.reduce((sum, { ms }) => sum + ms, 0)
      const hints = { parallelism: 52, remainingServerMs: SCALED.serverMs - usedMs }
      demand.expectedMs += (at - ticket.sentAt - demand.expectedMs) / 4
      budget.end(ticket, { at, hints })
      answered += 1
    }
    flights.push({ endsAt: at, end })
  }
  while (now < START + 3 * SCALED.windowMs) {
    const decision = budget.decide(demand, now)
    if (decision.go) {
      serve()
      continue
    }
    const [next] = flights
    const later = Math.max(now + 1, Math.min(decision.at ?? Infinity, next?.endsAt ?? Infinity))
    if (next === undefined) stillMs += later - now
    now = later
    while (flights[0] !== undefined && flights[0].endsAt <= now) flights.shift()?.end()
  }
  // By our own measure alone it stands still for 1.7 s of the 30.
  assert.ok(stillMs < 500, `it stood still for ${stillMs} ms`)
  assert.ok(answered > 580, `${answered} of 600`)
})

test('a short job may run at once', () => {
  const budget = new Budget(SCALED)
  const demand = { expectedMs: 100, background: true }
  for (let n = 0; n < 60; n += 1) {
    const at = n * SCALED.windowMs
    let sent = 0
    const tickets = []
    while (budget.decide(demand, at).go) {
      tickets.push(budget.begin(demand, at))
      sent += 1
    }
    for (const ticket of tickets) budget.end(ticket, { at: at + 1 })
    if (sent >= 40) return
  }
  assert.fail('It never ran forty at once')
})

test('Retry-After holds everything back until then', () => {
  const budget = new Budget(SCALED)
  const demand = { expectedMs: 100, background: false }
  const ticket = budget.begin(demand, 0)
  budget.end(ticket, { at: 10, refusedFor: 'requests', pauseMs: 7_000 })
  assert.deepEqual(budget.decide(demand, 7_009), { go: false, limit: 'requests', at: 7_010 })
  assert.deepEqual(budget.decide(demand, 7_010), { go: true })
})

test('a request that is larger than all that is allowed goes alone', () => {
  const budget = new Budget({ ...SCALED, serverMs: 1_000 })
  const demand = { expectedMs: 5_000, background: true }
  assert.equal(budget.decide(demand, 0).go, true)
  budget.begin(demand, 0)
  assert.equal(budget.decide(demand, 0).go, false)
})

test('background work leaves a place to the others', () => {
  const budget = new Budget(SCALED)
  while (budget.decide({ expectedMs: 10, background: true }, 0).go) {
    budget.begin({ expectedMs: 10, background: true }, 0)
  }
  assert.equal(budget.decide({ expectedMs: 10, background: false }, 0).go, true)
})

test('where more is allowed than one web server allows, one request finds out early', () => {
  const budget = new Budget(SCALED)
  const demand = { expectedMs: 100, background: false }
  const told = budget.begin(demand, 0)
  budget.end(told, { at: 5, hints: { remainingServerMs: 80_000 } })
  const refused = budget.begin(demand, 10)
  budget.end(refused, { at: 20, refusedFor: 'serverTime', pauseMs: 7_000 })
  assert.equal(budget.decide(demand, 100).go, false)
  assert.deepEqual(budget.decide(demand, 300), { go: true })
  const probe = budget.begin(demand, 300)
  assert.equal(budget.decide(demand, 301).go, false)
  budget.end(probe, { at: 310, refusedFor: 'serverTime', pauseMs: 7_000 })
  assert.deepEqual(budget.decide(demand, 7_309), { go: false, limit: 'serverTime', at: 7_310 })
})
