import type { Clock } from '../../kernel/index.ts'
import type { HttpRequest, HttpResponse, Policy } from '../../transport/index.ts'
import { Budget, type Ending, type Ticket } from './budget.ts'
import { FairQueue, type Share } from './fair-queue.ts'
import { type LimitFigures, limitFigures } from './figures.ts'
import { readEnding } from './read-ending.ts'
import { calledOffWaiting, waitedTooLong } from './refusals.ts'
import type { LimitName } from './signals.ts'

/** How a caller shares the limits with others. */
export interface CallerOptions {
  /** How much it gets beside others who wait, 1 by default. */
  readonly weight?: number
  /** Work that nobody waits for: it leaves a part of everything to the others. */
  readonly background?: boolean
  /** How long a request may wait for its turn, in ms. */
  readonly maxWaitMs?: number
}

/** How much of each limit is used, and how many requests wait. */
export interface LimitUsage {
  readonly windowMs: number
  /** Measured time of requests within the window, in ms. */
  readonly serverMs: { readonly used: number; readonly allowed: number }
  readonly requests: { readonly used: number; readonly allowed: number }
  readonly concurrency: { readonly used: number; readonly allowed: number }
  /** Until when the service has asked to be left alone, in ms since 1970. */
  readonly pausedUntil?: number
  /** The number of requests that wait, by caller. */
  readonly waiting: Readonly<Record<string, number>>
}

/** Keeps all requests of one user to one environment below the service protection limits. */
export interface Limits {
  readonly figures: LimitFigures
  /** A policy for the requests of one caller; callers of the same name share a queue. */
  caller(name: string, options?: CallerOptions): Policy
  /** How much of each limit is used just now, and who waits. */
  usage(): LimitUsage
  /** Whether nothing is under way or remembered, so that it can be forgotten. */
  idle(): boolean
}

/** What a limit controller is made of. */
export interface LimitsOptions {
  readonly clock: Clock
  /** Where they differ from the documented ones. */
  readonly figures?: Partial<LimitFigures>
  /** How many requests may wait at all; more are refused at once. */
  readonly maxWaiting?: number
}

interface Waiter {
  readonly expectedMs: number
  go(ticket: Ticket): void
}

const MOST_WAITING = 50_000
const LONGEST_WAIT_MS = 600_000
const FIRST_GUESS_MS = 100
// Nobody sees it; the default reason is an error with its stack, made anew each time.
const OVER = 'over'

/**
 * Makes the limit controller of one environment and user. It is to be shared by all clients of the two.
 *
 * @example
 * ```ts
 * import { createLimits, DataverseClient, type DataverseClientOptions } from 'fairlead/dataverse'
 * import { systemClock } from 'fairlead/kernel'
 *
 * declare const options: DataverseClientOptions
 *
 * const limits = createLimits({ clock: systemClock })
 * const client = new DataverseClient({ ...options, limits })
 * await client.whoAmI()
 * const { used, allowed } = limits.usage().serverMs
 * console.log(`${Math.round((100 * used) / allowed)} % of the server time is used`)
 * ```
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/api-limits
 */
export function createLimits(options: LimitsOptions): Limits {
  return new Controller(options)
}

class Controller implements Limits {
  readonly figures: LimitFigures
  readonly #clock: Clock
  readonly #budget: Budget
  readonly #queue = new FairQueue<Waiter>()
  readonly #maxWaiting: number
  #heldBackBy: LimitName = 'concurrency'
  #alarm: { readonly at: number; readonly off: AbortController } | undefined

  constructor({ clock, figures, maxWaiting = MOST_WAITING }: LimitsOptions) {
    this.figures = limitFigures(figures)
    this.#clock = clock
    this.#budget = new Budget(this.figures)
    this.#maxWaiting = maxWaiting
  }

  caller(name: string, options: CallerOptions = {}): Policy {
    const { weight = 1, background = false, maxWaitMs = LONGEST_WAIT_MS } = options
    const share: Share = { name, weight, background }
    // Requests of one method of one caller resemble each other enough to be expected to.
    const expected = new Map<string, number>()
    return async (request, next) => {
      const expectedMs = expected.get(request.method) ?? FIRST_GUESS_MS
      const ticket =
        this.#at(share, expectedMs) ?? (await this.#wait(share, expectedMs, request, maxWaitMs))
      const { response, ending } = await this.#run(next(request), ticket)
      if (ending.refusedFor === undefined) {
        expected.set(request.method, learn(expectedMs, ending.at - ticket.sentAt))
      }
      return response
    }
  }

  usage(): LimitUsage {
    return { ...this.#budget.usage(this.#clock.now()), waiting: this.#queue.waiting() }
  }

  idle(): boolean {
    const { serverMs, requests, concurrency, pausedUntil } = this.#budget.usage(this.#clock.now())
    const used = serverMs.used + requests.used + concurrency.used + this.#queue.size
    return used === 0 && pausedUntil === undefined
  }

  /** Lets a request go at once if nobody waits. */
  #at(share: Share, expectedMs: number): Ticket | undefined {
    if (this.#queue.size > 0) return undefined
    const now = this.#clock.now()
    const demand = { expectedMs, background: share.background }
    return this.#budget.decide(demand, now).go ? this.#budget.begin(demand, now) : undefined
  }

  async #run(sending: Promise<HttpResponse>, ticket: Ticket) {
    try {
      const { response, ending } = await readEnding(await sending, this.#clock)
      this.#end(ticket, ending)
      return { response, ending }
    } catch (error) {
      this.#end(ticket, { at: this.#clock.now() })
      throw error
    }
  }

  #end(ticket: Ticket, ending: Ending): void {
    this.#budget.end(ticket, ending)
    if (this.#queue.size > 0) this.#letGo()
  }

  /** Queues a request until its turn, its signal or the longest wait. */
  #wait(
    share: Share,
    expectedMs: number,
    { signal, url, deadlineAt = Number.POSITIVE_INFINITY }: HttpRequest,
    longestWaitMs: number,
  ): Promise<Ticket> {
    const maxWaitMs = Math.min(longestWaitMs, Math.max(0, deadlineAt - this.#clock.now()))
    if (this.#queue.size >= this.#maxWaiting) throw waitedTooLong(url, 'queue', 0)
    const turn = Promise.withResolvers<Ticket>()
    const over = new AbortController()
    const waiter: Waiter = { expectedMs, go: turn.resolve }
    // Leaves the queue before anything else can happen, so that no place is given to one that is gone.
    const leave = (error: Error) => {
      this.#queue.remove(share, waiter)
      turn.reject(error)
    }
    const calledOff = () => leave(calledOffWaiting(url, signal?.reason))
    this.#clock.sleep(maxWaitMs, over.signal).then(
      () => leave(waitedTooLong(url, this.#heldBackBy, maxWaitMs)),
      () => undefined,
    )
    signal?.addEventListener('abort', calledOff, { once: true })
    this.#queue.add(share, waiter)
    if (signal?.aborted) calledOff()
    this.#letGo()
    return turn.promise.finally(() => {
      over.abort(OVER)
      signal?.removeEventListener('abort', calledOff)
    })
  }

  /** Lets go as many as may go, and sets the alarm for the next. */
  #letGo(): void {
    while (this.#queue.size > 0) {
      const now = this.#clock.now()
      const next = this.#next(now)
      if (typeof next === 'number') {
        this.#wakeAt(next, now)
        return
      }
      const [share, waiter] = next
      this.#queue.remove(share, waiter)
      this.#queue.give(share, waiter.expectedMs)
      waiter.go(this.#budget.begin({ ...waiter, background: share.background }, now))
    }
    this.#alarm?.off.abort(OVER)
    this.#alarm = undefined
  }

  /** The next to go; if there is none, when to look again. */
  #next(now: number): readonly [Share, Waiter] | number {
    let soonest = Number.POSITIVE_INFINITY
    for (const [share, waiter] of this.#queue.heads()) {
      const demand = { expectedMs: waiter.expectedMs, background: share.background }
      const decision = this.#budget.decide(demand, now)
      if (decision.go) return [share, waiter]
      this.#heldBackBy = decision.limit
      soonest = Math.min(soonest, decision.at ?? Number.POSITIVE_INFINITY)
    }
    return soonest
  }

  #wakeAt(at: number, now: number): void {
    if (this.#alarm?.at === at) return
    this.#alarm?.off.abort(OVER)
    this.#alarm = undefined
    if (at === Number.POSITIVE_INFINITY) return
    const off = new AbortController()
    const alarm = { at, off }
    this.#alarm = alarm
    this.#clock.sleep(Math.max(1, at - now), off.signal).then(
      () => {
        if (this.#alarm === alarm) this.#alarm = undefined
        this.#letGo()
      },
      () => undefined,
    )
  }
}

function learn(expectedMs: number, tookMs: number): number {
  return expectedMs + (Math.max(0, tookMs) - expectedMs) / 4
}
