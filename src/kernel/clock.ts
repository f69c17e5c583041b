/** Time handed in, so that tests own it. Times are ms since 1970. */
export interface Clock {
  /** The time, in ms since 1970. */
  now(): number
  /** Resolves after `ms`; rejects with the signal's reason as soon as it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

// Node's timers hold 31 bits, and end a longer one at once.
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    // Every request sleeps, to be woken when it is done: an error made for each would cost a tenth of it.
    new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined
      const wake = () => {
        clearTimeout(timer)
        reject(signal?.reason)
      }
      const wait = (rest: number) => {
        const part = Math.min(rest, LONGEST_TIMER_MS)
        timer = setTimeout(() => {
          if (rest > part) return wait(rest - part)
          signal?.removeEventListener('abort', wake)
          resolve()
        }, part)
      }
      if (signal?.aborted) return wake()
      signal?.addEventListener('abort', wake, { once: true })
      wait(ms)
    }),
}

/** Writes a time as RFC 3339 in UTC, the form of every time that leaves the process. */
export function toTimestamp(ms: number): string {
  return new Date(ms).toISOString()
}
