import {
  type DataverseClient,
  DataverseError,
  nearNames,
  type TableDefinition,
  type TableSummary,
} from '../../dataverse/index.ts'
import { type FieldName, missingField, quoted, unknownName } from '../connector-error.ts'
import type { Option, OptionsContext } from '../entry.ts'
import { dynamicSelectField } from '../field.ts'
import { compareLabels } from './column-order.ts'
import { findListed } from './search-options.ts'

const FIELD = { key: 'objectType', label: 'Object Type' }

/** The field that names the table, with the options `objectTypes`. */
export function objectTypeField() {
  return dynamicSelectField({
    label: FIELD.label,
    help: 'The table to work on.',
    order: 10,
    options: 'objectTypes',
  })
}

/** Lists the tables that rows can be read from, by label; of what was typed, the likeliest first. */
export async function objectTypes(context: OptionsContext): Promise<readonly Option[]> {
  const tables = await context.dataverse.metadata.tables(signalOf(context.signal))
  return searchTables(tables, context.search ?? '').slice(0, context.limit)
}

function searchTables(tables: readonly TableSummary[], search: string): readonly Option[] {
  const readable = tables.filter((table) => !table.intersect && table.entitySetName !== undefined)
  const listed = readable.map(({ label, schemaName, collectionLabel, logicalName }) => ({
    option: { value: logicalName, label: `${label ?? schemaName} (${logicalName})` },
    names: [label, collectionLabel, logicalName],
  }))
  return findListed(
    listed.toSorted((a, b) => compareLabels(a.option.label, b.option.label)),
    search,
  )
}

/** A table whose rows can be addressed. */
export interface ReadableTable extends TableDefinition {
  readonly entitySetName: string
}

/**
 * Reads the definition of the table that a field names, by its logical name or entity set; `field` is
 * another one than the Object Type.
 *
 * @throws ConnectorError `unknown_table`
 */
export async function readTable(
  dataverse: DataverseClient,
  objectType: string,
  signal?: AbortSignal,
  field: FieldName = FIELD,
): Promise<ReadableTable> {
  const name = /^[A-Za-z_]\w{0,99}$/.test(objectType) ? objectType.toLowerCase() : undefined
  const direct = name && (await readOrNothing(dataverse, name, signal))
  const table = direct || (await readBySet(dataverse, objectType, signal, field))
  if (hasEntitySet(table)) return table
  throw unknownName('unknown_table', field, `${table.logicalName} has no rows to address`, [])
}

/** Reads the table that a form has chosen so far. @throws ConnectorError where none is chosen */
export async function readChosenTable({
  config,
  dataverse,
  signal,
}: OptionsContext): Promise<ReadableTable> {
  const objectType = config[FIELD.key]
  if (typeof objectType !== 'string' || objectType.trim() === '') {
    throw missingField(FIELD, 'Choose the table first.')
  }
  return readTable(dataverse, objectType.trim(), signal)
}

async function readBySet(
  dataverse: DataverseClient,
  objectType: string,
  signal: AbortSignal | undefined,
  field: FieldName,
): Promise<TableDefinition> {
  const tables = await dataverse.metadata.tables(signalOf(signal))
  const found = tables.find((table) => table.entitySetName === objectType)
  if (found !== undefined) return dataverse.metadata.table(found.logicalName, signalOf(signal))
  const near = nearNames(
    objectType,
    tables.map((table) => table.logicalName),
  )
  const problem = `the environment has no table ${quoted(objectType)}`
  throw unknownName('unknown_table', field, problem, near)
}

async function readOrNothing(
  dataverse: DataverseClient,
  logicalName: string,
  signal?: AbortSignal,
): Promise<TableDefinition | undefined> {
  try {
    return await dataverse.metadata.table(logicalName, signalOf(signal))
  } catch (error) {
    if (error instanceof DataverseError && error.code === 'unknown_table') return undefined
    throw error
  }
}

function hasEntitySet(table: TableDefinition): table is ReadableTable {
  return table.entitySetName !== undefined
}

function signalOf(signal: AbortSignal | undefined): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal }
}
