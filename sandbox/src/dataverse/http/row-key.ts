import { badQuery, Fault } from '../fault.ts'
import type { Literal } from '../query/expression.ts'
import { tokenize } from '../query/lexer.ts'
import { asGuid } from '../query/operands.ts'
import { splitOutside } from '../query/split.ts'
import type { AlternateKey, Column, Table } from '../schema/model.ts'
import type { Rows, Value } from '../store/rows.ts'

/** A row as an address names it: by id, or by the values of an alternate key. */
export type RowKey =
  | { readonly kind: 'id'; readonly id: string; readonly text: string }
  | {
      readonly kind: 'key'
      readonly key: AlternateKey
      readonly values: readonly Value[]
      readonly text: string
    }

/** Reads what stands in the parentheses after an entity set. */
export function readRowKey(table: Table, text: string): RowKey {
  if (!text.includes('=')) {
    const id = asGuid(text)
    if (!id || text.startsWith('{')) throw notAGuid(text)
    return { kind: 'id', id, text: id }
  }
  const pairs = splitOutside(text, ',').map((part) => readPair(part))
  const named = new Map(pairs.map((pair) => [pair.name, pair.literal]))
  if (named.size < pairs.length) throw notAKey(table)
  // Users and teams inherit their key from principal, where it has another name than their column.
  const primary = named.get(table.base === 'principal' ? 'ownerid' : table.id.name)
  if (named.size === 1 && primary) {
    if (primary.kind !== 'guid') throw notAGuid(text)
    return { kind: 'id', id: primary.value, text: primary.value }
  }
  const key = table.keys.find(
    ({ columns }) =>
      columns.length === named.size && columns.every((column) => named.has(column.property)),
  )
  if (!key) throw notAKey(table)
  const values = key.columns.map((column) => keyValue(column, named.get(column.property)))
  return { kind: 'key', key, values, text }
}

/** Finds the row; undefined when there is none. */
export function findRow(rows: Rows, key: RowKey): number | undefined {
  return key.kind === 'id' ? rows.slotOf(key.id) : rows.slotOfKey(key.key, key.values)
}

/** Says that there is no such row, in the words that fit the way it was named. */
export function rowMissing(table: Table, key: RowKey): Fault {
  if (key.kind === 'id') {
    return new Fault(404, '0x80040217', `${table.name} With Id = ${key.id} Does Not Exist`)
  }
  return new Fault(
    404,
    '0x80060891',
    `A record with the specified key values does not exist in ${table.name} entity`,
  )
}

function readPair(part: string): { name: string; literal: Literal } {
  const at = part.indexOf('=')
  const tokens = tokenize(part.slice(at + 1))
  const [value, end] = tokens
  if (at < 1 || value?.kind !== 'literal' || end?.kind !== 'end') {
    throw badQuery('Bad Request - Error in query syntax.')
  }
  return { name: part.slice(0, at).trim(), literal: value.literal }
}

function keyValue(column: Column, literal: Literal | undefined): Value {
  const wanted =
    column.storage === 'reference' ? 'guid' : column.storage === 'number' ? 'number' : 'string'
  if (literal?.kind === 'time' || literal?.kind === 'date') return literal.value
  if (literal?.kind !== wanted || !('value' in literal)) {
    throw badQuery(
      `The value of the key property '${column.property}' is not of the type '${column.edm}'.`,
    )
  }
  return typeof literal.value === 'boolean' ? null : literal.value
}

function notAGuid(text: string): Fault {
  return badQuery(
    `The key value (${text}) from request is not valid. The key value should be format of type 'Edm.Guid'.`,
  )
}

function notAKey(table: Table): Fault {
  const type = `Microsoft.Dynamics.CRM.${table.name}`
  return badQuery(
    `The key in the request URI is not valid for resource '${type}'. Ensure that the names and number of key properties match the declared or alternate key properties for the resource '${type}'.`,
  )
}
