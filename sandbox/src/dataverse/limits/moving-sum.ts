/** A sum over the last seconds: what is older than the window no longer counts. */
export class MovingSum {
  #times: number[] = []
  #amounts: number[] = []
  #first = 0
  #sum = 0

  add(now: number, amount: number): void {
    this.#times.push(now)
    this.#amounts.push(amount)
    this.#sum += amount
  }

  /** The sum of what came after `now - window`. */
  at(now: number, window: number): number {
    while (this.#first < this.#times.length) {
      if ((this.#times[this.#first] ?? 0) > now - window) break
      this.#sum -= this.#amounts[this.#first] ?? 0
      this.#first += 1
    }
    if (this.#first === this.#times.length) this.#sum = 0
    if (this.#first > 1_024 && this.#first * 2 > this.#times.length) this.#forget()
    return this.#sum
  }

  /** How long it takes until the sum is at most this, when nothing is added. */
  waitUntil(most: number, now: number, window: number): number {
    let sum = this.at(now, window)
    for (let index = this.#first; index < this.#times.length; index += 1) {
      if (sum <= most) return index === this.#first ? 0 : this.#gone(index - 1, now, window)
      sum -= this.#amounts[index] ?? 0
    }
    return this.#times.length === this.#first ? 0 : this.#gone(this.#times.length - 1, now, window)
  }

  #gone(index: number, now: number, window: number): number {
    return Math.max(0, (this.#times[index] ?? now) + window - now)
  }

  #forget(): void {
    this.#times = this.#times.slice(this.#first)
    this.#amounts = this.#amounts.slice(this.#first)
    this.#first = 0
  }
}
