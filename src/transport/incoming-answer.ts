import type { Dispatcher } from 'undici'

/** What an answer begins with. */
export interface AnswerHead {
  readonly status: number
  readonly fields: Readonly<Record<string, string | string[] | undefined>>
}

/** Where the bytes of a body go, as they arrive. */
export interface Sink {
  chunk(chunk: Uint8Array): void
  /** Called once, at the end or with what broke it off. */
  end(error?: unknown): void
}

const MOST_HELD_BYTES = 64 * 1024

/**
 * One exchange as undici drives it: the head as a promise, then the body for whoever takes it. Until
 * somebody does, a little of the body is held and the connection waits.
 */
export class IncomingAnswer implements Dispatcher.DispatchHandler {
  readonly head: Promise<AnswerHead>
  readonly #onOver: () => void
  #settle: PromiseWithResolvers<AnswerHead>
  #controller: Dispatcher.DispatchController | undefined
  #sink: Sink | undefined
  #held: Uint8Array[] = []
  #heldBytes = 0
  #over: { readonly error?: unknown } | undefined

  /** `onOver` is called once, when nothing more comes of the exchange. */
  constructor(onOver: () => void) {
    this.#onOver = onOver
    this.#settle = Promise.withResolvers()
    this.head = this.#settle.promise
  }

  /** Ends the exchange; its connection is closed. */
  abort(reason: Error): void {
    if (this.#over) return
    this.#finish({ error: reason })
    this.#controller?.abort(reason)
  }

  /** Ends an exchange of whose answer no more is wanted. */
  drop(): void {
    if (!this.#over) this.abort(new Error('The rest of the answer is not wanted.'))
  }

  /** Takes the body, from its first byte on. */
  take(sink: Sink): void {
    if (this.#sink) throw new Error('An answer can be read only once')
    this.#sink = sink
    for (const chunk of this.#held) sink.chunk(chunk)
    this.#held = []
    if (this.#over) sink.end(this.#over.error)
    else this.resume()
  }

  pause(): void {
    this.#controller?.pause()
  }

  resume(): void {
    this.#controller?.resume()
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#over?.error instanceof Error) controller.abort(this.#over.error)
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    fields: AnswerHead['fields'],
  ): void {
    // 1xx is not the answer yet (RFC 9110 §15.2).
    if (status >= 200) this.#settle.resolve({ status, fields })
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    // A parser that is resumed before more has come says so with nothing; pausing it for that would go
    // round for ever.
    if (chunk.byteLength === 0) return
    if (this.#sink) this.#sink.chunk(chunk)
    else this.#hold(chunk, controller)
  }

  onResponseEnd(): void {
    this.#finish({})
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#finish({ error })
  }

  #hold(chunk: Uint8Array, controller: Dispatcher.DispatchController): void {
    this.#held.push(chunk)
    this.#heldBytes += chunk.byteLength
    if (this.#heldBytes > MOST_HELD_BYTES) controller.pause()
  }

  #finish(over: { readonly error?: unknown }): void {
    if (this.#over) return
    this.#over = over
    this.#onOver()
    if (over.error !== undefined) this.#settle.reject(over.error)
    this.#sink?.end(over.error)
  }
}
