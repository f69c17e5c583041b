import type { Send } from '../../../src/transport/index.ts'

/** Knows which requests of a client are under way, such as that for the page after the one in use. */
export class OpenRequests {
  readonly send: Send
  readonly #open = new Set<Promise<unknown>>()

  constructor(send: Send) {
    this.send = (request) => {
      const answered = send(request)
      const open = answered.catch(() => undefined).finally(() => this.#open.delete(open))
      this.#open.add(open)
      return answered
    }
  }

  /** Waits until all requests are answered, those included that are just about to be sent. */
  async answered(): Promise<void> {
    do {
      await Promise.all(this.#open)
      await new Promise((resolve) => setImmediate(resolve))
    } while (this.#open.size > 0)
  }
}
