const BURST = 0.25
const LARGEST_DEBT = 0.1
const KEPT_WHEN_FULL = 0.02

/**
 * Spreads work evenly over the window. A quarter of what is allowed may be used as fast as it can be,
 * so that a short job runs at once; the rest follows at the pace at which it becomes free again.
 *
 * The quarter stays in the window for as long as the window is. Until it leaves, the pace is slower by
 * as much: otherwise the window would be full before, and the work stand still.
 */
export class Pace {
  readonly #windowMs: number
  #saved: number | undefined
  #at = 0
  #burstAt = Number.NEGATIVE_INFINITY

  constructor(windowMs: number) {
    this.#windowMs = windowMs
  }

  /** When there is something to use again; `now` if there is already. */
  readyAt(now: number, allowed: number): number {
    const saved = this.#refill(now, allowed)
    return saved > 0 ? now : now + Math.max(1, -saved / this.#rate(now, allowed))
  }

  /** Uses an amount, or gives back what was not needed. */
  use(now: number, amount: number, allowed: number): void {
    this.#saved = Math.max(-allowed * LARGEST_DEBT, this.#refill(now, allowed) - amount)
  }

  /** The window is full: what is saved meanwhile could only be used to fill the next one as fast. */
  full(now: number, allowed: number): void {
    this.#saved = Math.min(this.#refill(now, allowed), allowed * KEPT_WHEN_FULL)
  }

  /**
   * The service says which share of the window is used, by its own count. Ours holds all that a request
   * waited, in the network and for a busy server, for each of those at once: what is left of the first quarter
   * by the service's word may be used.
   */
  told(now: number, usedShare: number, allowed: number): void {
    this.#saved = Math.max(this.#refill(now, allowed), allowed * (BURST - usedShare))
  }

  #refill(now: number, allowed: number): number {
    const most = allowed * BURST
    const grown = Math.max(0, now - this.#at) * this.#rate(now, allowed)
    this.#saved = this.#saved === undefined ? most : Math.min(most, this.#saved + grown)
    if (this.#saved === most) this.#burstAt = now
    this.#at = Math.max(this.#at, now)
    return this.#saved
  }

  /** How much becomes free in a ms. */
  #rate(now: number, allowed: number): number {
    const inBurst = now - this.#burstAt < this.#windowMs
    return (allowed * (inBurst ? 1 - BURST : 1)) / this.#windowMs
  }
}
