import { invalidArgument } from '../errors/dataverse-error.ts'
import { Literal, literal } from './literal.ts'

/** How two values are compared. */
export type Comparison = 'eq' | 'ge' | 'gt' | 'le' | 'lt' | 'ne'

/** How a text is searched. */
export type TextSearch = 'contains' | 'endswith' | 'startswith'

/**
 * A value to compare with. A string is written as a text: give GUIDs, decimals and the like, where
 * they come as strings, through {@link literal}.
 */
export type FilterValue = string | number | bigint | boolean | Date | Literal | null

/** A condition on rows, made by {@link where}. */
export type Filter =
  | {
      readonly kind: 'comparison'
      readonly column: string
      readonly comparison: Comparison
      readonly value: FilterValue
    }
  | {
      readonly kind: 'search'
      readonly column: string
      readonly search: TextSearch
      readonly text: string
    }
  | { readonly kind: 'and' | 'or'; readonly filters: readonly Filter[] }
  | { readonly kind: 'not'; readonly filter: Filter }
  | { readonly kind: 'text'; readonly text: string }

const compare =
  (comparison: Comparison) =>
  (column: string, value: FilterValue): Filter => ({
    kind: 'comparison',
    column,
    comparison,
    value,
  })

const search =
  (kind: TextSearch) =>
  (column: string, text: string): Filter => ({ kind: 'search', column, search: kind, text })

/**
 * Makes conditions whose values cannot change the expression.
 *
 * Columns are named as the service names them, a lookup's as `_primarycontactid_value`, one of a
 * related row as `primarycontactid/fullname`. Texts compare without regard to case.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/filter-rows
 */
export const where = {
  eq: compare('eq'),
  ne: compare('ne'),
  gt: compare('gt'),
  ge: compare('ge'),
  lt: compare('lt'),
  le: compare('le'),
  contains: search('contains'),
  startswith: search('startswith'),
  endswith: search('endswith'),
  /** The column equals one of the values. */
  in: (column: string, values: readonly FilterValue[]): Filter => ({
    kind: 'or',
    filters: values.map((value) => compare('eq')(column, value)),
  }),
  and: (...filters: readonly Filter[]): Filter => ({ kind: 'and', filters }),
  or: (...filters: readonly Filter[]): Filter => ({ kind: 'or', filters }),
  not: (filter: Filter): Filter => ({ kind: 'not', filter }),
  /** A condition written by hand; its parentheses and quotes must be whole. */
  text: (text: string): Filter => ({ kind: 'text', text }),
} as const

/** Writes a condition as OData, not yet encoded for an address. @throws DataverseError `invalid_argument` */
export function formatFilter(filter: Filter): string {
  switch (filter.kind) {
    case 'comparison':
      return `${columnPath(filter.column)} ${filter.comparison} ${value(filter.value, filter.column)}`
    case 'search':
      return `${filter.search}(${columnPath(filter.column)},${pattern(filter.text, filter.column)})`
    case 'not':
      return `not (${formatFilter(filter.filter)})`
    case 'text':
      return wholeText(filter.text)
    default:
      return joined(filter.kind, filter.filters)
  }
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/

/** Checks the name of a column or navigation property. @throws DataverseError `invalid_argument` */
export function propertyName(name: string, field = 'column'): string {
  if (NAME.test(name)) return name
  throw invalidArgument(
    field,
    `“${name.slice(0, 100)}” is not a name`,
    'Use the logical name: letters, digits and underscores.',
  )
}

/** Checks a name that may lead through lookups: `primarycontactid/fullname`. */
export function columnPath(path: string): string {
  return path
    .split('/')
    .map((name) => propertyName(name))
    .join('/')
}

function joined(kind: 'and' | 'or', filters: readonly Filter[]): string {
  if (filters.length === 0) {
    throw invalidArgument('filter', `“${kind}” has no conditions`, 'Give at least one condition.')
  }
  const [first, ...rest] = filters
  if (first !== undefined && rest.length === 0) return formatFilter(first)
  return filters.map(grouped).join(` ${kind} `)
}

function grouped(filter: Filter): string {
  const text = formatFilter(filter)
  return filter.kind === 'comparison' || filter.kind === 'search' ? text : `(${text})`
}

// Within the searches %, _ and [ are wildcards, and in brackets stand for themselves.
function pattern(text: string, field: string): string {
  return String(literal('string', text.replace(/[[%_]/g, '[$&]'), field))
}

function value(given: FilterValue, field: string): string {
  if (given === null) return 'null'
  if (given instanceof Literal) return String(given)
  if (given instanceof Date) return String(literal('datetime', given, field))
  switch (typeof given) {
    case 'bigint':
      return String(literal('int64', given, field))
    case 'number':
      return String(literal(Number.isInteger(given) ? 'int64' : 'double', given, field))
    case 'boolean':
      return String(literal('boolean', given, field))
    default:
      return String(literal('string', given, field))
  }
}

// A text is put between parentheses beside other conditions, which it must not be able to close.
// Query functions take lists of JSON, in double quotes.
function wholeText(text: string): string {
  let depth = 0
  let quote = ''
  for (const character of text) {
    if (quote !== '') quote = character === quote ? '' : quote
    else if (character === "'" || character === '"') quote = character
    else if (character === '(') depth += 1
    else if (character === ')') depth -= 1
    if (depth < 0) break
  }
  if (depth === 0 && quote === '' && text.trim() !== '' && text.isWellFormed()) return text.trim()
  throw invalidArgument(
    'filter',
    text.trim() === '' ? 'it is empty' : 'its quotes or parentheses are not whole',
    'Write a quote within a text twice, and close every parenthesis that was opened.',
  )
}
