import { isObject } from '../../kernel/index.ts'
import { parseGuid } from '../address/guid.ts'
import type { EncodingContext, InputRow } from './encoding.ts'
import { addressOfId, addressOfKey, keyOfColumns } from './row-address.ts'
import { Refusal } from './values/refusal.ts'

/** One table that a reference may lead to, through this navigation property. */
export interface Way {
  readonly target: string
  readonly property: string
}

/** What a reference turned out to be: an address to bind, or a row to create along. */
export type Reference =
  | { readonly way: Way; readonly address: string }
  | { readonly way: Way; readonly row: InputRow }

type Context = Pick<EncodingContext, 'definition' | 'tables'>

const REFERENCE_PARTS: ReadonlySet<string> = new Set(['id', 'key', 'table'])
// Values alone do not make the definitions of thirty tables be read.
const MOST_SEARCHED = 4
const CONTENT_ID = /^\$[\w.-]{1,100}$/
const ADDRESS = /^(?:https?:\/\/[^?#\s]+\/api\/data\/v[\d.]+\/|\/)?([A-Za-z_]\w*)(\(.+\))$/

/**
 * Finds out what a value refers to: an id, an address, `{ table, id }`, `{ table, key }`, the values of
 * an alternate key, the `$1` of a change set, or a whole row.
 */
export function readReference(
  value: unknown,
  ways: readonly Way[],
  context: Context,
): Reference | Refusal {
  if (typeof value === 'string') return fromText(value.trim(), ways, context)
  if (!isObject(value) || value instanceof Date || value instanceof Uint8Array) {
    return noReference(ways)
  }
  const names = Object.keys(value)
  const told = names.length > 0 && names.every((name) => REFERENCE_PARTS.has(name))
  return told ? fromParts(value, ways, context) : fromValues(value, ways, context)
}

/** Writes the address of a row in another table, as a body binds it. */
function bindAddress(
  target: string,
  key: string | Refusal,
  { tables }: Pick<Context, 'tables'>,
): string | Refusal {
  if (key instanceof Refusal) return key
  const set = tables.find(target)?.entitySetName
  if (set !== undefined) return `/${set}${key}`
  return new Refusal(
    `the table ${target} has no address in the Web API`,
    'Refer to a row of a table that has an entity set name.',
  )
}

function fromText(text: string, ways: readonly Way[], context: Context): Reference | Refusal {
  if (parseGuid(text) !== undefined) return bound(onlyWay(ways), addressOfId(text), context)
  if (CONTENT_ID.test(text)) {
    const way = onlyWay(ways)
    return way instanceof Refusal ? way : { way, address: text }
  }
  const parts = ADDRESS.exec(text)
  if (parts === null) return fromKeyText(text, ways, context)
  const [, set = '', key = ''] = parts
  const table = context.tables.find(set)?.logicalName
  const id = parseGuid(key.slice(1, -1))
  return bound(wayTo(table ?? set, ways), id === undefined ? key : `(${id})`, context)
}

// A bare text can be the value of an alternate key only where there is one key of one column.
function fromKeyText(text: string, ways: readonly Way[], context: Context): Reference | Refusal {
  const way = onlyWay(ways)
  if (way instanceof Refusal) return way
  const table = context.definition(way.target)
  const single = table?.keys.filter(({ columns }) => columns.length === 1) ?? []
  const column = single[0]?.columns[0]
  if (table === undefined || column === undefined || single.length > 1) return noReference(ways)
  return bound(way, addressOfKey({ [column]: text }, table), context)
}

function fromParts(value: InputRow, ways: readonly Way[], context: Context): Reference | Refusal {
  const { table, id, key } = value
  const way = table === undefined ? onlyWay(ways) : wayTo(tableOf(table, context), ways)
  if (way instanceof Refusal) return way
  if (id !== undefined) return bound(way, addressOfId(id), context)
  if (typeof key === 'string') return bound(way, addressOfId(key), context)
  if (!isObject(key)) return new Refusal('neither id nor key is given', 'Give the id, or the key.')
  return bound(way, addressOfKey(key, context.definition(way.target)), context)
}

function tableOf(table: unknown, { tables }: Context): string {
  const name = String(table).trim()
  const found = tables.find(name) ?? tables.find(name.toLowerCase())
  return found?.logicalName ?? name
}

// The values of exactly one alternate key name a row that exists; other values are a row to create.
function fromValues(value: InputRow, ways: readonly Way[], context: Context): Reference | Refusal {
  if (ways.length > MOST_SEARCHED) return ambiguous(ways)
  const names = Object.keys(value)
  const keyed = ways.flatMap((way) => {
    const table = context.definition(way.target)
    return table !== undefined && keyOfColumns(table, names) !== undefined ? [{ way, table }] : []
  })
  const [first] = keyed
  if (keyed.length > 1) return ambiguous(keyed.map(({ way }) => way))
  if (first !== undefined) return bound(first.way, addressOfKey(value, first.table), context)
  const way = onlyWay(ways)
  return way instanceof Refusal ? way : { way, row: value }
}

function bound(way: Way | Refusal, key: string | Refusal, context: Context): Reference | Refusal {
  if (way instanceof Refusal) return way
  const address = bindAddress(way.target, key, context)
  return address instanceof Refusal ? address : { way, address }
}

function onlyWay(ways: readonly Way[]): Way | Refusal {
  const [way] = ways
  if (way !== undefined && ways.length === 1) return way
  return ambiguous(ways)
}

function wayTo(target: string, ways: readonly Way[]): Way | Refusal {
  const way = ways.find((one) => one.target === target)
  if (way !== undefined) return way
  return new Refusal(
    `it may not refer to ${target.slice(0, 100)}`,
    `Refer to a row of ${listTargets(ways)}.`,
  )
}

function ambiguous(ways: readonly Way[]): Refusal {
  if (ways.length === 0) {
    return new Refusal(
      'the definition tells no navigation property for it',
      'Check that the user may read the table’s relationships.',
    )
  }
  return new Refusal(
    `it may refer to rows of several tables: ${listTargets(ways)}`,
    `Say which: {"table": "${ways[0]?.target}", "id": …}.`,
  )
}

function noReference(ways: readonly Way[]): Refusal {
  return new Refusal(
    'it does not name a row',
    `Give the id of a row of ${listTargets(ways)}, or an object with table and id or key.`,
  )
}

function listTargets(ways: readonly Way[]): string {
  return [...new Set(ways.map(({ target }) => target))].slice(0, 30).join(', ')
}
