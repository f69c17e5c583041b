import { toTimestamp } from '../../kernel/index.ts'
import { parseGuid } from '../address/guid.ts'
import { type DataverseError, invalidArgument } from '../errors/dataverse-error.ts'

/** The forms in which OData writes a value. */
export type LiteralType =
  | 'boolean'
  | 'date'
  | 'datetime'
  | 'decimal'
  | 'double'
  | 'guid'
  | 'int32'
  | 'int64'
  | 'string'

/** A value as it stands in an expression; only {@link literal} makes one, so that it is always whole. */
export class Literal {
  readonly #text: string

  private constructor(text: string) {
    this.#text = text
  }

  /** Writes a value; see {@link literal}. */
  static of(type: LiteralType, value: unknown, field: string): Literal {
    return new Literal(WRITERS[type](value, refuser(field, type)))
  }

  /** Gives the value as it stands in an expression, not yet encoded for an address. */
  toString(): string {
    return this.#text
  }
}

/**
 * Writes a value as a literal of one type, so that no value can change the expression around it.
 *
 * Numbers, dates, booleans and GUIDs may be given as text. A date with a time needs its zone, or none
 * at all: `2026-01-31` means midnight UTC.
 *
 * @param field named in the error
 * @throws DataverseError `invalid_argument`
 */
export function literal(type: LiteralType, value: unknown, field = 'value'): Literal {
  return Literal.of(type, value, field)
}

type Refuse = (remedy: string, problem?: string) => DataverseError
type Writer = (value: unknown, refuse: Refuse) => string

const WRITERS: Readonly<Record<LiteralType, Writer>> = {
  boolean: writeBoolean,
  date: (value, refuse) => writeDate(value, refuse),
  datetime: (value, refuse) => writeDateTime(value, refuse),
  decimal: writeDecimal,
  double: writeDouble,
  guid: writeGuid,
  int32: (value, refuse) => writeInteger(value, 32n, refuse),
  int64: (value, refuse) => writeInteger(value, 64n, refuse),
  string: writeString,
}

const NAMES: Readonly<Record<LiteralType, string>> = {
  boolean: 'a yes or no',
  date: 'a date',
  datetime: 'a date and time',
  decimal: 'a decimal number',
  double: 'a number',
  guid: 'a GUID',
  int32: 'a whole number',
  int64: 'a whole number',
  string: 'a text',
}

function refuser(field: string, type: LiteralType): Refuse {
  return (remedy, problem = `it is not ${NAMES[type]}`) => invalidArgument(field, problem, remedy)
}

function writeString(value: unknown, refuse: Refuse): string {
  const text = typeof value === 'number' || typeof value === 'bigint' ? String(value) : value
  if (typeof text !== 'string') throw refuse('Give a text.')
  // Half a surrogate pair has no UTF-8 form, and U+0000 no form in the service's database.
  if (!text.isWellFormed() || text.includes('\0')) {
    throw refuse('Give a text of whole characters.', 'it holds half a character or U+0000')
  }
  return `'${text.replaceAll("'", "''")}'`
}

function writeGuid(value: unknown, refuse: Refuse): string {
  const guid = typeof value === 'string' ? parseGuid(value) : undefined
  if (guid === undefined) throw refuse('Write it as 01234567-89ab-cdef-0123-456789abcdef.')
  return guid
}

function writeBoolean(value: unknown, refuse: Refuse): string {
  const text = typeof value === 'boolean' ? `${value}` : textOf(value).toLowerCase()
  if (text === 'true' || text === '1') return 'true'
  if (text === 'false' || text === '0') return 'false'
  throw refuse('Write true or false.')
}

function writeInteger(value: unknown, bits: bigint, refuse: Refuse): string {
  const text = textOf(value)
  if (!/^[+-]?\d{1,30}$/.test(text)) throw refuse('Write digits only, such as 42.')
  const number = BigInt(text.replace(/^\+/, ''))
  const limit = 2n ** (bits - 1n)
  if (number >= limit || number < -limit) {
    throw refuse(`Give a number from ${-limit} to ${limit - 1n}.`, 'it is out of range')
  }
  return String(number)
}

function writeDecimal(value: unknown, refuse: Refuse): string {
  const text = textOf(value)
  const parts = /^([+-]?)(\d{1,30})(\.\d{1,30})?$/.exec(text)
  if (parts === null) throw refuse('Write digits with a point for the fraction, such as -12.5.')
  const [, sign, whole, fraction = ''] = parts
  return `${sign === '-' ? '-' : ''}${BigInt(whole ?? '0')}${fraction}`
}

function writeDouble(value: unknown, refuse: Refuse): string {
  const text = textOf(value)
  const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(text) ? Number(text) : Number.NaN
  if (!Number.isFinite(number)) throw refuse('Write a number, such as -12.5 or 6.02e23.')
  // A plus sign is a space to some readers of addresses, so the exponent goes without.
  return String(number).replace('e+', 'e')
}

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/
const DATE_TIME =
  /^(\d{4}-\d{2}-\d{2})[Tt ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,7})?)?([Zz]|[+-]\d{2}:\d{2})?$/

function writeDateTime(value: unknown, refuse: Refuse): string {
  const text = value instanceof Date ? isoOf(value) : textOf(value)
  if (DATE.test(text)) return `${writeDay(text, refuse)}T00:00:00Z`
  const parts = DATE_TIME.exec(text)
  if (parts === null) throw refuse('Write it as 2026-01-31T13:45:00Z.')
  if (parts[2] === undefined) throw refuse('Say the time zone: 2026-01-31T13:45:00Z or …+01:00.')
  writeDay(parts[1] ?? '', refuse)
  const ms = Date.parse(text.replace(' ', 'T').toUpperCase())
  if (Number.isNaN(ms)) throw refuse('Write it as 2026-01-31T13:45:00Z.')
  return toTimestamp(ms).replace('.000Z', 'Z')
}

function writeDate(value: unknown, refuse: Refuse): string {
  const text = value instanceof Date ? isoOf(value) : textOf(value)
  const day = /^(.{10})T00:00(?::00(?:\.0{1,7})?)?Z$/i.exec(text)?.[1] ?? text
  if (!DATE.test(day)) throw refuse('Write it as 2026-01-31, without a time.')
  return writeDay(day, refuse)
}

function writeDay(text: string, refuse: Refuse): string {
  const date = new Date(`${text}T00:00:00Z`)
  if (Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== text) {
    throw refuse('Give a day that the calendar has.')
  }
  return text
}

function isoOf(date: Date): string {
  return Number.isNaN(date.getTime()) ? '' : toTimestamp(date.getTime())
}

function textOf(value: unknown): string {
  if (typeof value === 'number' && Number.isInteger(value)) return BigInt(value).toString()
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'string'
    ? String(value).trim()
    : ''
}
