import { setTimeout as wait } from 'node:timers/promises'
import type { SandboxClock } from './clock.ts'

/** A clock that runs with the machine's, moved by an offset that tests set. */
export interface MovableClock extends SandboxClock {
  /** Moves the time by that many ms, backwards when negative. */
  advance(ms: number): void
  /** Sets the time to ms since 1970; it goes on from there. */
  set(now: number): void
}

/** Creates a clock; `machine` is where its unmoved time comes from. */
export function createMovableClock(machine: () => number = Date.now): MovableClock {
  let offset = 0
  return {
    now: () => machine() + offset,
    sleep: (ms, signal) => wait(ms, undefined, signal ? { signal } : {}),
    advance(ms) {
      offset += ms
    },
    set(now) {
      offset = now - machine()
    },
  }
}
