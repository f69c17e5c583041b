import type { IdSorting } from './id-sorting.ts'

/** So many ids are put into their places one by one; for more, sorting all is quicker. */
const FEW = 16

/**
 * Keeps slots in the order of their ids. Ids mostly come in rising, so that adding is appending. What comes
 * otherwise gets its place when the order is asked for next, and so does all when the sorting has changed.
 */
export class SortedIds {
  readonly #current: () => IdSorting
  #sorting: IdSorting
  #ids: string[] = []
  #slots: number[] = []
  /** How many of them, from the first on, are in their places. */
  #placed = 0

  constructor(sorting: () => IdSorting) {
    this.#current = sorting
    this.#sorting = sorting()
  }

  add(id: string, slot: number): void {
    const last = this.#ids.at(-1)
    const rises = last === undefined || this.#sorting.compare(last, id) < 0
    if (rises && this.#placed === this.#ids.length) this.#placed += 1
    this.#ids.push(id)
    this.#slots.push(slot)
  }

  delete(id: string): void {
    this.#sort()
    const position = this.#position(id)
    if (this.#ids[position] !== id) return
    this.#ids.splice(position, 1)
    this.#slots.splice(position, 1)
    this.#placed -= 1
  }

  /** Slots whose id comes after this one, all without it. */
  *after(id: string | undefined): Iterable<number> {
    this.#sort()
    let position = id === undefined ? 0 : this.#position(id)
    if (id !== undefined && this.#ids[position] === id) position += 1
    const slots = this.#slots
    for (; position < slots.length; position += 1) {
      const slot = slots[position]
      if (slot !== undefined) yield slot
    }
  }

  /** Where the id is, or would be, among those in their places. */
  #position(id: string): number {
    const { compare } = this.#sorting
    let low = 0
    let high = this.#placed
    while (low < high) {
      const middle = (low + high) >>> 1
      if (compare(this.#ids[middle] ?? '', id) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  #sort(): void {
    const sorting = this.#current()
    if (sorting !== this.#sorting) {
      this.#sorting = sorting
      this.#placed = 0
    }
    const waiting = this.#ids.length - this.#placed
    if (waiting === 0) return
    if (waiting <= FEW) this.#placeFew()
    else this.#sortAll()
  }

  #placeFew(): void {
    const ids = this.#ids.splice(this.#placed)
    const slots = this.#slots.splice(this.#placed)
    for (const [index, id] of ids.entries()) {
      const position = this.#position(id)
      this.#ids.splice(position, 0, id)
      this.#slots.splice(position, 0, slots[index] ?? 0)
      this.#placed += 1
    }
  }

  #sortAll(): void {
    const { compare } = this.#sorting
    const pairs = this.#ids.map((id, index) => ({ id, slot: this.#slots[index] ?? 0 }))
    pairs.sort((a, b) => compare(a.id, b.id))
    this.#ids = pairs.map((pair) => pair.id)
    this.#slots = pairs.map((pair) => pair.slot)
    this.#placed = pairs.length
  }
}
