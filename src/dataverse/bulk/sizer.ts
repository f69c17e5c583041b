import type { ChunkManner } from './chunk.ts'
import { MESSAGE_IN_ROWS } from './split.ts'

/** How large chunks are, and how they grow. */
export interface ChunkLimits {
  /** Rows in the first chunks. @defaultValue 100 */
  readonly rows?: number
  /** @defaultValue 1000 */
  readonly mostRows?: number
  /** Bytes of one request. @defaultValue 8 MB */
  readonly mostBytes?: number
  /** How long the service is to work on one chunk, in ms. */
  readonly targetMs?: number
}

const GROWTH = 1.5
const SHRINKAGE = 0.5
const LEAST_ROWS = 5
const FORGETS = 0.0004
// From here on most chunks would be refused, however small.
const SINGLY_FROM = 0.25
const ROWS_SINGLY = 20

/**
 * Sizes chunks by how long the service works on a row, and by how many rows it refuses. Large chunks
 * cost less for each row, but all of a chunk is in vain when one row is refused: with a share `p` of
 * such rows the two are balanced at √(message / p) rows. Half as many would waste a little less of the
 * service's time, but take so many more messages that their number would be what holds the work back.
 */
export class Sizer {
  readonly #most: number
  readonly #targetMs: number
  #rows: number
  #badShare = 0

  constructor({ rows = 100, mostRows = 1000 }: ChunkLimits, targetMs: number) {
    this.#most = Math.max(1, mostRows)
    this.#rows = Math.min(Math.max(1, rows), this.#most)
    this.#targetMs = targetMs
  }

  get rows(): number {
    if (this.manner === 'each') return Math.min(this.#most, ROWS_SINGLY)
    const bySearch = Math.max(LEAST_ROWS, Math.sqrt(MESSAGE_IN_ROWS / this.#badShare))
    return Math.max(1, Math.round(Math.min(this.#rows, bySearch)))
  }

  /** Whether rows go together, or are refused so often that each goes by itself. */
  get manner(): ChunkManner {
    return this.#badShare > SINGLY_FROM ? 'each' : 'together'
  }

  /** The service took so many rows. */
  taken(rows: number): void {
    this.#badShare *= (1 - FORGETS) ** rows
  }

  /** A chunk of so many rows was written in so long. */
  timed(rows: number, ms: number): void {
    // A rest says little about a full chunk.
    if (rows < this.rows / 2 || ms <= 0) return
    const factor = Math.min(GROWTH, Math.max(SHRINKAGE, this.#targetMs / ms))
    const damped = 1 + (factor - 1) / 2
    this.#rows = Math.min(this.#most, Math.max(1, rows * damped))
  }

  /** The service refused one row. */
  refused(): void {
    this.#badShare += (1 - this.#badShare) * FORGETS
  }

  /** The chunk was too much at once. */
  tooMuch(rows: number): void {
    this.#rows = Math.max(1, Math.min(this.#rows, rows * SHRINKAGE))
  }
}
