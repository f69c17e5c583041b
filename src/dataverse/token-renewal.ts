import type { Clock } from '../kernel/index.ts'
import type { AccessToken, TokenSource } from './token-source.ts'
import { waitFor } from './wait-for.ts'

interface Renewal {
  /** The token that failed. */
  readonly failed: string
  readonly replacement: Promise<AccessToken>
  readonly stop: AbortController
  waiting: number
}

/**
 * A source of tokens that has a token replaced once, however many calls failed with it: those that come
 * while it is being replaced wait along, and those that come later get the same replacement.
 */
export class SharedRenewal implements TokenSource {
  readonly #tokens: TokenSource
  readonly #clock: Clock
  #last: Renewal | undefined

  constructor(tokens: TokenSource, clock: Clock) {
    this.#tokens = tokens
    this.#clock = clock
  }

  async token(signal?: AbortSignal): Promise<AccessToken> {
    return this.#tokens.token(signal)
  }

  async replace(failed: AccessToken, signal?: AbortSignal): Promise<AccessToken> {
    const renewal = this.#renewalOf(failed)
    renewal.waiting += 1
    try {
      const patience = signal === undefined ? {} : { signal }
      return await waitFor(renewal.replacement, 'another access token', patience, this.#clock)
    } finally {
      renewal.waiting -= 1
      // Nobody wants it any more.
      if (renewal.waiting === 0 && signal?.aborted) renewal.stop.abort(signal.reason)
    }
  }

  #renewalOf(failed: AccessToken): Renewal {
    const value = failed.value.reveal()
    if (this.#last?.failed === value && !this.#last.stop.signal.aborted) return this.#last
    const stop = new AbortController()
    const replacement = this.#tokens.replace(failed, stop.signal)
    const renewal = { failed: value, replacement, stop, waiting: 0 }
    this.#last = renewal
    // The next call that fails asks anew.
    replacement.catch(() => {
      if (this.#last === renewal) this.#last = undefined
    })
    return renewal
  }
}
