import { invalidArgument } from '../errors/dataverse-error.ts'
import type { Column } from '../metadata/column.ts'
import { propertyOf } from '../metadata/column.ts'
import { isLookup, literalTypeOf } from '../metadata/column-type.ts'
import type { TableDefinition } from '../metadata/table.ts'
import { choiceFinder, encodeBoolean, encodeChoices } from '../write/values/choice.ts'
import { Refusal } from '../write/values/refusal.ts'
import { type Comparison, type Filter, type FilterValue, where } from './filter.ts'
import { Literal, literal } from './literal.ts'
import { type QueryFunctionName, type QueryFunctionValues, shapeOf } from './query-functions.ts'
import { columnOf, navigationKindOf } from './table-columns.ts'

/** Makes conditions on the rows of one table; see {@link filterFor}. */
export interface TableFilters {
  /** The column equals the value. */
  eq(column: string, value: FilterValue): Filter
  /** The column does not equal the value. */
  ne(column: string, value: FilterValue): Filter
  /** The column is greater than the value. */
  gt(column: string, value: FilterValue): Filter
  /** The column is not less than the value. */
  ge(column: string, value: FilterValue): Filter
  /** The column is less than the value. */
  lt(column: string, value: FilterValue): Filter
  /** The column is not greater than the value. */
  le(column: string, value: FilterValue): Filter
  /** The column equals one of the values. */
  in(column: string, values: readonly FilterValue[]): Filter
  /** The text is a part of the column’s. */
  contains(column: string, text: string): Filter
  /** The column’s text begins with this one. */
  startswith(column: string, text: string): Filter
  /** The column’s text ends with this one. */
  endswith(column: string, text: string): Filter
  /** Two columns of the same row compare so. */
  columns(column: string, comparison: Comparison, other: string): Filter
  /** One of Dataverse’s own functions holds for the column. */
  query<Name extends QueryFunctionName>(
    name: Name,
    column: string,
    ...values: QueryFunctionValues[Name]
  ): Filter
}

/**
 * Makes conditions on one table's rows: every value is written by its column's type, choices also by
 * their labels, and a name that the table does not have is an error that suggests the near ones.
 *
 * A column may be named by its logical name, a lookup too. A path through a lookup, such as
 * `primarycontactid/fullname`, is checked up to the lookup, and its value written by its own type.
 *
 * @example
 * ```ts
 * import { filterFor, type TableDefinition, where } from 'fairlead/dataverse'
 *
 * declare const account: TableDefinition
 *
 * const accounts = filterFor(account)
 * const filter = where.and(
 *   accounts.eq('primarycontactid', '{0123ABCD-89AB-CDEF-0123-456789ABCDEF}'),
 *   accounts.in('industrycode', ['Accounting', 'Consulting']),
 * )
 * ```
 */
export function filterFor(table: TableDefinition): TableFilters {
  const compare = (comparison: Comparison) => (name: string, value: FilterValue) => {
    if (leadsThroughLookup(table, name)) return where[comparison](name, value)
    const column = columnOf(table, name)
    return where[comparison](propertyOf(column), valueFor(column, value))
  }
  const search = (kind: 'contains' | 'endswith' | 'startswith') => (name: string, text: string) => {
    if (leadsThroughLookup(table, name)) return where[kind](name, text)
    return where[kind](textColumn(columnOf(table, name)), text)
  }
  return {
    eq: compare('eq'),
    ne: compare('ne'),
    gt: compare('gt'),
    ge: compare('ge'),
    lt: compare('lt'),
    le: compare('le'),
    in: (name, values) => where.or(...values.map((value) => compare('eq')(name, value))),
    contains: search('contains'),
    startswith: search('startswith'),
    endswith: search('endswith'),
    columns: (name, comparison, other) =>
      where.columns(
        propertyOf(columnOf(table, name)),
        comparison,
        propertyOf(columnOf(table, other)),
      ),
    query: (name, columnName, ...values) => {
      const column = columnOf(table, columnName)
      const shape = shapeOf(name)
      const given: readonly QueryFunctionValues['In'][0][] = values
      const written =
        shape === 'list' || shape === 'twoValues'
          ? given.map((value) => elementFor(column, value))
          : given
      return { kind: 'function', name, column: column.logicalName, values: written }
    },
  }
}

function leadsThroughLookup(table: TableDefinition, name: string): boolean {
  const [first = '', ...rest] = name.split('/')
  if (rest.length === 0) return false
  if (navigationKindOf(table, first) === 'single') return true
  throw invalidArgument(
    name,
    `${first} leads to many rows`,
    `Use any or all: where.any('${first}', …).`,
  )
}

function valueFor(column: Column, value: FilterValue): Literal | null {
  if (value === null || value instanceof Literal) return value
  const type = literalTypeOf(column)
  if (type === undefined) {
    throw invalidArgument(
      column.logicalName,
      'Dataverse cannot filter by this kind of column',
      'Filter by another column.',
    )
  }
  return literal(type, unlabelled(column, value), column.logicalName)
}

// One value of several, as In and ContainValues take them.
function elementFor(column: Column, value: QueryFunctionValues['In'][0]) {
  return column.type === 'choices'
    ? String(taken(column, choiceFinder(column.choices)(value)))
    : (valueFor(column, value) ?? '')
}

function unlabelled(column: Column, value: unknown): unknown {
  const { type, choices } = column
  if (type === 'choice' || type === 'state' || type === 'status') {
    return taken(column, choiceFinder(choices)(value))
  }
  if (type === 'choices') return taken(column, encodeChoices(value, choiceFinder(choices)))
  if (type === 'boolean') return taken(column, encodeBoolean(value, choiceFinder(choices)))
  return value
}

function taken<Value>(column: Column, value: Value | Refusal): Value {
  if (!(value instanceof Refusal)) return value
  throw invalidArgument(column.logicalName, value.problem, value.remedy)
}

function textColumn(column: Column): string {
  if (column.type === 'string' || column.type === 'memo') return column.logicalName
  throw invalidArgument(
    column.logicalName,
    'it is not a text, in which one could search',
    column.type === 'choices'
      ? 'Use the query function ContainValues, which takes values and labels.'
      : isLookup(column.type)
        ? 'Search in a column of the related row, such as primarycontactid/fullname.'
        : 'Compare it with eq, gt, lt and so on.',
  )
}
