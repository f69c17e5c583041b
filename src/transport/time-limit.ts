import type { Clock } from '../kernel/index.ts'
import { transportError } from './fault.ts'

/** The one limit over an exchange, from the first byte sent to the last one read. */
export interface TimeLimit {
  readonly signal: AbortSignal
  /** Stops the clock; to be called when the exchange is over, however it ended. */
  end(): void
}

// Nobody sees it; the default reason is an error with its stack, made anew for each exchange.
const OVER = 'over'

/** Starts the limit. The caller's own signal ends the exchange too. */
export function startTimeLimit(options: {
  readonly clock: Clock
  readonly ms: number
  readonly host: string
  readonly signals: readonly (AbortSignal | undefined)[]
}): TimeLimit {
  const { clock, ms, host, signals } = options
  const exchange = new AbortController()
  const over = new AbortController()
  const stops = signals.filter((signal) => signal !== undefined)
  const stop = () => {
    const reason = stops.find((signal) => signal.aborted)?.reason
    exchange.abort(transportError('aborted', host, {}, reason))
  }
  for (const signal of stops) signal.addEventListener('abort', stop, { signal: over.signal })
  if (stops.some((signal) => signal.aborted)) stop()
  clock.sleep(ms, over.signal).then(
    () => exchange.abort(transportError('timeout', host, { limitMs: ms })),
    () => undefined,
  )
  return { signal: exchange.signal, end: () => over.abort(OVER) }
}
