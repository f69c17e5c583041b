import { type Column, nearNames, propertyOf, type TableDefinition } from '../../dataverse/index.ts'
import {
  type FieldName,
  invalidField,
  missingField,
  quoted,
  unknownName,
} from '../connector-error.ts'
import { isBlank } from '../field.ts'

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
  const problem = `the table ${table.logicalName} has no column ${quoted(name)}`
  throw unknownName('unknown_column', field, problem, nearNames(wanted, names))
}

/** Takes what a term gives as the name of a column. @throws ConnectorError */
export function columnName(given: unknown, field: FieldName): string {
  if (isBlank(given)) throw missingField(field, 'Name a column of the table.')
  if (typeof given === 'string') return given
  throw invalidField(field, 'it is not a text', 'Name a column of the table.')
}

/** Takes a comma-separated list apart; blanks and repetitions are dropped. */
export function splitNames(list: string | undefined): readonly string[] {
  const names = (list ?? '').split(',').map((name) => name.trim())
  return [...new Set(names.filter((name) => name !== ''))]
}
