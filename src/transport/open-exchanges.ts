import type { Clock } from '../kernel/index.ts'
import { Deadlines } from './deadlines.ts'
import type { HttpRequest } from './exchange.ts'
import { transportError } from './fault.ts'
import { IncomingAnswer } from './incoming-answer.ts'
import { TransportError } from './transport-error.ts'

/** The exchanges that are under way, and what may end them early: their time, their caller, a close. */
export class OpenExchanges {
  readonly #clock: Clock
  readonly #timeoutMs: number
  readonly #deadlines: Deadlines
  readonly #open = new Map<IncomingAnswer, string>()
  #closed = false

  constructor(clock: Clock, timeoutMs: number) {
    this.#clock = clock
    this.#timeoutMs = timeoutMs
    this.#deadlines = new Deadlines(clock)
  }

  /** Begins an exchange. @throws TransportError `aborted` where it is called off already */
  begin({ url, signal, timeoutMs, deadlineAt }: HttpRequest): IncomingAnswer {
    const { host } = url
    if (this.#closed) throw transportError('aborted', host)
    if (signal?.aborted) throw calledOff(signal, host)
    const now = this.#clock.now()
    const at = Math.min(
      now + (timeoutMs ?? this.#timeoutMs),
      deadlineAt ?? Number.POSITIVE_INFINITY,
    )
    const stop = () => answer.abort(calledOff(signal, host))
    const answer = new IncomingAnswer(() => {
      endLimit()
      signal?.removeEventListener('abort', stop)
      this.#open.delete(answer)
    })
    const endLimit = this.#deadlines.start(at, () =>
      answer.abort(transportError('timeout', host, { limitMs: at - now })),
    )
    signal?.addEventListener('abort', stop, { once: true })
    this.#open.set(answer, host)
    return answer
  }

  /** Ends everything as `aborted`; nothing begins any more. */
  close(): void {
    this.#closed = true
    for (const [answer, host] of this.#open) answer.abort(transportError('aborted', host))
  }
}

// A caller whose own time is over says so by its reason.
function calledOff(signal: AbortSignal | undefined, host: string): TransportError {
  const reason: unknown = signal?.reason
  return reason instanceof TransportError ? reason : transportError('aborted', host, {}, reason)
}
