const BURST = 0.5
const LARGEST_DEBT = 0.1
const KEPT_WHEN_FULL = 0.25

/**
 * Spreads work over the window: half of what is allowed may be used as fast as it can be, the rest as
 * fast as it becomes free again. Without it a window would fill up in a minute and stand still for
 * four, and so would the next.
 */
export class Pace {
  readonly #windowMs: number
  #saved: number | undefined
  #at = 0

  constructor(windowMs: number) {
    this.#windowMs = windowMs
  }

  /** When there is something to use again; `now` if there is already. */
  readyAt(now: number, allowed: number): number {
    const saved = this.#refill(now, allowed)
    return saved > 0 ? now : now + Math.max(1, (-saved * this.#windowMs) / allowed)
  }

  /** Uses an amount, or gives back what was not needed. */
  use(now: number, amount: number, allowed: number): void {
    this.#saved = Math.max(-allowed * LARGEST_DEBT, this.#refill(now, allowed) - amount)
  }

  /** The window is full: what is saved meanwhile could only be used to fill the next one as fast. */
  full(now: number, allowed: number): void {
    this.#saved = Math.min(this.#refill(now, allowed), allowed * KEPT_WHEN_FULL)
  }

  #refill(now: number, allowed: number): number {
    const most = allowed * BURST
    const grown = (Math.max(0, now - this.#at) * allowed) / this.#windowMs
    this.#saved = this.#saved === undefined ? most : Math.min(most, this.#saved + grown)
    this.#at = Math.max(this.#at, now)
    return this.#saved
  }
}
