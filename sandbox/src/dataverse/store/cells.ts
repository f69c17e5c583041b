const FIRST_CAPACITY = 1024

/** Numbers of one column, by slot; nothing is kept until the first value comes. */
export class NumberCells {
  #values = new Float64Array(0)

  get(slot: number): number | null {
    const value = this.#values[slot]
    return value === undefined || Number.isNaN(value) ? null : value
  }

  set(slot: number, value: number | null): void {
    if (slot >= this.#values.length) {
      if (value === null) return
      this.#grow(slot)
    }
    this.#values[slot] = value ?? Number.NaN
  }

  #grow(slot: number): void {
    const length = Math.max(FIRST_CAPACITY, 2 ** Math.ceil(Math.log2(slot + 1)))
    const larger = new Float64Array(length).fill(Number.NaN)
    larger.set(this.#values)
    this.#values = larger
  }
}

/** Text or ids of one column, by slot. */
export class TextCells {
  readonly #values: (string | undefined)[] = []

  get(slot: number): string | null {
    return this.#values[slot] ?? null
  }

  set(slot: number, value: string | null): void {
    if (value === null && slot >= this.#values.length) return
    while (this.#values.length < slot) this.#values.push(undefined)
    this.#values[slot] = value ?? undefined
  }
}

/** Which of a lookup's tables each reference leads to; only lookups with several need it. */
export class TargetCells {
  #values = new Uint8Array(0)

  get(slot: number): number {
    return this.#values[slot] ?? 0
  }

  set(slot: number, value: number): void {
    if (slot >= this.#values.length) {
      if (value === 0) return
      const length = Math.max(FIRST_CAPACITY, 2 ** Math.ceil(Math.log2(slot + 1)))
      const larger = new Uint8Array(length)
      larger.set(this.#values)
      this.#values = larger
    }
    this.#values[slot] = value
  }
}
