import { setTimeout } from 'node:timers/promises'

/** Time handed in, so that tests own it. Times are ms since 1970. */
export interface Clock {
  now(): number
  /** Resolves after `ms`; rejects with the signal's reason as soon as it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    try {
      await setTimeout(ms, undefined, signal && { signal })
    } catch (error) {
      throw signal?.aborted ? signal.reason : error
    }
  },
}

/** Writes a time as RFC 3339 in UTC, the form of every time that leaves the process. */
export function toTimestamp(ms: number): string {
  return new Date(ms).toISOString()
}
