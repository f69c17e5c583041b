/** What has been opened so far, to be closed in the opposite order. */
export class Undo {
  readonly #steps: (() => PromiseLike<void>)[] = []

  defer(step: () => PromiseLike<void>): void {
    this.#steps.push(step)
  }

  /** Closes everything, the last first; one that fails does not keep the others open. */
  async run(): Promise<void> {
    const errors: unknown[] = []
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) {
      try {
        await step()
      } catch (error) {
        errors.push(error)
      }
    }
    if (errors.length > 0) throw errors[0]
  }

  /** Does work that opens things; when it fails, what it had opened is closed again. */
  async whole<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      await this.run()
      throw error
    }
  }
}
