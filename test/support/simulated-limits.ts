/** How the simulated service counts, and what it allows. */
export interface SimulatedService {
  readonly windowMs: number
  readonly serverMs: number
  readonly requests: number
  readonly concurrency: number
  /** Whether a request's time counts from its beginning or from its end. */
  readonly counts: 'begun' | 'ended'
  /** The shortest pause that it asks for, in ms. */
  readonly retryAfterMs: number
}

type Limit = 'serverTime' | 'requests' | 'concurrency'

/** A service with the three protection limits, in a time that the test moves. */
export class SimulatedLimits {
  readonly #service: SimulatedService
  readonly #begun: number[] = []
  #counted: { readonly at: number; readonly ms: number }[] = []
  #inFlight = 0
  usedMs = 0

  constructor(service: SimulatedService) {
    this.#service = service
  }

  /** Takes a request, or names the limit for which it refuses. */
  arrive(now: number, ms: number): Limit | undefined {
    const { windowMs, serverMs, requests, concurrency, counts } = this.#service
    const from = now - windowMs
    while ((this.#begun[0] ?? now) <= from) this.#begun.shift()
    this.#counted = this.#counted.filter(({ at }) => at > from)
    const used = this.#counted.reduce((sum, one) => sum + (one.at <= now ? one.ms : 0), 0)
    if (this.#inFlight >= concurrency) return 'concurrency'
    if (this.#begun.length >= requests) return 'requests'
    if (used >= serverMs) return 'serverTime'
    this.#begun.push(now)
    this.#counted.push({ at: counts === 'begun' ? now : now + ms, ms })
    this.#inFlight += 1
    this.usedMs += ms
    return undefined
  }

  leave(): void {
    this.#inFlight -= 1
  }
}
