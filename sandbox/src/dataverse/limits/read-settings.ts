import {
  allowOnly,
  InputError,
  type JsonObject,
  readObject,
  readOptionalBoolean,
  readOptionalNumber,
  readOptionalOneOf,
  readOptionalWhole,
} from '../../json-input.ts'
import { DOCUMENTED_LIMITS, type LimitSettings, WORK_KINDS, type WorkTime } from './settings.ts'

const NAMES = Object.keys(DOCUMENTED_LIMITS)
const MOST = 100_000_000

/** Reads changes of limits from JSON; what is absent stays. @throws InputError naming what is wrong */
export function readLimits(value: unknown, before: LimitSettings): LimitSettings {
  const object = readObject(value, 'The limits')
  allowOnly(object, NAMES, 'The limits')
  return {
    enforced: readOptionalBoolean(object, 'enforced') ?? before.enforced,
    windowSeconds: positive(object, 'windowSeconds') ?? before.windowSeconds,
    requests: readOptionalWhole(object, 'requests', 1, MOST) ?? before.requests,
    executionSeconds: positive(object, 'executionSeconds') ?? before.executionSeconds,
    concurrentRequests:
      readOptionalWhole(object, 'concurrentRequests', 1, MOST) ?? before.concurrentRequests,
    webServers: readOptionalWhole(object, 'webServers', 1, 100) ?? before.webServers,
    routing: readOptionalOneOf(object, 'routing', ['roundRobin', 'random']) ?? before.routing,
    dopHint: readOptionalWhole(object, 'dopHint', 1, 10_000) ?? before.dopHint,
    retryAfter: readOptionalOneOf(object, 'retryAfter', ['growing', 'fixed']) ?? before.retryAfter,
    batchCounts: readOptionalOneOf(object, 'batchCounts', ['once', 'each']) ?? before.batchCounts,
    timeoutSeconds: positive(object, 'timeoutSeconds') ?? before.timeoutSeconds,
    bodyMegabytes: positive(object, 'bodyMegabytes') ?? before.bodyMegabytes,
    pluginMegabytes: positive(object, 'pluginMegabytes') ?? before.pluginMegabytes,
    time: object['time'] === undefined ? before.time : readTimes(object['time']),
  }
}

function readTimes(value: unknown): LimitSettings['time'] {
  const object = readObject(value, "'time'")
  const kinds = ['default', ...WORK_KINDS] as const
  allowOnly(object, kinds, "'time'")
  const read = kinds.flatMap((kind): [string, WorkTime][] =>
    object[kind] === undefined ? [] : [[kind, readTime(object[kind], kind)]],
  )
  return Object.fromEntries(read)
}

function readTime(value: unknown, kind: string): WorkTime {
  const object = readObject(value, `'time.${kind}'`)
  allowOnly(object, ['requestMs', 'rowMs'], `'time.${kind}'`)
  return { requestMs: notNegative(object, 'requestMs'), rowMs: notNegative(object, 'rowMs') }
}

function notNegative(object: JsonObject, name: string): number {
  const value = readOptionalNumber(object, name) ?? 0
  if (value >= 0 && value <= MOST) return value
  throw new InputError(`'${name}' must be a number from 0 to ${MOST}.`)
}

function positive(object: JsonObject, name: string): number | undefined {
  const value = readOptionalNumber(object, name)
  if (value === undefined || (value > 0 && value <= MOST)) return value
  throw new InputError(`'${name}' must be a number greater than 0, at most ${MOST}.`)
}
