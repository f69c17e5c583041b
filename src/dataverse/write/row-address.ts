import { parseGuid } from '../address/guid.ts'
import { formatRowKey, type KeyValue } from '../address/row-key.ts'
import type { Column } from '../metadata/column.ts'
import { isLookup, literalTypeOf } from '../metadata/column-type.ts'
import type { TableDefinition, TableKey } from '../metadata/table.ts'
import { Literal, literal } from '../query/literal.ts'
import { choiceFinder } from './values/choice.ts'
import { Refusal, refusing } from './values/refusal.ts'

/** The part in parentheses that names a row by its id, or why it cannot. */
export function addressOfId(id: unknown): string | Refusal {
  const guid = typeof id === 'string' ? parseGuid(id) : undefined
  if (guid !== undefined) return `(${guid})`
  return new Refusal('it is not a GUID', 'Write it as 01234567-89ab-cdef-0123-456789abcdef.')
}

/**
 * The part in parentheses that names a row by the values of an alternate key, each written by its
 * column's type. Without the table's definition they are written by their JavaScript types.
 */
export function addressOfKey(
  values: Readonly<Record<string, unknown>>,
  table: TableDefinition | undefined,
): string | Refusal {
  if (table === undefined) return refusing(() => formatRowKey(untyped(values)))
  const key = keyOfColumns(table, Object.keys(values))
  if (key === undefined) return unknownKey(table)
  if (!key.active) return notActive(key)
  return keyWriter(table, key)((column) => values[column] ?? values[`_${column}_value`])
}

/** Finds the alternate key that consists of exactly these columns, a lookup also as `_x_value`. */
export function keyOfColumns(
  table: TableDefinition,
  names: readonly string[],
): TableKey | undefined {
  const columns = new Set(names.map(columnOfProperty))
  return table.keys.find(
    (key) => key.columns.length === columns.size && key.columns.every((one) => columns.has(one)),
  )
}

/** Prepares the writing of one alternate key from a row. */
export function keyWriter(
  table: TableDefinition,
  key: TableKey,
): (read: (column: string) => unknown) => string | Refusal {
  const parts = key.columns.map((name) => {
    const column = table.columns.find((one) => one.logicalName === name)
    return { name, property: propertyIn(column, name), write: partWriter(column, name) }
  })
  return (read) => {
    const written: Record<string, KeyValue> = {}
    for (const { name, property, write } of parts) {
      const value = read(name)
      if (value === undefined || value === null || value === '') {
        return new Refusal(
          `the alternate key ${key.logicalName} needs a value of ${name}`,
          `Give ${key.columns.join(', ')}, or name the row by its id.`,
        )
      }
      const part = value instanceof Literal ? value : write(value)
      if (part instanceof Refusal) return part
      written[property] = part
    }
    return refusing(() => formatRowKey(written))
  }
}

function notActive({ logicalName }: TableKey): Refusal {
  return new Refusal(
    `the alternate key ${logicalName} is not active`,
    'Wait until its index is built, or have the key activated again.',
  )
}

/** Tells that the columns given are no key, and which keys there are. */
export function unknownKey(table: TableDefinition): Refusal {
  const keys = table.keys.map(({ columns }) => columns.join(' + '))
  return new Refusal(
    `these columns are no alternate key of ${table.logicalName}`,
    keys.length === 0
      ? 'The table has no alternate key; name the row by its id.'
      : `Name the row by its id, or by one of: ${keys.join('; ')}.`,
  )
}

/** Takes `_primarycontactid_value` for the column `primarycontactid`. */
export function columnOfProperty(name: string): string {
  return name.startsWith('_') && name.endsWith('_value') ? name.slice(1, -6) : name
}

function propertyIn(column: Column | undefined, name: string): string {
  return column !== undefined && isLookup(column.type) ? `_${name}_value` : name
}

function partWriter(
  column: Column | undefined,
  name: string,
): (value: unknown) => KeyValue | Refusal {
  const type = column === undefined ? undefined : literalTypeOf(column)
  // A text is written by `formatRowKey`, which knows the characters that no key may hold.
  if (type === 'string')
    return (value) => (typeof value === 'number' ? String(value) : textOf(value))
  if (type === undefined) return (value) => untypedPart(value)
  if (column?.type === 'choice') {
    const find = choiceFinder(column.choices)
    return (value) => {
      const found = find(value)
      return found instanceof Refusal ? found : literal('int32', found)
    }
  }
  return (value) => refusing(() => literal(type, idOf(value), name))
}

function idOf(value: unknown): unknown {
  return value instanceof Object && 'id' in value ? value.id : value
}

function textOf(value: unknown): string | Refusal {
  return typeof value === 'string' ? value : new Refusal('it is not a text', 'Give a text.')
}

function untypedPart(value: unknown): KeyValue | Refusal {
  if (typeof value === 'string' || typeof value === 'number' || value instanceof Literal)
    return value
  return new Refusal('it is neither a text nor a number', 'Give a text or a number.')
}

function untyped(values: Readonly<Record<string, unknown>>): Readonly<Record<string, KeyValue>> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const part = untypedPart(value)
      return [name, part instanceof Refusal ? literal('string', value, name) : part]
    }),
  )
}
