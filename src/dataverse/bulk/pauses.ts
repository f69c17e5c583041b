import type { Clock, Random } from '../../kernel/index.ts'
import { backOff } from '../../transport/index.ts'
import type { Chunk } from './chunk.ts'

/** Chunks that are put off for a while, after a failure that may pass. */
export class Pauses {
  readonly #clock: Clock
  readonly #random: Random
  readonly #signal: AbortSignal
  readonly #paused = new Set<Chunk>()
  readonly #onOver: (chunk: Chunk) => void

  /** `onOver` is given each chunk whose pause is over. */
  constructor(
    { clock, random, signal }: { clock: Clock; random: Random; signal: AbortSignal },
    onOver: (chunk: Chunk) => void,
  ) {
    this.#clock = clock
    this.#random = random
    this.#signal = signal
    this.#onOver = onOver
  }

  get size(): number {
    return this.#paused.size
  }

  /** Puts a chunk off, longer each time. */
  add(chunk: Chunk, times: number): void {
    this.#paused.add(chunk)
    this.#clock.sleep(backOff(times, this.#random), this.#signal).then(
      () => {
        if (this.#paused.delete(chunk)) this.#onOver(chunk)
      },
      () => undefined,
    )
  }

  /** Takes out all that are still put off. */
  drain(): readonly Chunk[] {
    const rest = [...this.#paused]
    this.#paused.clear()
    return rest
  }
}
