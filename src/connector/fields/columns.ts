import { type Column, nearNames, propertyOf, type TableDefinition } from '../../dataverse/index.ts'
import { type FieldName, unknownName } from '../connector-error.ts'

/**
 * Finds a column by its logical name or by the name that rows have for it.
 *
 * @throws ConnectorError `unknown_column`, with the names that are near
 */
export function findColumn(table: TableDefinition, name: string, field: FieldName): Column {
  const wanted = name.trim().toLowerCase()
  const found = table.columns.find(
    (column) => column.logicalName === wanted || propertyOf(column) === wanted,
  )
  if (found !== undefined) return found
  const names = table.columns.filter((column) => column.readable).map((one) => one.logicalName)
  const problem = `the table ${table.logicalName} has no column “${name.trim().slice(0, 100)}”`
  throw unknownName('unknown_column', field, problem, nearNames(wanted, names))
}

/** Takes a comma-separated list apart; blanks and repetitions are dropped. */
export function splitNames(list: string | undefined): readonly string[] {
  const names = (list ?? '').split(',').map((name) => name.trim())
  return [...new Set(names.filter((name) => name !== ''))]
}
