import type { JsonObject } from '../../kernel/index.ts'
import { invalidArgument } from '../errors/dataverse-error.ts'
import type { TableDefinition } from '../metadata/table.ts'
import {
  type Encoding,
  type EncodingChoices,
  type EncodingContext,
  type InputRow,
  report,
  type WritePurpose,
} from './encoding.ts'
import { InvalidRow, type RowProblem, requireRow } from './invalid-row.ts'
import type { KnownTables } from './known-tables.ts'
import { keyOfColumns, keyWriter, unknownKey } from './row-address.ts'
import { type RowFields, rowFields } from './row-fields.ts'
import { Refusal } from './values/refusal.ts'

/** How rows are taken apart. */
export interface RowEncoderOptions extends EncodingChoices {
  readonly purpose: WritePurpose
  /** The environment's tables, to which lookups lead; with the definitions of those given by key or nested. */
  readonly tables: KnownTables
  /** The alternate key that names the rows, by its logical name or its columns; else the primary id does. */
  readonly key?: string | readonly string[]
}

/** A row as the wire has it. */
export interface EncodedRow {
  /** The body, without what names the row. */
  readonly body: JsonObject
  /** The part in parentheses that names the row: `(01234567-…)`; none for a row without a key. */
  readonly key?: string
  /** The primary id, where that names the row. */
  readonly id?: string
}

/** Takes the rows of one table apart. */
export interface RowEncoder {
  readonly table: TableDefinition
  readonly purpose: WritePurpose
  /** Writes a row as the wire has it, without any request. @throws InvalidRow with all that is wrong */
  encode(row: InputRow): EncodedRow
  /** Writes a row that is named elsewhere, as in an address. @throws InvalidRow */
  encodeBody(row: InputRow): EncodedRow
  /** Tables whose definitions rows have asked for so far without finding them. */
  readonly wanted: ReadonlySet<string>
}

/**
 * Prepares the encoding of one table's rows: once for each table, so that each row costs little.
 *
 * @throws DataverseError `invalid_argument` where the key is none of the table
 */
export function rowEncoder(table: TableDefinition, options: RowEncoderOptions): RowEncoder {
  const { purpose, key } = options
  const wanted = new Set<string>()
  const fieldsOf = nestedFields(options, wanted)
  const context = contextOf(table, options, fieldsOf, wanted)
  const keyed = keyOf(table, key)
  const fields = rowFields(context, new Set(keyed?.columns))
  const addressOf = keyed === undefined ? undefined : keyWriter(table, keyed)
  const start = (row: InputRow) => {
    requireRow(table.logicalName, row)
    return encodeFields(row, fields, '', [])
  }
  const finish = ({ body, id, problems }: Encoding, address?: string): EncodedRow => {
    if (problems.length > 0) throw new InvalidRow(table.logicalName, problems)
    const named = address ?? (id === undefined ? undefined : `(${id})`)
    return {
      body,
      ...(named === undefined ? {} : { key: named }),
      ...(id === undefined ? {} : { id }),
    }
  }
  return {
    table,
    purpose,
    wanted,
    encodeBody: (row) => finish(start(row)),
    encode: (row) => {
      const encoding = start(row)
      if (purpose === 'create') return finish(encoding)
      if (addressOf === undefined) return finish(requireId(encoding, table))
      const address = addressOf((column) => row[column] ?? row[`_${column}_value`])
      if (!(address instanceof Refusal)) return finish(encoding, address)
      report(encoding, keyed?.columns.join(', ') ?? 'key', address)
      return finish(encoding)
    },
  }
}

/** Writes an encoded row as one of the targets of a bulk message. */
export function bulkTarget(table: TableDefinition, { body, key, id }: EncodedRow): JsonObject {
  const type = `Microsoft.Dynamics.CRM.${table.logicalName}`
  if (id !== undefined && table.primaryIdColumn !== undefined) {
    return { '@odata.type': type, [table.primaryIdColumn]: id, ...body }
  }
  if (key === undefined) return { '@odata.type': type, ...body }
  // The key's columns must not be repeated in the body: creating then fails with 0x80040216.
  return { '@odata.type': type, '@odata.id': `${table.entitySetName}${key}`, ...body }
}

function encodeFields(
  row: InputRow,
  { fields, other, check }: RowFields,
  path: string,
  problems: RowProblem[],
): Encoding {
  const encoding: Encoding = { row, body: {}, path, problems }
  for (const name in row) {
    const value = row[name]
    if (value === undefined) continue
    const write = fields.get(name)
    if (write === undefined) other(value, encoding, name)
    else write(value, encoding, name)
  }
  check(encoding)
  return encoding
}

function requireId(
  encoding: Encoding,
  { logicalName, primaryIdColumn }: TableDefinition,
): Encoding {
  if (encoding.id !== undefined || encoding.problems.length > 0) return encoding
  const column = primaryIdColumn ?? 'id'
  report(
    encoding,
    column,
    new Refusal(
      `the row does not say which row of ${logicalName} it is`,
      `Give ${column}, or name an alternate key by which the rows are known.`,
    ),
  )
  return encoding
}

function keyOf(table: TableDefinition, key: RowEncoderOptions['key']) {
  if (key === undefined || key === table.primaryIdColumn) return undefined
  const found =
    typeof key === 'string'
      ? (table.keys.find((one) => one.logicalName === key) ?? keyOfColumns(table, [key]))
      : keyOfColumns(table, key)
  if (found !== undefined) return found
  const { problem, remedy } = unknownKey(table)
  throw invalidArgument('key', problem, remedy)
}

type FieldsOf = (table: TableDefinition) => RowFields

// Rows that are created along are encoded by their own tables, each prepared once.
function nestedFields(options: RowEncoderOptions, wanted: Set<string>): FieldsOf {
  const known = new Map<string, RowFields>()
  const fieldsOf: FieldsOf = (table) => {
    const found = known.get(table.logicalName)
    if (found !== undefined) return found
    const made = rowFields(
      contextOf(table, { ...options, purpose: 'create' }, fieldsOf, wanted),
      new Set(),
    )
    known.set(table.logicalName, made)
    return made
  }
  return fieldsOf
}

function contextOf(
  table: TableDefinition,
  options: RowEncoderOptions,
  fieldsOf: FieldsOf,
  wanted: Set<string>,
): EncodingContext {
  const { tables, purpose, readOnlyColumns = 'refuse', unknownColumns = 'refuse' } = options
  const definition = (name: string) => {
    const found = tables.definition(name)
    if (found === undefined) wanted.add(name)
    return found
  }
  return {
    table,
    tables,
    purpose,
    readOnlyColumns,
    unknownColumns,
    definition,
    nested: (name, row, path, problems) => {
      const other = definition(name)
      if (other !== undefined) return encodeFields(row, fieldsOf(other), path, problems).body
      report({ path: path.slice(0, -1), problems }, '', definitionNeeded(name))
      return undefined
    },
  }
}

function definitionNeeded(table: string): Refusal {
  return new Refusal(
    `the definition of ${table} is not at hand`,
    `Give it among the known tables, or refer to a row of ${table} that exists.`,
  )
}
