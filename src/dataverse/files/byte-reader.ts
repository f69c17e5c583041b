import { invalidArgument } from '../errors/dataverse-error.ts'

/** Where bytes come from: all at once, or piece by piece, as a stream gives them. */
export type ByteSource = Uint8Array | AsyncIterable<Uint8Array> | Iterable<Uint8Array>

/** Waits for a piece as long as the call may. */
type Wait = <Piece>(piece: Promise<Piece>) => Promise<Piece>

/** Takes bytes from a source in the sizes that are wanted, and holds no more than those and one piece. */
export class ByteReader {
  readonly #pieces: AsyncIterator<Uint8Array>
  readonly #wait: Wait
  #rest: Uint8Array | undefined
  #ended = false
  #waiting = false

  constructor(source: ByteSource, wait: Wait) {
    this.#pieces = pieces(source)
    this.#wait = wait
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
    if (!this.#waiting) await closing
  }

  async #next(): Promise<Uint8Array | undefined> {
    const rest = this.#rest
    this.#rest = undefined
    if (rest !== undefined) return rest
    while (!this.#ended) {
      this.#waiting = true
      const { done, value } = await this.#wait(this.#pieces.next())
      this.#waiting = false
      if (done === true) this.#ended = true
      else if (!(value instanceof Uint8Array)) throw noBytes()
      else if (value.byteLength > 0) return value
    }
    return undefined
  }
}

// Such as a text, or a stream of Node that was told an encoding.
function noBytes() {
  return invalidArgument(
    'source',
    'it gives something else than bytes',
    'Give a Uint8Array, or a stream of them: without an encoding, a text through Buffer.from.',
  )
}

async function* pieces(source: ByteSource): AsyncGenerator<Uint8Array, void, undefined> {
  if (source instanceof Uint8Array) yield source
  else yield* source
}
