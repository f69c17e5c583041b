import type { Clock } from '../../kernel/index.ts'
import type { Policy } from '../../transport/index.ts'

/**
 * Measures how long requests take from their sending to the head of the answer, without the wait for
 * their turn. They are told apart by their signals.
 */
export interface Stopwatch {
  readonly policy: Policy
  /** Starts to watch the requests with this signal; `sent` is called when the first one goes out. */
  watch(signal: AbortSignal, sent: () => void): Watch
}

/** What was seen of the requests with one signal. */
export interface Watch {
  readonly sent: boolean
  /** The time of the last one that was answered. */
  readonly tookMs: number | undefined
}

interface Seen {
  sent: boolean
  tookMs: number | undefined
  readonly onSent: () => void
}

/** Makes a stopwatch. */
export function createStopwatch(clock: Clock): Stopwatch {
  const seen = new WeakMap<AbortSignal, Seen>()
  return {
    watch: (signal, onSent) => {
      const watch: Seen = { sent: false, onSent, tookMs: undefined }
      seen.set(signal, watch)
      return watch
    },
    policy: async (request, next) => {
      const watch = request.signal && seen.get(request.signal)
      if (watch === undefined) return next(request)
      const begun = clock.now()
      if (!watch.sent) {
        watch.sent = true
        watch.onSent()
      }
      const response = await next(request)
      watch.tookMs = clock.now() - begun
      return response
    },
  }
}
