import type { Clock } from '../../kernel/index.ts'
import { ConnectError } from './connect-error.ts'

/**
 * Does work under a signal that is aborted after `ms`, or with the outer one.
 *
 * @throws ConnectError `took_too_long`, from work that heeds its signal
 */
export async function within<T>(
  clock: Clock,
  ms: number,
  outer: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController()
  const done = new AbortController()
  clock.sleep(ms, done.signal).then(
    () => late.abort(tookTooLong(ms)),
    () => undefined,
  )
  try {
    return await work(outer === undefined ? late.signal : AbortSignal.any([outer, late.signal]))
  } finally {
    done.abort()
  }
}

function tookTooLong(ms: number) {
  return new ConnectError('took_too_long', {
    what: `It was not done within ${ms / 1000} seconds.`,
    why: 'The authorization server or the environment answers too slowly.',
    remedy:
      'Try again in some minutes; if it stays so, look at the network and at Microsoft’s service health.',
    who: 'operator',
    retry: { when: 'later' },
  })
}
