import type { Clock } from '../kernel/index.ts'
import { TransportError } from '../transport/index.ts'
import type { CallOptions } from './call-options.ts'

// Nobody sees it; the default reason is an error with its stack, made anew each time.
const OVER = 'over'

/**
 * Waits for what may never come, or what others wait for too, until the call is stopped or its deadline
 * passes; `what` completes "while it waited for …".
 */
export function waitFor<Result>(
  promise: Promise<Result>,
  what: string,
  { signal, deadlineAt }: Pick<CallOptions, 'deadlineAt' | 'signal'>,
  clock: Clock,
): Promise<Result> {
  if (signal === undefined && deadlineAt === undefined) return promise
  return new Promise((resolve, reject) => {
    const over = new AbortController()
    const settle = (end: () => void) => {
      over.abort(OVER)
      end()
    }
    const stop = () => settle(() => reject(stopped(what, signal?.reason)))
    promise.then(
      (result) => settle(() => resolve(result)),
      (error) => settle(() => reject(error)),
    )
    if (signal?.aborted) return stop()
    signal?.addEventListener('abort', stop, { once: true, signal: over.signal })
    if (deadlineAt === undefined) return
    clock.sleep(Math.max(0, deadlineAt - clock.now()), over.signal).then(
      () => settle(() => reject(tooLate(what))),
      () => undefined,
    )
  })
}

function stopped(what: string, cause: unknown): TransportError {
  return new TransportError('aborted', {
    what: `The call was stopped while it waited for ${what}.`,
    why: 'Whoever asked for it stopped it.',
    remedy: 'Make the call again if it is still wanted.',
    retry: { when: 'later' },
    cause,
  })
}

function tooLate(what: string): TransportError {
  return new TransportError('timeout', {
    what: `The call’s deadline passed while it waited for ${what}.`,
    why: 'The deadline was too near, or whatever gives it is slow or hangs.',
    remedy: 'Make the call again with a later deadline.',
    retry: { when: 'later' },
    facts: { phase: 'wait' },
  })
}
