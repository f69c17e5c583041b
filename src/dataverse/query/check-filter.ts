import type { TableDefinition } from '../metadata/table.ts'
import type { Filter } from './filter.ts'
import type { FilterExpression, Operand } from './filter-expression.ts'
import { formatFilter } from './format-filter.ts'
import { parseFilter } from './parse-filter.ts'
import { columnOf, navigationKindOf } from './table-columns.ts'

/** Checks the names in a filter against its table. @throws DataverseError `unknown_column`, `invalid_filter` */
export function checkFilter(table: TableDefinition, filter: Filter | string): void {
  check(table, parseFilter(typeof filter === 'string' ? filter : formatFilter(filter)))
}

function check(table: TableDefinition, expression: FilterExpression): void {
  if (expression.kind === 'comparison') checkOperands(table, expression.left, expression.right)
  else if (expression.kind === 'search') checkOperands(table, expression.column, expression.text)
  else if (expression.kind === 'function') checkFunction(table, expression.parameters)
  // The names within it are those of another table.
  else if (expression.kind === 'lambda') navigationKindOf(table, expression.collection)
  else if (expression.kind === 'not') check(table, expression.part)
  else for (const part of expression.parts) check(table, part)
}

function checkFunction(
  table: TableDefinition,
  parameters: readonly (readonly [name: string, value: Operand])[],
): void {
  for (const [name, { text }] of parameters) {
    if (name === 'PropertyName') columnOf(table, text.replace(/^'|'$/g, ''))
  }
}

function checkOperands(table: TableDefinition, ...operands: readonly Operand[]): void {
  for (const { kind, text } of operands) if (kind === 'path') checkPath(table, text)
}

/** Checks a column, or the lookup by which a path to one begins. @throws DataverseError `unknown_column` */
export function checkPath(table: TableDefinition, path: string): void {
  const [first = '', ...rest] = path.split('/')
  if (rest.length === 0) columnOf(table, first)
  else navigationKindOf(table, first)
}
