import { isObject } from '../../kernel/index.ts'
import { invalidArgument } from '../errors/dataverse-error.ts'
import { Literal, literal } from '../query/literal.ts'
import { propertyName } from '../query/property-name.ts'
import { parseGuid } from './guid.ts'

/** One value of an alternate key; a string is written as a text, see {@link literal} for other types. */
export type KeyValue = string | number | Literal

/** What names one row: its id, with or without braces, or the values of an alternate key. */
export type RowKey = string | Readonly<Record<string, KeyValue>>

// https://learn.microsoft.com/power-apps/developer/data-platform/define-alternate-keys-entity
const UNUSABLE = /[/<>*%&:\\?+]/

/** Writes the part in parentheses that names one row, ready for an address. @throws DataverseError `invalid_argument` */
export function formatRowKey(key: RowKey): string {
  if (typeof key === 'string') return `(${idOf(key)})`
  if (!isObject(key)) throw noKey('it is missing')
  const parts = Object.entries(key).map(([name, value]) => {
    const written = value instanceof Literal ? value : write(value, name)
    return `${propertyName(name, 'key')}=${encodeURIComponent(String(written))}`
  })
  if (parts.length === 0) {
    throw noKey('it is empty')
  }
  return `(${parts.join(',')})`
}

function noKey(why: string) {
  return invalidArgument('key', why, 'Give the id or the values of an alternate key.')
}

function idOf(text: string): string {
  const id = parseGuid(text)
  if (id !== undefined) return id
  throw invalidArgument(
    'id',
    'it is not a GUID',
    'Write it as 01234567-89ab-cdef-0123-456789abcdef, or name the row by an alternate key.',
  )
}

function write(value: string | number, name: string): Literal {
  if (typeof value === 'number') {
    return literal(Number.isInteger(value) ? 'int64' : 'double', value, name)
  }
  if (UNUSABLE.test(value)) {
    throw invalidArgument(
      name,
      'Dataverse reads no key whose text holds one of / < > * % & : \\ ? +',
      'Query the table with a filter on this column instead.',
    )
  }
  return literal('string', value, name)
}
