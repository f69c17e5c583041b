import { type Growing, MAX_BODY_BYTES } from './body.ts'
import { HttpError } from './http-error.ts'

/** How much of long bodies is held at once, in bytes. What is read from them takes a multiple of it. */
const MOST_HELD_BYTES = 128 * 1024 * 1024

/** How soon one that was refused may be sent again, in ms. */
const AGAIN_MS = 5_000

/** Bounds the memory that long bodies take together; those of ordinary length are not counted. */
export class LongBodies {
  #heldBytes = 0

  /** Begins to hold a body, of which nothing is there yet. */
  open(): HeldBody {
    return new HeldBody((more) => {
      if (this.#heldBytes + more > MOST_HELD_BYTES) throw tooMany()
      this.#heldBytes += more
    })
  }
}

/** One body, and how much of it is held until nobody works on it any more. */
export class HeldBody implements Growing {
  readonly #take: (more: number) => void
  #bytes = 0
  #workers = 1

  constructor(take: (more: number) => void) {
    this.#take = take
  }

  /** Notes how long the body is, as far as is known. @throws HttpError `long_bodies_busy` */
  grow(bytes: number): void {
    if (bytes <= MAX_BODY_BYTES || bytes <= this.#bytes) return
    this.#take(bytes - this.#bytes)
    this.#bytes = bytes
  }

  /** Holds the body for as long as lines are made of it, too. */
  async *heldFor<T>(lines: AsyncIterable<T>): AsyncGenerator<T> {
    this.#workers += 1
    try {
      yield* lines
    } finally {
      this.end()
    }
  }

  /** Ends the work of one who works on the body. */
  end(): void {
    this.#workers -= 1
    if (this.#workers > 0) return
    this.#take(-this.#bytes)
    this.#bytes = 0
  }
}

function tooMany() {
  return new HttpError('long_bodies_busy', {
    what: 'There is no room for so long a body just now.',
    why: `Other calls with long bodies are under way; together they may have ${MOST_HELD_BYTES} bytes.`,
    remedy: 'Send it again in a few seconds, or less at a time.',
    retry: { when: 'later', afterMs: AGAIN_MS },
    facts: { maxBytes: MOST_HELD_BYTES },
  })
}
