/** Remembers how to take changes back while a transaction is open. */
export class Journal {
  #steps: (() => void)[] = []
  #depth = 0

  /** Whether changes have to be noted; asked first, so that loading rows costs nothing more. */
  get open(): boolean {
    return this.#depth > 0
  }

  /** Notes how the change that is being made is taken back. Every lasting change of the store needs it. */
  note(undo: () => void): void {
    if (this.open) this.#steps.push(undo)
  }

  /** Runs work whose changes are taken back, the last first, when it throws. May be nested. */
  atomically<T>(work: () => T): T {
    const mark = this.#steps.length
    this.#depth += 1
    try {
      return work()
    } catch (error) {
      this.#takeBack(mark)
      throw error
    } finally {
      this.#depth -= 1
      if (this.#depth === 0) this.#steps = []
    }
  }

  #takeBack(mark: number): void {
    const steps = this.#steps.splice(mark)
    const depth = this.#depth
    // Taking back is no change of its own.
    this.#depth = 0
    for (const undo of steps.reverse()) undo()
    this.#depth = depth
  }
}
