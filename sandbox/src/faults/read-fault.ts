import {
  allowOnly,
  InputError,
  type JsonObject,
  readObject,
  readOptionalBoolean,
  readOptionalNumber,
  readOptionalString,
  readString,
} from '../json-input.ts'
import type { Fault, FaultAction } from './model.ts'

const COMMON = ['target', 'match', 'delayMs', 'skip', 'times', 'kind']

const PROPERTIES: Readonly<Record<FaultAction['kind'], readonly string[]>> = {
  respond: ['status', 'headers', 'body'],
  delay: [],
  hang: [],
  reset: [],
  lose: [],
  cut: ['afterBytes'],
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
  const object = readObject(value, 'A fault')
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
    delayMs: readOptionalNumber(object, 'delayMs') ?? 0,
    skip: readOptionalNumber(object, 'skip') ?? 0,
    times: readOptionalNumber(object, 'times') ?? 1,
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
        status: readOptionalNumber(object, 'status') ?? 500,
        headers: Object.fromEntries(
          Object.keys(headers).map((name) => [name, readString(headers, name)]),
        ),
        ...(object['body'] === undefined ? {} : { body: object['body'] }),
      }
    }
    case 'cut':
      return { kind, afterBytes: readOptionalNumber(object, 'afterBytes') ?? 10 }
    case 'contentType':
      return { kind, value: readString(object, 'value') }
    case 'redirect':
      return {
        kind,
        status: readOptionalNumber(object, 'status') ?? 302,
        location: readString(object, 'location'),
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
  const number = readOptionalNumber(object, 'number')
  if (number === undefined) throw new InputError("'number' must be the AADSTS number.")
  const error = readOptionalString(object, 'error')
  const status = readOptionalNumber(object, 'status')
  const suberror = readOptionalString(object, 'suberror')
  const claims = readOptionalString(object, 'claims')
  const text = readOptionalString(object, 'text')
  const outer = readOptionalNumber(object, 'outer')
  const retryAfter = readOptionalString(object, 'retryAfter')
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
    trailer:
      object['trailer'] === undefined ? 'lines' : oneOf(object, 'trailer', ['lines', 'spaces']),
    omitErrorCodes: readOptionalBoolean(object, 'omitErrorCodes') ?? false,
    place: object['place'] === undefined ? 'page' : oneOf(object, 'place', ['page', 'callback']),
  }
}

function oneOf<const T extends string>(object: JsonObject, name: string, values: readonly T[]): T {
  const value = readString(object, name)
  const found = values.find((one) => one === value)
  if (found === undefined) throw new InputError(`'${name}' must be one of ${values.join(', ')}.`)
  return found
}
