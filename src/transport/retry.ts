import type { Clock, Random } from '../kernel/index.ts'
import type { HttpRequest } from './exchange.ts'
import { TransportError } from './transport-error.ts'

/** How often and how long to try. */
export interface RetryOptions {
  /** How often a request is sent at most, the first time included. */
  readonly attempts: number
  /** Waiting in all, in ms. A longer `Retry-After` is left to the caller, with the error. */
  readonly budgetMs: number
  readonly clock: Clock
  readonly random: Random
}

/** What a failure says that may pass by itself. */
export interface PassingFailure {
  /** Whether the request was surely not carried out, so that any may be sent again. */
  readonly notDone: boolean
  /** How long the server asks to wait, in ms. */
  readonly afterMs?: number
}

/** What is done, once or again. */
export interface Attempts<Result> {
  readonly request: Pick<
    HttpRequest,
    'body' | 'deadlineAt' | 'idempotent' | 'method' | 'signal' | 'url'
  >
  /** Sends the request and reads its answer; told whether an earlier sending may have taken effect. */
  attempt(repeated: boolean): Promise<Result>
  /** Tells what a failure may pass with; nothing where it is final. */
  passing(error: unknown): PassingFailure | undefined
}

/** Makes attempts until one succeeds, or fails for good. */
export type Retry = <Result>(work: Attempts<Result>) => Promise<Result>

const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 30_000

/**
 * Does again what may be done again: anything that was surely not carried out; after an outcome that is
 * not known, only GET, HEAD and what is marked idempotent. Reading the answer is part of it, so that one
 * that breaks off counts like one that never came. What the server asks for by `Retry-After` is kept;
 * otherwise the wait doubles, with jitter. Nothing is waited for beyond the call's deadline.
 */
export function retry(options: RetryOptions): Retry {
  const { attempts, budgetMs, clock, random } = options
  return async ({ request, attempt, passing }) => {
    const { deadlineAt = Number.POSITIVE_INFINITY, signal } = request
    let waited = 0
    let repeated = false
    for (let count = 1; ; count += 1) {
      try {
        return await attempt(repeated)
      } catch (error) {
        const failure = passing(error)
        if (failure === undefined || count >= attempts || !mayRepeat(request, failure)) throw error
        const wait = failure.afterMs ?? backOff(count, random)
        const tooLong = waited + wait > budgetMs || clock.now() + wait >= deadlineAt
        if (tooLong || signal?.aborted) throw error
        await clock.sleep(wait, signal).catch(() => stopped(request.url, error))
        waited += wait
        repeated ||= !failure.notDone
      }
    }
  }
}

/** What a failure of the transport may pass with. */
export function passingFault(error: TransportError): PassingFailure | undefined {
  switch (error.code) {
    case 'connection_refused':
    case 'dns_failed':
      return { notDone: true }
    case 'connection_lost':
    case 'timeout':
      return { notDone: error.facts['phase'] === 'connect' }
    case 'body_incomplete':
      return { notDone: false }
    default:
      return undefined
  }
}

function mayRepeat(request: Attempts<unknown>['request'], { notDone }: PassingFailure): boolean {
  const { body, idempotent, method } = request
  // A stream is gone once it was sent.
  if (typeof body === 'object' && !(body instanceof Uint8Array)) return false
  return notDone || (idempotent ?? /^(GET|HEAD)$/.test(method))
}

/** How long to wait after so many failures, in ms: twice as long each time, with jitter. */
export function backOff(attempt: number, random: Random): number {
  const most = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1))
  return Math.round(most / 2 + (random.next() * most) / 2)
}

function stopped({ host }: URL, cause: unknown): never {
  throw new TransportError('aborted', {
    what: `The request to ${host} was called off while waiting to send it again.`,
    why: 'Whoever asked for it stopped it.',
    remedy: 'Make the request again if it is still wanted.',
    retry: { when: 'later' },
    facts: { host },
    cause,
  })
}
