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
const FAILURES_PER_CHUNK = 0.1
const FORGETS = 0.002

/**
 * Sizes chunks by how long the service works on a row: large ones cost less for each row, small ones
 * are rolled back and searched sooner. The more rows are refused, the smaller they get.
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
    const byFailures = this.#badShare === 0 ? this.#most : FAILURES_PER_CHUNK / this.#badShare
    return Math.max(1, Math.round(Math.min(this.#rows, Math.max(MIN_ROWS, byFailures))))
  }

  /** A chunk of so many rows was written in so long. */
  written(rows: number, ms: number): void {
    this.#badShare *= (1 - FORGETS) ** rows
    // A rest says little about a full chunk.
    if (rows < this.rows / 2 || ms <= 0) return
    const factor = Math.min(GROWTH, Math.max(SHRINKAGE, this.#targetMs / ms))
    const damped = 1 + (factor - 1) / 2
    this.#rows = Math.min(this.#most, Math.max(1, rows * damped))
  }

  /** The service refused one row. */
  refused(): void {
    this.#badShare += FORGETS
  }

  /** The chunk was too much at once. */
  tooMuch(rows: number): void {
    this.#rows = Math.max(1, Math.min(this.#rows, rows * SHRINKAGE))
  }
}

const MIN_ROWS = 10
