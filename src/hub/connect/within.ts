import type { Clock } from '../../kernel/index.ts'

/** Does work under a signal that is aborted after `ms`, or with the outer one. */
export async function within<T>(
  clock: Clock,
  ms: number,
  outer: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController()
  const done = new AbortController()
  clock.sleep(ms, done.signal).then(
    () => late.abort(new DOMException(`It took longer than ${ms} ms.`, 'TimeoutError')),
    () => undefined,
  )
  try {
    return await work(outer === undefined ? late.signal : AbortSignal.any([outer, late.signal]))
  } finally {
    done.abort()
  }
}
