import { TransportError } from '../transport/index.ts'

/** Waits for what others may wait for too, until a signal; `what` completes "while it waited for …". */
export function waitFor<Result>(
  promise: Promise<Result>,
  signal: AbortSignal | undefined,
  what: string,
): Promise<Result> {
  if (signal === undefined) return promise
  return new Promise((resolve, reject) => {
    const stop = () => reject(stopped(signal, what))
    if (signal.aborted) return stop()
    signal.addEventListener('abort', stop, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}

function stopped(signal: AbortSignal, what: string): TransportError {
  return new TransportError('aborted', {
    what: `The call was stopped while it waited for ${what}.`,
    why: 'Whoever asked for it stopped it.',
    remedy: 'Make the call again if it is still wanted.',
    who: 'you',
    retry: { when: 'later' },
    cause: signal.reason,
  })
}
