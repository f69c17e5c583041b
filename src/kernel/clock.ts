import timers from 'node:timers/promises'

/** Time handed in, so that tests own it. Times are ms since 1970. */
export interface Clock {
  now(): number
  /** Resolves after `ms`; rejects with the signal's reason as soon as it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

// Node's timers hold 31 bits, and end a longer one at once.
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    try {
      for (let rest = ms; ; rest -= LONGEST_TIMER_MS) {
        await timers.setTimeout(Math.min(rest, LONGEST_TIMER_MS), undefined, signal && { signal })
        if (!(rest > LONGEST_TIMER_MS)) return
      }
    } catch (error) {
      throw signal?.aborted ? signal.reason : error
    }
  },
}

/** Writes a time as RFC 3339 in UTC, the form of every time that leaves the process. */
export function toTimestamp(ms: number): string {
  return new Date(ms).toISOString()
}
