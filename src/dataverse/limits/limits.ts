import type { Clock } from '../../kernel/index.ts'
import type { HttpRequest, HttpResponse, Policy, Send } from '../../transport/index.ts'
import { Budget } from './budget.ts'
import type { Share } from './fair-queue.ts'
import { type LimitFigures, limitFigures } from './figures.ts'
import { answeredEnding, readRefusal } from './read-ending.ts'
import { limitOfCode } from './signals.ts'
import type { Ending, Ticket } from './ticket.ts'
import { Turns } from './turns.ts'

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
  /** Hears of a refusal that came within an answer, as in a part of a batch. */
  refusedWithin(refusal: InnerRefusal): void
  /** How much of each limit is used just now, and who waits. */
  usage(): LimitUsage
  /** Whether nothing is under way or remembered, so that it can be forgotten. */
  idle(): boolean
}

/** The refusal of one operation of a batch that was itself taken. */
export interface InnerRefusal {
  /** When the batch was sent. */
  readonly sentAt: number
  readonly dataverseCode?: string
  readonly retryAfterMs?: number
}

/** What a limit controller is made of. */
export interface LimitsOptions {
  readonly clock: Clock
  /** Where they differ from the documented ones. */
  readonly figures?: Partial<LimitFigures>
  /** How many requests may wait at all; more are refused at once. */
  readonly maxWaiting?: number
}

/** How long requests of each method are expected to run, in ms. */
type Expected = Map<string, number>

const MOST_WAITING = 50_000
const LONGEST_WAIT_MS = 600_000
const FIRST_GUESS_MS = 100
const HINTS_IN_WINDOW = 1_000

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
  readonly #turns: Turns
  #hintedAt = Number.NEGATIVE_INFINITY

  constructor({ clock, figures, maxWaiting = MOST_WAITING }: LimitsOptions) {
    this.figures = limitFigures(figures)
    this.#clock = clock
    this.#budget = new Budget(this.figures)
    this.#turns = new Turns({ clock, budget: this.#budget, maxWaiting })
  }

  caller(name: string, options: CallerOptions = {}): Policy {
    const { weight = 1, background = false, maxWaitMs = LONGEST_WAIT_MS } = options
    const share: Share = { name, weight, background }
    // Requests of one method of one caller resemble each other enough to be expected to.
    const expected: Expected = new Map()
    return (request, next) => {
      const expectedMs = expected.get(request.method) ?? FIRST_GUESS_MS
      const ticket = this.#at(share, expectedMs)
      if (ticket !== undefined) return this.#send(request, next, ticket, expected)
      return this.#turns
        .wait(share, expectedMs, request, maxWaitMs)
        .then((turn) => this.#send(request, next, turn, expected))
    }
  }

  refusedWithin({ sentAt, dataverseCode, retryAfterMs }: InnerRefusal): void {
    const limit = limitOfCode(dataverseCode) ?? 'serverTime'
    this.#budget.refusedWithin(sentAt, this.#clock.now(), limit, retryAfterMs)
  }

  usage(): LimitUsage {
    return { ...this.#budget.usage(this.#clock.now()), waiting: this.#turns.waiting() }
  }

  idle(): boolean {
    const { serverMs, requests, concurrency, pausedUntil } = this.#budget.usage(this.#clock.now())
    const used = serverMs.used + requests.used + concurrency.used + this.#turns.size
    return used === 0 && pausedUntil === undefined
  }

  /** Lets a request go at once if nobody waits. */
  #at(share: Share, expectedMs: number): Ticket | undefined {
    if (this.#turns.size > 0) return undefined
    const now = this.#clock.now()
    const demand = { expectedMs, background: share.background }
    return this.#budget.decide(demand, now).go ? this.#budget.begin(demand, now) : undefined
  }

  /** Sends a request whose turn it is. Most are answered well: these cost no more than one promise. */
  #send(
    request: HttpRequest,
    next: Send,
    ticket: Ticket,
    expected: Expected,
  ): Promise<HttpResponse> {
    return next(request).then(
      (response) => {
        if (response.status === 429) return this.#refused(response, ticket)
        const at = this.#clock.now()
        const tookMs = Math.max(0, at - ticket.sentAt)
        expected.set(request.method, ticket.expectedMs + (tookMs - ticket.expectedMs) / 4)
        this.#end(ticket, answeredEnding(response, at, this.#hintsWanted(at)))
        return response
      },
      (error) => {
        this.#end(ticket, { at: this.#clock.now() })
        throw error
      },
    )
  }

  async #refused(refused: HttpResponse, ticket: Ticket): Promise<HttpResponse> {
    const { response, ending } = await readRefusal(refused, this.#clock)
    this.#end(ticket, ending)
    return response
  }

  // What they say changes slowly beside the window, and reading them is most of what a call costs.
  #hintsWanted(now: number): boolean {
    if (now - this.#hintedAt < this.figures.windowMs / HINTS_IN_WINDOW) return false
    this.#hintedAt = now
    return true
  }

  #end(ticket: Ticket, ending: Ending): void {
    this.#budget.end(ticket, ending)
    if (this.#turns.size > 0) this.#turns.letGo()
  }
}
