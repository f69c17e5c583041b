import { Allowance } from './allowance.ts'
import type { LimitFigures } from './figures.ts'
import { Pace } from './pace.ts'
import { Parallelism } from './parallelism.ts'
import { Pause } from './pause.ts'
import type { LimitHints, LimitName } from './signals.ts'
import { SlidingSum } from './sliding-sum.ts'
import type { Decision, Demand, Ending, Ticket } from './ticket.ts'

// What background work leaves to everybody else.
const BACKGROUND_SHARE = 0.99
const BACKGROUND_PLACES = 0.9
// From half of the window on, it catches up no faster than this.
const PACED_FROM = 0.5
const FASTEST_PACE = 3
// Where the pace holds work back, the window counts as used up from here on.
const HELD_BACK = 0.95
const GO: Decision = { go: true }

/**
 * Decides whether a request may be sent, by what was measured. Pure: time is handed in, nothing waits.
 *
 * Server time is counted twice: by the moment a request began, at what it is expected to take, and by
 * the moment it ended, at what it took. The service does the one or the other, and neither sum may
 * pass the limit.
 */
export class Budget {
  readonly #figures: LimitFigures
  readonly #begun: SlidingSum
  readonly #ended: SlidingSum
  readonly #count: SlidingSum
  readonly #begunMs: Allowance
  readonly #endedMs: Allowance
  readonly #requests: Allowance
  readonly #parallelism: Parallelism
  readonly #timePace: Pace
  readonly #requestPace: Pace
  #inFlight = 0
  #inBackground = 0
  readonly #pause: Pause
  #lastAt = Number.NEGATIVE_INFINITY
  #lastMs = 0

  constructor(figures: LimitFigures) {
    const { windowMs, serverMs, requests, concurrency } = figures
    this.#figures = figures
    this.#begun = new SlidingSum(windowMs)
    this.#ended = new SlidingSum(windowMs)
    this.#count = new SlidingSum(windowMs)
    this.#begunMs = new Allowance(serverMs, windowMs)
    this.#endedMs = new Allowance(serverMs, windowMs)
    this.#requests = new Allowance(requests, windowMs)
    this.#parallelism = new Parallelism(concurrency, windowMs)
    this.#timePace = new Pace(windowMs)
    this.#requestPace = new Pace(windowMs)
    this.#pause = new Pause(windowMs)
  }

  decide(demand: Demand, now: number): Decision {
    const held = this.#pause.holds(now)
    if (held !== undefined) return held
    if (!this.#hasPlace(demand)) return { go: false, limit: 'concurrency' }
    const full = this.#requestsLeft(demand, now) ?? this.#timeLeft(demand, now)
    const paced = full === undefined && demand.background ? this.#paced(now) : undefined
    return full ?? paced ?? GO
  }

  /** Counts a request that is sent now. */
  begin({ expectedMs, background }: Demand, now: number): Ticket {
    this.#inFlight += 1
    if (background) {
      this.#inBackground += 1
      this.#lastAt = now
      this.#lastMs = expectedMs
    }
    this.#begun.add(now, Math.round(expectedMs))
    this.#timePace.use(now, expectedMs, this.#begunMs.value)
    this.#requestPace.use(now, 1, this.#requests.value)
    return { expectedMs, background, sentAt: now, probe: this.#pause.begin() }
  }

  /** Counts what a request really took. */
  end(ticket: Ticket, ending: Ending): void {
    const { at, refusedFor, hints, overloaded = false } = ending
    // A refused request did not run.
    const tookMs = refusedFor === undefined ? Math.round(Math.max(0, at - ticket.sentAt)) : 0
    this.#begun.add(ticket.sentAt, tookMs - Math.round(ticket.expectedMs))
    this.#ended.add(at, tookMs)
    this.#timePace.use(at, tookMs - ticket.expectedMs, this.#begunMs.value)
    this.#count.add(at, 1)
    this.#pause.end(ticket)
    if (refusedFor !== undefined) this.#refused(ticket, at, refusedFor, ending.pauseMs)
    else if (overloaded) this.#parallelism.slower(ticket.sentAt, at)
    else this.#answered(at)
    if (hints !== undefined) this.#hinted(hints, at)
    this.#inFlight -= 1
    if (ticket.background) this.#inBackground -= 1
  }

  /** Counts the refusal of something within a request, itself sent at `sentAt`, that was not refused. */
  refusedWithin(sentAt: number, at: number, limit: LimitName, pauseMs: number | undefined): void {
    this.#refused({ sentAt, probe: false }, at, limit, pauseMs)
  }

  /** What is used of each limit, and how much may be. */
  usage(now: number) {
    const pausedUntil = this.#pause.until(now)
    return {
      windowMs: this.#figures.windowMs,
      serverMs: {
        used: Math.max(this.#begun.total(now), this.#ended.total(now)),
        allowed: Math.min(this.#begunMs.value, this.#endedMs.value),
      },
      requests: { used: this.#count.total(now) + this.#inFlight, allowed: this.#requests.value },
      concurrency: { used: this.#inFlight, allowed: this.#parallelism.value },
      ...(pausedUntil === undefined ? {} : { pausedUntil }),
    }
  }

  #hasPlace({ background }: Demand): boolean {
    const places = this.#parallelism.value
    const share = background ? Math.max(1, Math.floor(places * BACKGROUND_PLACES)) : places
    if (this.#inFlight < places && (!background || this.#inBackground < share)) return true
    this.#parallelism.heldBack()
    return false
  }

  #requestsLeft({ background }: Demand, now: number): Decision | undefined {
    const most = this.#requests.value * (background ? BACKGROUND_SHARE : 1)
    const room = most - this.#inFlight - 1
    if (this.#count.total(now) <= room || this.#isIdle(now)) return undefined
    this.#requests.heldBack(now)
    this.#requestPace.full(now, this.#requests.value)
    return { go: false, limit: 'requests', at: this.#count.fallsTo(Math.max(0, room), now) }
  }

  /** Background work is spread over the window. */
  #paced(now: number): Decision | undefined {
    const requestsAt = this.#requestPace.readyAt(now, this.#requests.value)
    if (requestsAt > now) {
      if (this.#count.total(now) > this.#requests.value * HELD_BACK) this.#requests.heldBack(now)
      return { go: false, limit: 'requests', at: requestsAt }
    }
    const allowed = this.#begunMs.value
    const timeAt = Math.max(this.#timePace.readyAt(now, allowed), this.#apart(now))
    if (timeAt <= now) return undefined
    if (this.#begun.total(now) > allowed * HELD_BACK) this.#begunMs.heldBack(now)
    if (this.#ended.total(now) > this.#endedMs.value * HELD_BACK) this.#endedMs.heldBack(now)
    return { go: false, limit: 'serverTime', at: timeAt }
  }

  // One after the other, so that a refusal is heard of before the next is sent.
  #apart(now: number): number {
    const allowed = this.#begunMs.value
    if (this.#begun.total(now) < allowed * PACED_FROM) return now
    return this.#lastAt + (this.#lastMs * this.#figures.windowMs) / allowed / FASTEST_PACE
  }

  #timeLeft({ background, expectedMs }: Demand, now: number): Decision | undefined {
    const share = background ? BACKGROUND_SHARE : 1
    const room = this.#begunMs.value * share - expectedMs
    const most = this.#endedMs.value * share
    const begun = this.#begun.total(now) > room
    const ended = this.#ended.total(now) > most
    if (!(begun || ended) || this.#isIdle(now)) return undefined
    if (begun) this.#begunMs.heldBack(now)
    if (ended) this.#endedMs.heldBack(now)
    this.#timePace.full(now, this.#begunMs.value)
    const room0 = this.#begun.fallsTo(Math.max(0, room), now)
    return { go: false, limit: 'serverTime', at: Math.max(room0, this.#ended.fallsTo(most, now)) }
  }

  // One request that is larger than all that is allowed must go some time.
  #isIdle(now: number): boolean {
    return this.#inFlight === 0 && this.#count.total(now) === 0
  }

  #refused(
    request: Pick<Ticket, 'sentAt' | 'probe'>,
    at: number,
    limit: LimitName,
    pauseMs: number | undefined,
  ): void {
    const { sentAt } = request
    const learned = { serverTime: this.#begunMs, requests: this.#requests, concurrency: undefined }
    const severalServers = learned[limit]?.isOfSeveral === true
    if (limit === 'concurrency') this.#parallelism.refused(sentAt, at, this.#inFlight)
    if (limit === 'requests') this.#requests.refused(sentAt, at, this.#count.total(at))
    if (limit === 'serverTime') {
      this.#begunMs.refused(sentAt, at, this.#begun.total(at))
      this.#endedMs.refused(sentAt, at, this.#ended.total(at))
    }
    const pause = pauseMs === undefined ? {} : { pauseMs }
    this.#pause.refused(request, at, { limit, severalServers, ...pause })
  }

  #answered(at: number): void {
    this.#parallelism.answered(at)
    this.#begunMs.answered(at)
    this.#endedMs.answered(at)
    this.#requests.answered(at)
  }

  #hinted({ parallelism, remainingRequests, remainingServerMs }: LimitHints, at: number): void {
    if (parallelism !== undefined) this.#parallelism.recommended(parallelism)
    if (remainingRequests !== undefined) {
      this.#requests.hinted(at, this.#count.total(at), remainingRequests)
    }
    if (remainingServerMs !== undefined) {
      this.#begunMs.hinted(at, this.#ended.total(at), remainingServerMs)
      this.#endedMs.hinted(at, this.#ended.total(at), remainingServerMs)
      const share = this.#endedMs.usedShare(at)
      if (share !== undefined) this.#timePace.told(at, share, this.#begunMs.value)
    }
  }
}
