import type { Clock } from '../kernel/index.ts'
import { invalidArgument } from './errors/dataverse-error.ts'

/** What one call may be told, whatever it does. */
export interface CallOptions {
  readonly signal?: AbortSignal
  /** The most that each request may take, in ms, its body included. */
  readonly timeoutMs?: number
  /** The most that the whole call may take, in ms: all its requests, tokens, waits and repetitions. */
  readonly deadlineMs?: number
  /** When the whole call has to be over, in ms since 1970: a deadline that several calls can share. */
  readonly deadlineAt?: number
}

/** Takes apart the options that every request of a call carries. */
export function callOptions(options: CallOptions): CallOptions {
  const { signal, timeoutMs, deadlineMs, deadlineAt } = options
  return {
    ...(signal === undefined ? {} : { signal }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
    ...(deadlineAt === undefined ? {} : { deadlineAt }),
  }
}

/**
 * The options of a call that begins now, its end a fixed moment that all its requests have in common.
 *
 * @throws DataverseError `invalid_argument`
 */
export function beginCall(options: CallOptions, clock: Clock): CallOptions {
  const { deadlineMs, deadlineAt = Number.POSITIVE_INFINITY, ...call } = callOptions(options)
  if (call.timeoutMs !== undefined && !(call.timeoutMs >= 1)) throw noTime('timeoutMs')
  if (Number.isNaN(deadlineAt)) throw noTime('deadlineAt')
  if (deadlineMs !== undefined && Number.isNaN(deadlineMs)) throw noTime('deadlineMs')
  const ends = Math.min(
    deadlineAt,
    deadlineMs === undefined ? deadlineAt : clock.now() + deadlineMs,
  )
  return Number.isFinite(ends) ? { ...call, deadlineAt: ends } : call
}

function noTime(field: string) {
  return invalidArgument(field, 'it is no length of time', 'Give milliseconds, such as 30000.')
}
