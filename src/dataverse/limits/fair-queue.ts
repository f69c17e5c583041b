/** One who sends requests, and how much of what there is it gets beside others. */
export interface Share {
  readonly name: string
  readonly weight: number
  readonly background: boolean
}

interface Line<Item> {
  readonly share: Share
  readonly items: Set<Item>
  /** How much it has been given, by its weight; who was given least is next. */
  given: number
}

/**
 * A queue for each caller, of which the one that was given least comes next. Who comes back after a
 * time without requests gets no credit for it, and nobody waits behind another's long queue.
 */
export class FairQueue<Item> {
  readonly #lines = new Map<string, Line<Item>>()
  #floor = 0
  #size = 0

  get size(): number {
    return this.#size
  }

  add(share: Share, item: Item): void {
    this.#lineOf(share).items.add(item)
    this.#size += 1
  }

  remove({ name }: Share, item: Item): void {
    if (this.#lines.get(name)?.items.delete(item)) this.#size -= 1
  }

  /** The first of each queue, who was given least first. */
  heads(): readonly (readonly [Share, Item])[] {
    return [...this.#lines.values()]
      .filter(({ items }) => items.size > 0)
      .sort((a, b) => a.given - b.given)
      .flatMap(({ share, items }) => {
        const [first] = items
        return first === undefined ? [] : [[share, first] as const]
      })
  }

  /** Counts what a caller was given while others wait. */
  give(share: Share, amount: number): void {
    const line = this.#lineOf(share)
    this.#floor = Math.max(this.#floor, line.given)
    line.given += amount / share.weight
  }

  /** How many wait, by caller. */
  waiting(): Readonly<Record<string, number>> {
    const lines = [...this.#lines.values()].filter(({ items }) => items.size > 0)
    return Object.fromEntries(lines.map(({ share, items }) => [share.name, items.size]))
  }

  // A caller that has nothing waiting is forgotten as soon as it has no more than its due.
  #lineOf(share: Share): Line<Item> {
    const known = this.#lines.get(share.name)
    if (known !== undefined) {
      if (known.items.size === 0) known.given = Math.max(known.given, this.#floor)
      return known
    }
    for (const [name, { items, given }] of this.#lines) {
      if (items.size === 0 && given <= this.#floor) this.#lines.delete(name)
    }
    const line: Line<Item> = { share, items: new Set(), given: this.#floor }
    this.#lines.set(share.name, line)
    return line
  }
}
