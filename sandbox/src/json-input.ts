/** The body of a control call, or of the faults file, is not what it should be. */
export class InputError extends Error {
  override readonly name = 'InputError'
}

/** 31 December 9999: later years have no four digits. */
const LATEST = 253_402_300_799_999

export type JsonObject = Readonly<Record<string, unknown>>

/** Reads a JSON object, or refuses with the name of the place. */
export function readObject(value: unknown, where: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InputError(`${where} must be a JSON object.`)
  }
  return Object.fromEntries(Object.entries(value))
}

/** Refuses properties that nobody would read, so that a misspelt one is noticed. */
export function allowOnly(object: JsonObject, names: readonly string[], where: string): void {
  for (const name of Object.keys(object)) {
    if (!names.includes(name)) {
      throw new InputError(`${where} has no property '${name}'. It knows: ${names.join(', ')}.`)
    }
  }
}

export function readString(object: JsonObject, name: string): string {
  const value = object[name]
  if (typeof value !== 'string') throw new InputError(`'${name}' must be a string.`)
  return value
}

export function readOptionalString(object: JsonObject, name: string): string | undefined {
  return object[name] === undefined ? undefined : readString(object, name)
}

export function readOptionalNumber(object: JsonObject, name: string): number | undefined {
  const value = object[name]
  if (value === undefined) return undefined
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new InputError(`'${name}' must be a number.`)
  }
  return value
}

export function readOptionalBoolean(object: JsonObject, name: string): boolean | undefined {
  const value = object[name]
  if (value === undefined) return undefined
  if (typeof value !== 'boolean') throw new InputError(`'${name}' must be true or false.`)
  return value
}

/** Reads one of the texts that are known. */
export function readOptionalOneOf<const Value extends string>(
  object: JsonObject,
  name: string,
  values: readonly Value[],
): Value | undefined {
  const given = readOptionalString(object, name)
  const known = values.find((value) => value === given)
  if (given === undefined || known !== undefined) return known
  throw new InputError(`'${name}' must be one of ${values.join(', ')}.`)
}

export function readStrings(object: JsonObject, name: string): string[] {
  const value = object[name]
  if (value === undefined) return []
  if (!Array.isArray(value)) throw new InputError(`'${name}' must be a list of strings.`)
  return value.map((item) => {
    if (typeof item !== 'string') throw new InputError(`'${name}' must be a list of strings.`)
    return item
  })
}

export function readList(object: JsonObject, name: string): readonly unknown[] {
  const value = object[name]
  if (value === undefined) return []
  if (!Array.isArray(value)) throw new InputError(`'${name}' must be a list.`)
  return value
}

/** Reads a whole number from `least` to `most`. */
export function readOptionalWhole(
  object: JsonObject,
  name: string,
  least: number,
  most: number,
): number | undefined {
  const value = readOptionalNumber(object, name)
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most))
    return value
  throw new InputError(`'${name}' must be a whole number from ${least} to ${most}.`)
}

/** Reads a time: RFC 3339 text or ms since 1970. */
export function readOptionalTime(object: JsonObject, name: string): number | undefined {
  const value = object[name]
  if (value === undefined) return undefined
  const time = typeof value === 'string' ? Date.parse(value) : value
  if (typeof time !== 'number' || !(Math.abs(time) <= LATEST)) {
    throw new InputError(`'${name}' must be a time: RFC 3339 text or ms since 1970.`)
  }
  return time
}
