import { readColumn } from '../schema/facts.ts'
import type { Choice, Column, ColumnType, Schema, Table } from '../schema/model.ts'
import type { Database } from '../store/database.ts'
import { propertyTag } from './document.ts'
import { metadataId } from './labels.ts'

/** The types that a column added in a running organization can have. */
export const CHANGEABLE_TYPES = [
  'String',
  'Memo',
  'Integer',
  'BigInt',
  'Decimal',
  'Double',
  'Money',
  'Boolean',
  'DateTime',
  'Picklist',
  'MultiSelectPicklist',
] as const satisfies readonly ColumnType[]

/** What a customizer can change of a column. */
export interface ColumnChanges {
  readonly label?: string
  readonly maxLength?: number
  readonly required?: Column['required']
  readonly choices?: readonly Choice[]
}

export interface NewColumn extends ColumnChanges {
  readonly name: string
  readonly schemaName?: string
  readonly type: (typeof CHANGEABLE_TYPES)[number]
}

type Open<T> = { -readonly [Key in keyof T]: T[Key] }

/** Adds a column to a table; false when the table is not there or has it already. */
export function addColumn(schema: Schema, name: string, added: NewColumn): boolean {
  const table = schema.tables.get(name)
  if (!table || table.byName.has(added.name)) return false
  const last = table.columns.reduce((highest, { index }) => Math.max(highest, index), 0)
  const facts = {
    name: added.name,
    schema: added.schemaName ?? added.name,
    type: added.type,
    label: added.label ?? added.name,
  }
  const column = readColumn(facts, name, last + 1)
  apply(column, added)
  listOf(table.columns).push(column)
  mapOf(table.byName).set(column.name, column)
  mapOf(table.byProperty).set(column.property, column)
  editSource(schema, table, (type) =>
    type.replace(/(?=<(?:Navigation)?Property )/, propertyTag(column)),
  )
  schema.changes.touch(idOf(table, column.name))
  return true
}

/** Changes a column; false when there is none. */
export function changeColumn(
  schema: Schema,
  table: string,
  name: string,
  changes: ColumnChanges,
): boolean {
  const found = schema.tables.get(table)
  const column = found?.byName.get(name)
  if (!found || !column) return false
  apply(column, changes)
  schema.changes.touch(idOf(found, name))
  return true
}

/** Takes a column away with all its values; false when there is none, or rows cannot be without it. */
export function removeColumn(database: Database, name: string, gone: string): boolean {
  const { schema } = database
  const table = schema.tables.get(name)
  const column = table?.byName.get(gone)
  if (!table || !column || isNeeded(table, column)) return false
  listOf(table.columns).splice(table.columns.indexOf(column), 1)
  mapOf(table.byName).delete(column.name)
  mapOf(table.byProperty).delete(column.property)
  const rows = database.rows(table)
  if (column.type === 'File' || column.type === 'Image') {
    for (const slot of rows.slotsAfter(undefined)) {
      database.dropContent(rows.text(slot, column) ?? '')
    }
  }
  rows.forget(column)
  const property = new RegExp(`<Property Name="${column.property}"[^>]*?/>`)
  editSource(schema, table, (type) => type.replace(property, ''))
  schema.changes.remove('Attribute', idOf(table, gone))
  return true
}

function isNeeded(table: Table, column: Column): boolean {
  const inKey = table.keys.some(({ columns }) => columns.includes(column))
  return column === table.id || column === table.title || column.storage === 'reference' || inKey
}

function apply(column: Column, { label, maxLength, required, choices }: ColumnChanges): void {
  const open: Open<Column> = column
  if (label !== undefined) open.label = label
  if (maxLength !== undefined) open.maxLength = maxLength
  if (required !== undefined) open.required = required
  if (choices !== undefined) open.choices = choices
}

function idOf(table: Table, column: string): string {
  return metadataId(`${table.name}.${column}`)
}

/** Changes one entity type in the document that the schema was read of. */
export function editSource(schema: Schema, table: Table, edit: (type: string) => string): void {
  const { source } = schema
  if (!source) return
  const start = source.text.indexOf(`<EntityType Name="${table.name}"`)
  const end = source.text.indexOf('</EntityType>', start)
  if (start < 0 || end < 0) return
  const type = edit(source.text.slice(start, end))
  source.text = source.text.slice(0, start) + type + source.text.slice(end)
}

/** The schema is shared as something nobody changes; only these open it. */
function mapOf<Key, Value>(map: ReadonlyMap<Key, Value>): Map<Key, Value> {
  if (map instanceof Map) return map
  throw new TypeError('the schema is not open to changes')
}

export function listOf<Item>(list: readonly Item[]): Item[] {
  if (Array.isArray(list)) return list
  throw new TypeError('the schema is not open to changes')
}
