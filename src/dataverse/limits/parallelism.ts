const START = 4
const KEPT_AFTER_REFUSAL = 0.7

/**
 * How many requests may run at once: doubles with every round of answers at first, then grows by one a
 * round, and falls by a third when the service refuses. The number that was refused is tried again only
 * after a window.
 */
export class Parallelism {
  readonly #most: number
  readonly #windowMs: number
  #value: number
  #doublesUpTo: number
  #ceiling: number
  #floor = 1
  #raise = 1
  /** How many answers may still make it grow: a round of them after a request had to wait. */
  #mayGrow = 0
  #hinted = false
  #refusedAt = Number.NEGATIVE_INFINITY
  #raisedAt = Number.NEGATIVE_INFINITY

  constructor(most: number, windowMs: number) {
    this.#most = Math.floor(most)
    this.#windowMs = windowMs
    this.#value = Math.min(START, this.#most)
    this.#doublesUpTo = this.#most
    this.#ceiling = this.#most
  }

  get value(): number {
    return Math.max(1, Math.floor(this.#value))
  }

  /** A request has to wait for a place. */
  heldBack(): void {
    this.#mayGrow = this.value
  }

  /** A request was answered. What was not used up says nothing about more. */
  answered(now: number): void {
    if (this.#mayGrow === 0) return
    this.#mayGrow -= 1
    // A whole window without a refusal first, then more and more.
    const calm = now - this.#refusedAt > this.#windowMs
    if (calm && now - this.#raisedAt > this.#windowMs / 4 && this.#ceiling < this.#most) {
      this.#raisedAt = now
      this.#ceiling = Math.min(this.#most, this.#ceiling + this.#raise)
      this.#raise *= 2
    }
    const step = this.#value < this.#doublesUpTo ? 1 : 1 / this.#value
    this.#value = Math.min(this.#ceiling, this.#value + step)
  }

  /** The service refused a request that was sent at `sentAt`, while `inFlight` ran, itself among them. */
  refused(sentAt: number, now: number, inFlight: number): void {
    // Far below, somebody else's requests run: that may be over soon.
    if (sentAt >= this.#refusedAt) this.#floor = Math.min(this.#ceiling, inFlight) / 2
    // Each of a burst tells that one fewer would have been enough.
    this.#ceiling = Math.max(1, this.#floor, Math.min(this.#ceiling, inFlight - 1))
    this.#value = Math.min(this.#value, this.#ceiling)
    this.#raise = 1
    this.slower(sentAt, now)
  }

  /** The service is too slow, or breaks down: fewer at once may help. */
  slower(sentAt: number, now: number): void {
    if (sentAt < this.#refusedAt) return
    this.#refusedAt = now
    this.#value = Math.max(1, this.#value * KEPT_AFTER_REFUSAL)
    this.#doublesUpTo = this.#value
    this.#mayGrow = 0
  }

  /** The service recommends this many; the first time it is where to start, and to go on slowly from. */
  recommended(count: number): void {
    if (this.#hinted) return
    this.#hinted = true
    this.#value = Math.min(this.#ceiling, Math.max(this.#value, count))
    this.#doublesUpTo = Math.min(this.#doublesUpTo, this.#value)
  }
}
