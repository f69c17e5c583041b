import type { BulkRow } from './intake.ts'

type Rows = AsyncIterable<BulkRow> | Iterable<BulkRow>

/** Reads the rows of a source one by one, also one that never answers. */
export class SourceReader {
  readonly #rows: AsyncIterator<BulkRow> | Iterator<BulkRow>
  readonly #signal: AbortSignal
  #interrupt: ((reason: unknown) => void) | undefined
  #index = 0
  #ended = false

  constructor(rows: Rows, signal: AbortSignal) {
    this.#rows =
      Symbol.asyncIterator in rows ? rows[Symbol.asyncIterator]() : rows[Symbol.iterator]()
    this.#signal = signal
    signal.addEventListener('abort', () => this.interrupt(signal.reason), { once: true })
  }

  /** Whether the source has no more rows. */
  get ended(): boolean {
    return this.#ended
  }

  /** The next row and its place; `undefined` after the last. */
  async next(): Promise<readonly [row: BulkRow, index: number] | undefined> {
    this.#signal.throwIfAborted()
    const pulled = this.#rows.next()
    const { done, value } = 'then' in pulled ? await this.#orInterrupted(pulled) : pulled
    if (done === true) {
      this.#ended = true
      return undefined
    }
    const index = this.#index
    this.#index += 1
    return [value, index]
  }

  /** Ends the wait for the next row, if there is one. */
  interrupt(reason: unknown): void {
    this.#interrupt?.(reason)
  }

  /** Tells the source that no more rows are wanted; one that never answers is not waited for. */
  close(): void {
    if (this.#ended) return
    try {
      Promise.resolve(this.#rows.return?.()).catch(() => undefined)
    } catch {
      // What it says to that changes nothing.
    }
  }

  #orInterrupted<Value>(pulled: Promise<Value>): Promise<Value> {
    return new Promise((resolve, reject) => {
      this.#interrupt = reject
      pulled.then(resolve, reject)
    })
  }
}
