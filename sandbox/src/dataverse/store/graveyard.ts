/** A row that is gone, and the row version of its end. */
export interface Tombstone {
  readonly id: string
  readonly version: number
}

/** The known dead of one table. */
export interface Grave {
  readonly stones: readonly Tombstone[]
  /** Row version of the last one that is no longer known. */
  readonly forgotten: number
}

const MOST = 100_000

/** Remembers deleted rows for change tracking, of each table only the last ones. */
export class Graveyard {
  #tables = new Map<string, { stones: Tombstone[]; forgotten: number }>()
  readonly #most: number

  constructor(most: number = MOST) {
    this.#most = most
  }

  /** Adds a row; what is returned takes that back. */
  add(table: string, stone: Tombstone): () => void {
    const known = this.#tables.get(table)
    const graves = known ?? { stones: [], forgotten: 0 }
    if (!known) this.#tables.set(table, graves)
    graves.stones.push(stone)
    if (graves.stones.length > this.#most) this.#forget(graves)
    return () => {
      const at = graves.stones.lastIndexOf(stone)
      if (at >= 0) graves.stones.splice(at, 1)
    }
  }

  /** Rows that ended after a version, the oldest first; undefined when some of them are forgotten. */
  since(table: string, version: number): readonly Tombstone[] | undefined {
    const graves = this.#tables.get(table)
    if (!graves) return []
    if (graves.forgotten > version) return undefined
    return graves.stones.filter((stone) => stone.version > version)
  }

  save(): ReadonlyMap<string, Grave> {
    return new Map(
      [...this.#tables].map(([table, { stones, forgotten }]) => [
        table,
        { stones: [...stones], forgotten },
      ]),
    )
  }

  restore(graves: ReadonlyMap<string, Grave>): void {
    this.#tables = new Map(
      [...graves].map(([table, { stones, forgotten }]) => [
        table,
        { stones: [...stones], forgotten },
      ]),
    )
  }

  /** Half of them at once, so that adding stays cheap. */
  #forget(graves: { stones: Tombstone[]; forgotten: number }): void {
    const gone = graves.stones.splice(0, Math.ceil(this.#most / 2))
    graves.forgotten = gone.at(-1)?.version ?? graves.forgotten
  }
}
