const BUCKETS = 600

/**
 * Adds up what fell into a sliding window, in a fixed number of buckets: memory does not grow with the
 * requests. A bucket leaves when its last moment does, so that the sum is never too small.
 */
export class SlidingSum {
  readonly #width: number
  readonly #sums = new Float64Array(BUCKETS + 1)
  #newest = Number.NEGATIVE_INFINITY
  #total = 0

  constructor(windowMs: number) {
    this.#width = windowMs / BUCKETS
  }

  /** Adds to the moment `at`, or takes away; what lies before the window is forgotten. */
  add(at: number, value: number): void {
    const epoch = Math.floor(at / this.#width)
    if (epoch > this.#newest) this.#advance(epoch)
    if (epoch < this.#newest - BUCKETS) return
    const slot = slotOf(epoch)
    this.#sums[slot] = (this.#sums[slot] ?? 0) + value
    this.#total += value
  }

  total(now: number): number {
    this.#advance(Math.floor(now / this.#width))
    return this.#total
  }

  /** When the sum will be at most `level` if nothing is added; `now` if it is already. */
  fallsTo(level: number, now: number): number {
    let rest = this.total(now)
    for (let epoch = this.#newest - BUCKETS; epoch <= this.#newest; epoch += 1) {
      if (rest <= level) return Math.max(now, (epoch + BUCKETS) * this.#width)
      rest -= this.#sums[slotOf(epoch)] ?? 0
    }
    return Math.max(now, (this.#newest + BUCKETS + 1) * this.#width)
  }

  #advance(epoch: number): void {
    if (epoch <= this.#newest) return
    const from = Math.max(this.#newest + 1, epoch - BUCKETS)
    for (let next = from; next <= epoch; next += 1) {
      const slot = slotOf(next)
      this.#total -= this.#sums[slot] ?? 0
      this.#sums[slot] = 0
    }
    this.#newest = epoch
  }
}

function slotOf(epoch: number): number {
  return ((epoch % (BUCKETS + 1)) + BUCKETS + 1) % (BUCKETS + 1)
}
