import type { RowKey } from '../address/row-key.ts'
import { DataverseError, invalidArgument } from '../errors/dataverse-error.ts'
import type { TableDefinition } from '../metadata/table.ts'
import { nearNames } from '../near-names.ts'
import { keyAddress } from '../write/named-row.ts'
import { setOf } from '../write/row-operations.ts'

/** A file or image column of one row. */
export interface FileName {
  /** By logical or entity set name. */
  readonly table: string
  readonly key: RowKey
  readonly column: string
}

/** A file or image column of one row, found in the table's definition. */
export interface FileTarget {
  readonly table: TableDefinition
  readonly column: string
  readonly kind: 'file' | 'image'
  /** The address of the row. */
  readonly row: string
  /** The address of the column. */
  readonly path: string
  readonly maxBytes: number | undefined
}

/** Finds the column of a file. @throws DataverseError `invalid_argument` */
export function fileTarget(table: TableDefinition, { key, column }: FileName): FileTarget {
  const files = table.columns.filter(({ type }) => type === 'file' || type === 'image')
  const found = files.find(({ logicalName }) => logicalName === column)
  if (found === undefined) throw noFileColumn(table, column, files)
  const row = `${setOf(table)}${keyAddress(table, key)}`
  return {
    table,
    column,
    kind: found.type === 'image' ? 'image' : 'file',
    row,
    path: `${row}/${column}`,
    maxBytes: found.maxSizeKb === undefined ? undefined : found.maxSizeKb * 1024,
  }
}

/** Refuses a file that its column does not take. @throws DataverseError `too_large` */
export function checkSize({ maxBytes, column, table }: FileTarget, bytes: number): void {
  if (maxBytes === undefined || bytes <= maxBytes) return
  throw new DataverseError('too_large', {
    what: `The file is larger than ${column} of ${table.logicalName} takes.`,
    why: `The column takes ${maxBytes} bytes; the file has ${bytes} or more.`,
    remedy: 'Send a smaller file, or have the column’s maximum size raised.',
    facts: { table: table.logicalName, column, bytes, maxBytes },
  })
}

function noFileColumn(
  table: TableDefinition,
  column: string,
  files: readonly { readonly logicalName: string }[],
): DataverseError {
  const names = files.map(({ logicalName }) => logicalName)
  const near = nearNames(column, names)
  const listed = (near.length > 0 ? near : names).slice(0, 20).join(', ')
  return invalidArgument(
    'column',
    `${table.logicalName} has no file or image column “${column.slice(0, 100)}”`,
    listed === '' ? 'Use a table that has one.' : `Use one of: ${listed}.`,
  )
}
