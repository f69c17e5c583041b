/** Wakes everybody who waits for something to change. */
export class Bell {
  #change = Promise.withResolvers<void>()

  /** Resolves at the next ring; to be taken before looking at what may change. */
  get rung(): Promise<void> {
    return this.#change.promise
  }

  ring(): void {
    this.#change.resolve()
    this.#change = Promise.withResolvers()
  }
}
