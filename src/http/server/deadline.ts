import type { Clock } from '../../kernel/index.ts'
import { HttpError } from './http-error.ts'

/** How long an answer that is not streamed may take, in ms. */
export const ANSWER_MS = 120_000

/**
 * Does work that ends in time, whether or not it heeds its signal.
 *
 * @throws HttpError `request_too_slow`
 */
export async function withinTime<T>(
  work: (signal: AbortSignal) => Promise<T>,
  {
    clock,
    caller,
    ms,
  }: { readonly clock: Clock; readonly caller: AbortSignal; readonly ms: number },
): Promise<T> {
  const late = new AbortController()
  const done = new AbortController()
  const timeout = clock.sleep(ms, done.signal).then(() => {
    const error = tooSlow(ms)
    late.abort(error)
    throw error
  })
  try {
    return await Promise.race([work(AbortSignal.any([caller, late.signal])), timeout])
  } finally {
    done.abort()
    timeout.catch(() => undefined)
  }
}

function tooSlow(ms: number) {
  return new HttpError('request_too_slow', {
    what: 'The answer took too long.',
    why: `It was not there after ${ms / 1000} s: there is much to do, or the store or Microsoft answers slowly. What was to be written may be written in part.`,
    remedy:
      'Try again; for much data ask for "Accept: application/x-ndjson", which has no such limit.',
    who: 'operator',
    retry: { when: 'later' },
  })
}
