import type { AccessToken, TokenSource } from './token-source.ts'

interface Renewal {
  /** The token that failed. */
  readonly failed: string
  readonly replacement: Promise<AccessToken>
  readonly stop: AbortController
  waiting: number
}

/**
 * Has a token replaced once, however many calls failed with it: those that come while it is being
 * replaced wait along, and those that come later get the same replacement.
 */
export class TokenRenewal {
  readonly #tokens: TokenSource
  #last: Renewal | undefined

  constructor(tokens: TokenSource) {
    this.#tokens = tokens
  }

  /** Answers with a token in the place of one that failed. */
  async replace(failed: AccessToken, signal?: AbortSignal): Promise<AccessToken> {
    const renewal = this.#renewalOf(failed)
    renewal.waiting += 1
    try {
      return await orAborted(renewal.replacement, signal)
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

/** Waits for a promise as long as the caller wants to; its reason ends the wait at once. */
export function orAborted<Value>(promise: Promise<Value>, signal?: AbortSignal): Promise<Value> {
  if (signal === undefined) return promise
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason)
    const settled = () => signal.removeEventListener('abort', stop)
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    promise.then(resolve, reject).finally(settled)
  })
}
