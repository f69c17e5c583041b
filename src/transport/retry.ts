import type { Clock, Random } from '../kernel/index.ts'
import type { HttpRequest, HttpResponse, Policy } from './exchange.ts'
import { readRetryAfter } from './retry-after.ts'
import { TransportError } from './transport-error.ts'

/** How often and how long to try. */
export interface RetryOptions {
  /** How often a request is sent at most, the first time included. */
  readonly attempts: number
  /** Waiting in all, in ms. A longer `Retry-After` is left to the caller, with the answer. */
  readonly budgetMs: number
  readonly clock: Clock
  readonly random: Random
}

const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 30_000

/**
 * Sends again what may be sent again: GET, HEAD, and requests marked idempotent, after faults of the
 * connection and the statuses 429, 502, 503 and 504. What the server asks for by `Retry-After` is kept;
 * otherwise the wait doubles, with jitter.
 */
export function retry(options: RetryOptions): Policy {
  const { attempts, budgetMs, clock, random } = options
  return async (request, next) => {
    const repeatable =
      (request.idempotent ?? /^(GET|HEAD)$/.test(request.method)) && !isStream(request)
    let waited = 0
    let repeated = false
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await attemptOf(next(request))
      if (!repeatable || attempt >= attempts || !isPassing(outcome))
        return settle(outcome, repeated)
      const wait = waitAfter(outcome, attempt, clock.now(), random)
      if (waited + wait > budgetMs || request.signal?.aborted) return settle(outcome, repeated)
      if ('response' in outcome) await outcome.response.discard()
      await clock.sleep(wait, request.signal).catch(() => stopped(request, outcome))
      waited += wait
      repeated ||= mayHaveHappened(outcome)
    }
  }
}

function isStream({ body }: HttpRequest): boolean {
  return typeof body === 'object' && !(body instanceof Uint8Array)
}

type Outcome = { readonly response: HttpResponse } | { readonly error: unknown }

async function attemptOf(sending: Promise<HttpResponse>): Promise<Outcome> {
  try {
    return { response: await sending }
  } catch (error) {
    return { error }
  }
}

function settle(outcome: Outcome, repeated: boolean): HttpResponse {
  if (!('response' in outcome)) throw outcome.error
  return repeated ? { ...outcome.response, repeated } : outcome.response
}

// A request that was turned away, or never arrived, has done nothing.
function mayHaveHappened(outcome: Outcome): boolean {
  if ('response' in outcome) return outcome.response.status !== 429
  const { error } = outcome
  return error instanceof TransportError && ['connection_lost', 'timeout'].includes(error.code)
}

function isPassing(outcome: Outcome): boolean {
  if ('response' in outcome) return [429, 502, 503, 504].includes(outcome.response.status)
  const { error } = outcome
  const passing = ['connection_refused', 'connection_lost', 'dns_failed', 'timeout']
  return error instanceof TransportError && passing.includes(error.code)
}

function waitAfter(outcome: Outcome, attempt: number, now: number, random: Random): number {
  const asked = 'response' in outcome ? readRetryAfter(outcome.response.headers, now) : undefined
  if (asked !== undefined) return asked
  const most = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1))
  return Math.round(most / 2 + (random.next() * most) / 2)
}

function stopped(request: HttpRequest, outcome: Outcome): never {
  throw new TransportError('aborted', {
    what: `The request to ${request.url.host} was called off while waiting to send it again.`,
    why: 'Whoever asked for it stopped it.',
    remedy: 'Make the request again if it is still wanted.',
    who: 'you',
    retry: { when: 'later' },
    facts: { host: request.url.host },
    ...('error' in outcome ? { cause: outcome.error } : {}),
  })
}
