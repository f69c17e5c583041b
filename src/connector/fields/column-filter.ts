import {
  type Choice,
  type Column,
  DataverseError,
  type Filter,
  isLookup,
  type Literal,
  type LiteralType,
  listChoices,
  literal,
  literalTypeOf,
  propertyOf,
  type TableDefinition,
} from '../../dataverse/index.ts'
import { type FieldName, invalidField } from '../connector-error.ts'
import { findColumn } from './columns.ts'
import { type Condition, termFilter } from './search-condition.ts'

/** One comparison of a column, and the fields that an error is to name. */
export interface ColumnCondition {
  readonly column: string
  readonly condition: Condition
  readonly value: unknown
  readonly columnField: FieldName
  readonly valueField: FieldName
}

/**
 * Makes the condition of one column, its value written by the column's type.
 *
 * @throws ConnectorError `unknown_column`, `invalid_field`, `missing_field`
 */
export function columnFilter(table: TableDefinition, one: ColumnCondition): Filter {
  const { condition, value, columnField, valueField } = one
  const column = findColumn(table, one.column, columnField)
  const type = literalTypeOf(column)
  if (type === undefined) {
    throw invalidField(
      columnField,
      `rows cannot be searched by ${column.logicalName}, which is of the type ${column.type}`,
      'Search by another column.',
    )
  }
  return termFilter({
    property: propertyOf(column),
    condition,
    value,
    field: valueField,
    text: type === 'string' && !isLookup(column.type),
    write: (given) => writeLiteral(column, type, given, valueField),
  })
}

function writeLiteral(
  { logicalName, choices = [] }: Column,
  type: LiteralType,
  value: unknown,
  field: FieldName,
): Literal {
  try {
    return literal(type, value, field.key)
  } catch (error) {
    if (!(error instanceof DataverseError)) throw error
    const { why, remedy } = error.explanation
    const problem = `${why}, which ${logicalName} needs`
    throw invalidField(field, problem, choices.length > 0 ? numberOf(choices) : remedy, error)
  }
}

function numberOf(choices: readonly Choice[]): string {
  const listed = listChoices(choices, ({ value, label = '' }) => `${value} (${label})`)
  return `Give the number of a choice: ${listed}.`
}

/** The columns of a table that rows can be searched by. */
export function searchableColumns(table: TableDefinition): readonly Column[] {
  return table.columns.filter((column) => column.readable && literalTypeOf(column) !== undefined)
}
