import {
  allowOnly,
  InputError,
  type JsonObject,
  readObject,
  readOptionalBoolean,
  readOptionalOneOf,
  readOptionalString,
  readOptionalWhole,
  readString,
} from '../json-input.ts'
import { validateHeaderName, validateHeaderValue } from '../node-http.ts'
import type { Fault, FaultAction } from './model.ts'
import { expandPreset } from './presets.ts'

const COMMON = ['target', 'match', 'delayMs', 'skip', 'times', 'kind']

const PROPERTIES: Readonly<Record<FaultAction['kind'], readonly string[]>> = {
  respond: ['status', 'headers', 'body'],
  delay: [],
  hang: [],
  reset: [],
  lose: [],
  cut: ['afterBytes'],
  stall: ['afterBytes'],
  length: ['by'],
  expireToken: [],
  truncate: [],
  contentType: ['value'],
  redirect: ['status', 'location'],
  aadsts: [
    'number',
    'error',
    'status',
    'suberror',
    'claims',
    'text',
    'outer',
    'trailer',
    'omitErrorCodes',
    'retryAfter',
    'place',
  ],
  callback: ['variant'],
}

/** Reads a fault from JSON. @throws InputError naming what is wrong */
export function readFault(value: unknown): Fault {
  const object = expandPreset(readObject(value, 'A fault'))
  const kind = readKind(object)
  allowOnly(object, [...COMMON, ...PROPERTIES[kind]], `A fault of kind '${kind}'`)
  const match = readObject(object['match'] ?? {}, "'match'")
  allowOnly(match, ['method', 'path', 'body'], "'match'")
  const method = readOptionalString(match, 'method')
  const path = readOptionalString(match, 'path')
  const body = readOptionalString(match, 'body')
  return {
    target: readOptionalString(object, 'target') ?? '*',
    match: {
      ...(method === undefined ? {} : { method: method.toUpperCase() }),
      ...(path === undefined ? {} : { path }),
      ...(body === undefined ? {} : { body }),
    },
    delayMs: readOptionalWhole(object, 'delayMs', 0, 600_000) ?? 0,
    skip: readOptionalWhole(object, 'skip', 0, 1_000_000) ?? 0,
    times: readOptionalWhole(object, 'times', 1, 1_000_000) ?? 1,
    action: readAction(kind, object),
  }
}

function readKind(object: JsonObject): FaultAction['kind'] {
  const name = readString(object, 'kind')
  const known = Object.keys(PROPERTIES)
  for (const kind of known) if (kind === name && isKind(kind)) return kind
  throw new InputError(`There is no fault of kind '${name}'. Kinds: ${known.join(', ')}.`)
}

function isKind(name: string): name is FaultAction['kind'] {
  return Object.hasOwn(PROPERTIES, name)
}

function readAction(kind: FaultAction['kind'], object: JsonObject): FaultAction {
  switch (kind) {
    case 'respond': {
      const headers = readObject(object['headers'] ?? {}, "'headers'")
      return {
        kind,
        status: readOptionalWhole(object, 'status', 200, 599) ?? 500,
        headers: Object.fromEntries(
          Object.keys(headers).map((name) => [name, readHeader(headers, name, name)]),
        ),
        ...(object['body'] === undefined ? {} : { body: object['body'] }),
      }
    }
    case 'cut':
    case 'stall':
      return { kind, afterBytes: readOptionalWhole(object, 'afterBytes', 0, 1_000_000_000) ?? 10 }
    case 'length':
      return { kind, by: readOptionalWhole(object, 'by', -1_000_000, 1_000_000) ?? 10 }
    case 'contentType':
      return { kind, value: readHeader(object, 'value', 'content-type') }
    case 'redirect':
      return {
        kind,
        status: readOptionalWhole(object, 'status', 300, 399) ?? 302,
        location: readHeader(object, 'location', 'location'),
      }
    case 'aadsts':
      return readAadsts(object)
    case 'callback':
      return { kind, variant: oneOf(object, 'variant', ['withoutState', 'foreignState', 'never']) }
    default:
      return { kind }
  }
}

function readAadsts(object: JsonObject): FaultAction {
  const number = readOptionalWhole(object, 'number', 1, 99_999_999)
  if (number === undefined) throw new InputError("'number' must be the AADSTS number.")
  const error = readOptionalString(object, 'error')
  const status = readOptionalWhole(object, 'status', 200, 599)
  const suberror = readOptionalString(object, 'suberror')
  const claims = readOptionalString(object, 'claims')
  const text = readOptionalString(object, 'text')
  const outer = readOptionalWhole(object, 'outer', 1, 99_999_999)
  const retryAfter =
    object['retryAfter'] === undefined ? undefined : readHeader(object, 'retryAfter', 'retry-after')
  return {
    kind: 'aadsts',
    number,
    ...(error === undefined ? {} : { error }),
    ...(status === undefined ? {} : { status }),
    ...(suberror === undefined ? {} : { suberror }),
    ...(claims === undefined ? {} : { claims }),
    ...(text === undefined ? {} : { text }),
    ...(outer === undefined ? {} : { outer }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
    trailer: readOptionalOneOf(object, 'trailer', ['lines', 'spaces']) ?? 'lines',
    omitErrorCodes: readOptionalBoolean(object, 'omitErrorCodes') ?? false,
    place: readOptionalOneOf(object, 'place', ['page', 'callback']) ?? 'page',
  }
}

/** Reads what will be a header, so that a bad one is refused now and not when it is to be sent. */
function readHeader(object: JsonObject, property: string, name: string): string {
  const value = readString(object, property)
  try {
    validateHeaderName(name)
    validateHeaderValue(name, value)
  } catch (error) {
    throw new InputError(error instanceof Error ? error.message : `'${name}' is no header.`)
  }
  return value
}

function oneOf<const T extends string>(object: JsonObject, name: string, values: readonly T[]): T {
  const value = readString(object, name)
  const found = values.find((one) => one === value)
  if (found === undefined) throw new InputError(`'${name}' must be one of ${values.join(', ')}.`)
  return found
}
