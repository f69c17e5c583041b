import {
  allowOnly,
  InputError,
  type JsonObject,
  readObject,
  readOptionalOneOf,
  readOptionalString,
  readOptionalWhole,
  readStrings,
} from '../json-input.ts'
import type { OrganizationSwitches } from './control.ts'

/** The readers of all switches by name; undefined for one that is not given. */
const READERS: {
  readonly [Name in keyof OrganizationSwitches]: (
    body: JsonObject,
  ) => OrganizationSwitches[Name] | undefined
} = {
  skip: (body) => readOptionalOneOf(body, 'skip', ['ignored', 'refused']),
  propertyErrorCode: (body) => readOptionalOneOf(body, 'propertyErrorCode', ['0x0', '0x80060888']),
  timeZone: readTimeZone,
  delayMs: (body) => readOptionalWhole(body, 'delayMs', 0, 600_000),
  failedChangeSet: (body) => readOptionalOneOf(body, 'failedChangeSet', ['wrapped', 'bare']),
  acceptedStatus: readAcceptedStatus,
  changeRetentionDays: (body) => readOptionalWhole(body, 'changeRetentionDays', 0, 365),
  deltaLink: (body) => readOptionalOneOf(body, 'deltaLink', ['always', 'lostWithLookups']),
  countDistinct: (body) => readOptionalOneOf(body, 'countDistinct', ['answered', 'refused']),
  idOrder: (body) => readOptionalOneOf(body, 'idOrder', ['uniqueidentifier', 'text', 'descending']),
  securedColumns: (body) =>
    body['securedColumns'] === undefined ? undefined : readStrings(body, 'securedColumns'),
}

/**
 * Reads switches from JSON; what is absent stays as it is.
 * @param others names of properties that somebody else reads
 * @throws InputError naming what is wrong
 */
export function readSwitches(
  value: unknown,
  others: readonly string[] = [],
): Partial<OrganizationSwitches> {
  const body = readObject(value, 'The switches')
  allowOnly(body, [...Object.keys(READERS), ...others], 'The switches')
  const given = Object.entries(READERS).map(([name, read]) => [name, read(body)] as const)
  return Object.fromEntries(given.filter(([, setting]) => setting !== undefined))
}

function readAcceptedStatus(body: JsonObject): 200 | 202 | undefined {
  const status = readOptionalWhole(body, 'acceptedStatus', 200, 202)
  if (status === undefined || status === 200 || status === 202) return status
  throw new InputError("'acceptedStatus' must be 200 or 202.")
}

function readTimeZone(body: JsonObject): string | undefined {
  const timeZone = readOptionalString(body, 'timeZone')
  try {
    new Intl.DateTimeFormat('en-US', { timeZone })
  } catch {
    throw new InputError(`'timeZone' must be an IANA name, not '${timeZone}'.`)
  }
  return timeZone
}
