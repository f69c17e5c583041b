import type { Clock } from '../kernel/index.ts'

interface Deadline {
  readonly at: number
  readonly expire: () => void
}

/** Ends what takes too long, by one timer for everything that is under way at the same time. */
export class Deadlines {
  readonly #clock: Clock
  readonly #open = new Set<Deadline>()
  #timer: { readonly at: number; readonly stop: AbortController } | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Calls `expire` at a time, unless the function that it gives back is called before. */
  start(at: number, expire: () => void): () => void {
    const deadline = { at, expire }
    this.#open.add(deadline)
    if (this.#timer === undefined || at < this.#timer.at) this.#wakeAt(at)
    return () => {
      this.#open.delete(deadline)
      // An idle timer would keep the process from ending.
      if (this.#open.size === 0) this.#sleep()
    }
  }

  #wakeAt(at: number): void {
    this.#sleep()
    const stop = new AbortController()
    this.#timer = { at, stop }
    const wait = Math.max(0, at - this.#clock.now())
    this.#clock.sleep(wait, stop.signal).then(
      () => this.#expireDue(),
      () => undefined,
    )
  }

  // Nobody sees the reason; the default one is an error with its stack, made anew each time.
  #sleep(): void {
    this.#timer?.stop.abort('over')
    this.#timer = undefined
  }

  #expireDue(): void {
    this.#timer = undefined
    const now = this.#clock.now()
    for (const deadline of this.#open) {
      if (deadline.at > now) continue
      this.#open.delete(deadline)
      deadline.expire()
    }
    if (this.#open.size > 0) this.#wakeAt(Math.min(...[...this.#open].map(({ at }) => at)))
  }
}
