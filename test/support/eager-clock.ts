import { type Clock, systemClock } from '../../src/kernel/index.ts'

/** Real time, but pauses are skipped; what would end a wait of minutes is not. */
export function eagerClock(): Clock {
  let skipped = 0
  return {
    now: () => systemClock.now() + skipped,
    sleep: async (ms, signal) => {
      if (ms > 60_000) return systemClock.sleep(ms, signal)
      skipped += ms
    },
  }
}
