import type { AlternateKey, ColumnType, Schema, Table } from '../schema/model.ts'
import type { Database } from '../store/database.ts'
import { editSource, listOf } from './alter.ts'
import { alternateKeys } from './document.ts'
import { metadataId } from './labels.ts'

// learn.microsoft.com/power-apps/developer/data-platform/define-alternate-keys-entity
const MOST_KEYS = 10
const MOST_COLUMNS = 16
const KEY_TYPES: ReadonlySet<ColumnType> = new Set([
  'Decimal',
  'Integer',
  'String',
  'DateTime',
  'Lookup',
  'Picklist',
])

/** An alternate key as a customizer defines it, its columns by logical name. */
export interface NewKey {
  readonly name: string
  readonly schemaName?: string
  readonly label?: string
  readonly columns: readonly string[]
}

/**
 * Adds an alternate key to a table; false when there is no such table.
 * @throws Error naming the rule of alternate keys that it breaks
 */
export function addKey(database: Database, name: string, added: NewKey): boolean {
  const { schema } = database
  const table = schema.tables.get(name)
  if (!table) return false
  const key = readKey(table, added)
  if (!database.rows(table).addKey(key)) {
    throw new Error(`Rows of '${name}' have the same values in ${added.columns.join(', ')}.`)
  }
  listOf(table.keys).push(key)
  announce(schema, table)
  schema.changes.touch(keyId(table, added.name), metadataId(name))
  return true
}

/** Takes an alternate key away; false when there is none. */
export function removeKey(database: Database, name: string, gone: string): boolean {
  const { schema } = database
  const table = schema.tables.get(name)
  const key = table?.keys.find((known) => known.name === gone)
  if (!table || !key) return false
  listOf(table.keys).splice(table.keys.indexOf(key), 1)
  database.rows(table).removeKey(key)
  announce(schema, table)
  schema.changes.touch(metadataId(name))
  return true
}

function readKey(table: Table, { name, schemaName, label, columns }: NewKey): AlternateKey {
  const same = (key: AlternateKey) =>
    key.name === name || key.columns.map((column) => column.name).join() === columns.join()
  if (table.keys.some(same)) throw new Error(`The table '${table.name}' has that key already.`)
  if (table.keys.length >= MOST_KEYS) throw new Error(`A table has ${MOST_KEYS} keys at most.`)
  if (columns.length === 0 || columns.length > MOST_COLUMNS) {
    throw new Error(`A key has one to ${MOST_COLUMNS} columns.`)
  }
  const found = columns.map((one) => {
    const column = table.byName.get(one)
    if (!column) throw new Error(`The table '${table.name}' has no column '${one}'.`)
    if (!KEY_TYPES.has(column.type)) {
      throw new Error(`'${one}' is of the type ${column.type}, which no key can have.`)
    }
    return column
  })
  return { name, schemaName: schemaName ?? name, label: label ?? name, columns: found }
}

function announce(schema: Schema, table: Table): void {
  const known = /<Annotation Term="[^"]*AlternateKeys">.*?<\/Annotation>/s
  editSource(schema, table, (type) => type.replace(known, '') + alternateKeys(table))
}

function keyId(table: Table, key: string): string {
  return metadataId(`${table.name} key ${key}`)
}
