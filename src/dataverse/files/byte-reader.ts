import { waitFor } from '../wait-for.ts'

/** Where bytes come from: all at once, or piece by piece, as a stream gives them. */
export type ByteSource = Uint8Array | AsyncIterable<Uint8Array> | Iterable<Uint8Array>

/** Takes bytes from a source in the sizes that are wanted, and holds no more than those and one piece. */
export class ByteReader {
  readonly #pieces: AsyncIterator<Uint8Array>
  readonly #signal: AbortSignal | undefined
  #rest: Uint8Array | undefined
  #ended = false

  constructor(source: ByteSource, signal: AbortSignal | undefined) {
    this.#pieces = pieces(source)
    this.#signal = signal
  }

  /** Takes this many bytes, or what is left before the end. */
  async take(size: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = []
    let length = 0
    while (length < size) {
      const piece = await this.#next()
      if (piece === undefined) break
      const part = piece.subarray(0, size - length)
      if (part.byteLength < piece.byteLength) this.#rest = piece.subarray(part.byteLength)
      parts.push(part)
      length += part.byteLength
    }
    const [only] = parts
    return only !== undefined && parts.length === 1 ? only : Buffer.concat(parts, length)
  }

  /** Tells whether nothing is left, for which it may have to wait. */
  async atEnd(): Promise<boolean> {
    this.#rest = await this.#next()
    return this.#rest === undefined
  }

  /** Lets the source know that no more is wanted. */
  async close(): Promise<void> {
    if (this.#ended) return
    const closing = this.#pieces.return?.().catch(() => undefined)
    // A source that is still being waited for closes when its piece comes, which may be never.
    if (this.#signal?.aborted !== true) await closing
  }

  async #next(): Promise<Uint8Array | undefined> {
    const rest = this.#rest
    this.#rest = undefined
    if (rest !== undefined) return rest
    while (!this.#ended) {
      const { done, value } = await waitFor(this.#pieces.next(), this.#signal, 'the file’s bytes')
      if (done === true) this.#ended = true
      else if (value.byteLength > 0) return value
    }
    return undefined
  }
}

async function* pieces(source: ByteSource): AsyncGenerator<Uint8Array, void, undefined> {
  if (source instanceof Uint8Array) yield source
  else yield* source
}
