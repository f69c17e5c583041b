/** Keeps slots in the order of their ids. Ids mostly come in rising, so that adding is appending. */
export class IdOrder {
  #ids: string[] = []
  #slots: number[] = []
  #sorted = true

  add(id: string, slot: number): void {
    const last = this.#ids.at(-1)
    if (last !== undefined && last > id) this.#sorted = false
    this.#ids.push(id)
    this.#slots.push(slot)
  }

  delete(id: string): void {
    const position = this.#position(id)
    if (this.#ids[position] !== id) return
    this.#ids.splice(position, 1)
    this.#slots.splice(position, 1)
  }

  /** Slots whose id comes after this one, all without it. */
  *after(id: string | undefined): Iterable<number> {
    let position = id === undefined ? 0 : this.#position(id)
    this.#sort()
    if (id !== undefined && this.#ids[position] === id) position += 1
    const slots = this.#slots
    for (; position < slots.length; position += 1) {
      const slot = slots[position]
      if (slot !== undefined) yield slot
    }
  }

  #position(id: string): number {
    this.#sort()
    let low = 0
    let high = this.#ids.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#ids[middle] ?? '') < id) low = middle + 1
      else high = middle
    }
    return low
  }

  #sort(): void {
    if (this.#sorted) return
    const pairs = this.#ids.map((id, index) => ({ id, slot: this.#slots[index] ?? 0 }))
    pairs.sort((a, b) => (a.id < b.id ? -1 : 1))
    this.#ids = pairs.map((pair) => pair.id)
    this.#slots = pairs.map((pair) => pair.slot)
    this.#sorted = true
  }
}
