import { isObject } from '../../kernel/index.ts'

/** A part of an answer, not yet known to hold what it should. */
export type Unread = { readonly [key: string]: unknown }

/** A non-empty text. */
export function readText(object: Unread, key: string): string | undefined {
  const value = object[key]
  return typeof value === 'string' && value !== '' ? value : undefined
}

export function readNumber(object: Unread, key: string): number | undefined {
  const value = object[key]
  return typeof value === 'number' ? value : undefined
}

export function readFlag(object: Unread, key: string): boolean {
  return object[key] === true
}

/** The objects of a list; what is none is left out. */
export function readObjects(object: Unread, key: string): readonly Unread[] {
  const value = object[key]
  return Array.isArray(value) ? value.filter(isObject) : []
}

export function readTexts(object: Unread, key: string): readonly string[] {
  const value = object[key]
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

/** The `Value` of a managed or enumerated property of a definition. */
export function readValue(object: Unread, key: string): unknown {
  const value = object[key]
  return isObject(value) ? value['Value'] : undefined
}

/** A label in the caller's language, else in the first there is. */
export function readLabel(object: Unread, key: string): string | undefined {
  const label = object[key]
  if (!isObject(label)) return undefined
  const own = label['UserLocalizedLabel']
  const text = isObject(own) ? readText(own, 'Label') : undefined
  if (text !== undefined) return text
  const [first] = readObjects(label, 'LocalizedLabels')
  return first === undefined ? undefined : readText(first, 'Label')
}
