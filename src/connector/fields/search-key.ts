import {
  type Column,
  type InputRow,
  isLookup,
  type KeyValue,
  parseGuid,
  type RowKey,
  type TableDefinition,
} from '../../dataverse/index.ts'
import { isObject, type JsonObject } from '../../kernel/index.ts'
import { type FieldName, invalidField, missingField } from '../connector-error.ts'
import type { Option, OptionsContext } from '../entry.ts'
import { isBlank, optionalDynamicSelectField } from '../field.ts'
import { readChosenTable } from './object-type.ts'
import { searchOptions } from './search-options.ts'
import { inputSchema, type Naming } from './write-schema.ts'

/** The field that says what names a row that is written. */
const ID_TO_SEARCH_ON: FieldName = { key: 'idToSearchOn', label: 'ID to Search On' }

const ENTITY_ID = 'id'
const ENTITY_ID_LABEL = 'Entity ID'

/** The field that says what names a row, with the options `idsToSearchOn`. */
export function idToSearchOnField() {
  return optionalDynamicSelectField({
    label: 'ID to Search On',
    help: 'What says whether the row is there already: its id, or an alternate key.',
    order: 20,
    options: 'idsToSearchOn',
    requires: ['objectType'],
    default: ENTITY_ID,
  })
}

/** Lists what rows of the chosen table can be named by: the id, and every alternate key. */
export async function idsToSearchOn(context: OptionsContext): Promise<readonly Option[]> {
  const table = await readChosenTable(context)
  const labelOf = (name: string) => columnOf(table, name)?.label ?? name
  const keys = table.keys.map(({ columns, active }) => {
    const names = `${columns.map(labelOf).join(' + ')} (${columns.join(', ')})`
    return { value: columns.join(','), label: active ? names : `${names}, not active yet` }
  })
  return searchOptions([{ value: ENTITY_ID, label: ENTITY_ID_LABEL }, ...keys], context)
}

/** How rows of a table are named in an input. */
export interface SearchKey {
  /** The columns of the alternate key; none where the id names rows. */
  readonly columns: readonly string[]
  /** What an error about a key names. */
  readonly field: FieldName
  readonly naming: Naming
  /** The key of a row; nothing where the row has no value for it. @throws ConnectorError */
  keyOf(row: InputRow, path?: string): RowKey | undefined
  /** The row as the client takes it: without an id beside its columns. */
  rest(row: InputRow): InputRow
}

/** Reads what names rows of a table. @throws ConnectorError `invalid_field` for what is no key of it */
export function searchKey(table: TableDefinition, idToSearchOn: string): SearchKey {
  if (idToSearchOn === ENTITY_ID || idToSearchOn === table.primaryIdColumn) return byId(table)
  const wanted = idToSearchOn.split(',').map((name) => name.trim().toLowerCase())
  const key = table.keys.find(
    ({ columns, logicalName }) =>
      logicalName === wanted[0] || wanted.toSorted().join() === [...columns].toSorted().join(),
  )
  if (key === undefined) {
    const known = [ENTITY_ID, ...table.keys.map(({ columns }) => columns.join(','))]
    throw invalidField(
      ID_TO_SEARCH_ON,
      `the table ${table.logicalName} has no such alternate key`,
      `Choose one of ${known.slice(0, 20).join('; ')}.`,
    )
  }
  return byColumns(table, key.columns)
}

function byId(table: TableDefinition): SearchKey {
  const { primaryIdColumn = ENTITY_ID } = table
  const schema: JsonObject = { title: ENTITY_ID_LABEL, type: ['string', 'null'], format: 'uuid' }
  return {
    columns: [],
    field: { key: ENTITY_ID, label: ENTITY_ID_LABEL },
    naming: { properties: { [ENTITY_ID]: schema }, required: [] },
    keyOf: (row, path = '') => {
      const ids = Object.keys(row)
        .filter((name) => name.toLowerCase() === ENTITY_ID || name === primaryIdColumn)
        .flatMap((name) => idIn(row, name, path))
      const [id, other] = new Set(ids)
      if (other === undefined) return id
      throw invalidField(
        { key: `${path}${ENTITY_ID}`, label: ENTITY_ID_LABEL },
        `it is another row than ${primaryIdColumn}`,
        'Give one of them.',
      )
    },
    rest: (row) => without(row, [ENTITY_ID, primaryIdColumn]),
  }
}

function idIn(row: InputRow, name: string, path: string): readonly string[] {
  const value = row[name]
  if (isBlank(value)) return []
  const field = { key: `${path}${name}`, label: ENTITY_ID_LABEL }
  if (name.toLowerCase() === ENTITY_ID && name !== ENTITY_ID) {
    throw invalidField(field, 'there is no field of this name', `Did you mean ${ENTITY_ID}?`)
  }
  const id = typeof value === 'string' ? parseGuid(value) : undefined
  if (id !== undefined) return [id]
  const remedy = 'Write it as 01234567-89ab-cdef-0123-456789abcdef.'
  throw invalidField(field, 'it is not a GUID', remedy)
}

function byColumns(table: TableDefinition, columns: readonly string[]): SearchKey {
  const schemas = columns.flatMap((name) => {
    const column = columnOf(table, name)
    const schema = column && inputSchema(column, table)
    return schema === undefined ? [] : [[name, schema] as const]
  })
  const names = columns.flatMap((name) => [name, `_${name}_value`])
  return {
    columns,
    field: { key: columns.join(',') },
    naming: { properties: Object.fromEntries(schemas), required: [] },
    keyOf: (row, path = '') => {
      const values = columns.map((name) => [name, row[name] ?? row[`_${name}_value`]] as const)
      if (values.every(([, value]) => isBlank(value))) return undefined
      return Object.fromEntries(
        values.map(([name, value]) => [
          name,
          keyValue(value, columnOf(table, name), `${path}${name}`),
        ]),
      )
    },
    rest: (row) => without(row, names),
  }
}

function keyValue(value: unknown, column: Column | undefined, key: string): KeyValue {
  if (isBlank(value)) throw missingField({ key }, 'Give a value for every column of the key.')
  const row = column !== undefined && isLookup(column.type) && isObject(value)
  const plain = row ? value['id'] : value
  if (typeof plain === 'string' || typeof plain === 'number') return plain
  throw invalidField({ key }, 'it is neither a text nor a number', 'Give a text or a number.')
}

function without(row: InputRow, names: readonly string[]): InputRow {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)))
}

function columnOf({ columns }: TableDefinition, name: string): Column | undefined {
  return columns.find(({ logicalName }) => logicalName === name)
}
