import {
  type DataverseClient,
  DataverseError,
  nearNames,
  type TableDefinition,
  type TableSummary,
} from '../../dataverse/index.ts'
import { missingField, unknownName } from '../connector-error.ts'
import type { Option, OptionsContext } from '../entry.ts'
import { dynamicSelectField } from '../field.ts'

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

/** Lists the tables that rows can be read from, by label, filtered by what was typed. */
export async function objectTypes(context: OptionsContext): Promise<readonly Option[]> {
  const tables = await context.dataverse.metadata.tables(signalOf(context.signal))
  return searchTables(tables, context.search ?? '').slice(0, context.limit)
}

/** Finds tables by label or logical name; those that begin with what was typed come first. */
function searchTables(tables: readonly TableSummary[], search: string): readonly Option[] {
  const wanted = search.trim().toLowerCase()
  const found = tables.flatMap((table) => {
    if (table.intersect || table.entitySetName === undefined) return []
    const names = [table.label, table.collectionLabel, table.logicalName].map(
      (name) => name?.toLowerCase() ?? '',
    )
    if (!names.some((name) => name.includes(wanted))) return []
    const label = `${table.label ?? table.schemaName} (${table.logicalName})`
    const rank = names.some((name) => name.startsWith(wanted)) ? 0 : 1
    return [{ rank, value: table.logicalName, label }]
  })
  found.sort((a, b) => a.rank - b.rank || a.label.localeCompare(b.label, 'en'))
  return found.map(({ value, label }) => ({ value, label }))
}

/** A table whose rows can be addressed. */
export interface ReadableTable extends TableDefinition {
  readonly entitySetName: string
}

/**
 * Reads the definition of the table that a field names, by its logical name or entity set.
 *
 * @throws ConnectorError `unknown_table`
 */
export async function readTable(
  dataverse: DataverseClient,
  objectType: string,
  signal?: AbortSignal,
): Promise<ReadableTable> {
  const name = /^[A-Za-z_]\w{0,99}$/.test(objectType) ? objectType.toLowerCase() : undefined
  const direct = name && (await readOrNothing(dataverse, name, signal))
  const table = direct || (await readBySet(dataverse, objectType, signal))
  if (hasEntitySet(table)) return table
  throw unknownName('unknown_table', FIELD, `${table.logicalName} has no rows to address`, [])
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

/** Those of a dropdown's entries that hold what was typed, as many as are wanted. */
export function searchOptions(
  options: readonly Option[],
  { search = '', limit }: Pick<OptionsContext, 'search' | 'limit'>,
): readonly Option[] {
  const wanted = search.trim().toLowerCase()
  return options
    .filter(({ value, label }) => `${value} ${label}`.toLowerCase().includes(wanted))
    .slice(0, limit)
}

async function readBySet(
  dataverse: DataverseClient,
  objectType: string,
  signal?: AbortSignal,
): Promise<TableDefinition> {
  const tables = await dataverse.metadata.tables(signalOf(signal))
  const found = tables.find((table) => table.entitySetName === objectType)
  if (found !== undefined) return dataverse.metadata.table(found.logicalName, signalOf(signal))
  const near = nearNames(
    objectType,
    tables.map((table) => table.logicalName),
  )
  const shown = objectType.slice(0, 100)
  throw unknownName('unknown_table', FIELD, `the environment has no table “${shown}”`, near)
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
