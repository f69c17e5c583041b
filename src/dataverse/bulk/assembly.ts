import type { BulkItem, Chunk, ChunkManner } from './chunk.ts'

/**
 * Puts rows together to chunks. Two writes of one row are never under way at once: the later one waits
 * until the earlier has its outcome, so that the later one wins.
 */
export class Assembly {
  readonly #mostBytes: number
  #open: BulkItem[] = []
  #bytes = 0
  readonly #busy = new Set<string>()
  readonly #behind = new Map<string, BulkItem[]>()
  #freed: BulkItem[] = []
  #waiting = 0

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes
  }

  /** Rows that have no outcome and are in no chunk. */
  get size(): number {
    return this.#open.length + this.#freed.length + this.#waiting
  }

  /** Rows that wait for an earlier write of the same row. */
  get waiting(): number {
    return this.#waiting
  }

  add(item: BulkItem): void {
    const identity = lineOf(item)
    if (!this.#busy.has(identity)) {
      this.#busy.add(identity)
      this.#open.push(item)
      this.#bytes += item.text.length
      return
    }
    const line = this.#behind.get(identity)
    if (line === undefined) this.#behind.set(identity, [item])
    else line.push(item)
    this.#waiting += 1
  }

  /** A row has its outcome: the next write of it may go. */
  release(item: BulkItem): void {
    const identity = lineOf(item)
    const line = this.#behind.get(identity)
    const next = line?.shift()
    if (next === undefined) {
      this.#busy.delete(identity)
      return
    }
    if (line?.length === 0) this.#behind.delete(identity)
    this.#waiting -= 1
    this.#freed.push(next)
  }

  /** Whether there are rows for a whole chunk. */
  isFull(rows: number): boolean {
    return this.#open.length + this.#freed.length >= rows || this.#bytes >= this.#mostBytes
  }

  /** Takes a chunk of at most so many rows; `undefined` where there are none. */
  take(rows: number, manner: ChunkManner): Chunk | undefined {
    this.#open.unshift(...this.#freed)
    for (const { text } of this.#freed) this.#bytes += text.length
    this.#freed = []
    if (this.#open.length === 0) return undefined
    let bytes = 0
    let count = 0
    for (const { text } of this.#open) {
      if (count > 0 && (count >= rows || bytes + text.length > this.#mostBytes)) break
      bytes += text.length
      count += 1
    }
    const items = this.#open.slice(0, count)
    this.#open = this.#open.slice(count)
    this.#bytes -= bytes
    return { items, manner, tries: 0, maybeWritten: false }
  }

  /** Takes out everything that was not sent. */
  drain(): readonly BulkItem[] {
    const rest = [...this.#open, ...this.#freed, ...[...this.#behind.values()].flat()]
    this.#open = []
    this.#freed = []
    this.#behind.clear()
    this.#waiting = 0
    this.#bytes = 0
    return rest
  }
}

/**
 * Rows of one line are never under way at once: what the service may take for the same value, by a
 * collation that is blind to capitals, accents, widths and spaces at the end, counts as the same.
 */
function lineOf({ identity }: BulkItem): string {
  if (PLAIN.test(identity)) return identity
  return identity
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replace(/\s+(?=,|$)/g, '')
}

// As most are; capitals are gone already.
const PLAIN = /^[!-~]*$/
