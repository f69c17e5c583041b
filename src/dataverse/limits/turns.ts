import type { Clock } from '../../kernel/index.ts'
import type { HttpRequest } from '../../transport/index.ts'
import type { Budget } from './budget.ts'
import { FairQueue, type Share } from './fair-queue.ts'
import { calledOffWaiting, waitedTooLong } from './refusals.ts'
import type { LimitName } from './signals.ts'
import type { Ticket } from './ticket.ts'

interface Waiter {
  readonly expectedMs: number
  go(ticket: Ticket): void
}

// Nobody sees it; the default reason is an error with its stack, made anew each time.
const OVER = 'over'

/** Where requests wait that may not be sent yet, each caller in a queue of its own. */
export class Turns {
  readonly #clock: Clock
  readonly #budget: Budget
  readonly #queue = new FairQueue<Waiter>()
  readonly #maxWaiting: number
  #heldBackBy: LimitName = 'concurrency'
  #alarm: { readonly at: number; readonly off: AbortController } | undefined

  constructor(parts: {
    readonly clock: Clock
    readonly budget: Budget
    readonly maxWaiting: number
  }) {
    this.#clock = parts.clock
    this.#budget = parts.budget
    this.#maxWaiting = parts.maxWaiting
  }

  /** How many wait. */
  get size(): number {
    return this.#queue.size
  }

  /** How many wait, by caller. */
  waiting(): Readonly<Record<string, number>> {
    return this.#queue.waiting()
  }

  /** Queues a request until its turn, its signal or the longest wait. */
  async wait(
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
    this.letGo()
    return turn.promise.finally(() => {
      over.abort(OVER)
      signal?.removeEventListener('abort', calledOff)
    })
  }

  /** Lets go as many as may go, and sets the alarm for the next. */
  letGo(): void {
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
        this.letGo()
      },
      () => undefined,
    )
  }
}
