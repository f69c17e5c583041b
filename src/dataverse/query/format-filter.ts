import { invalidArgument } from '../errors/dataverse-error.ts'
import type { Filter, FilterValue } from './filter.ts'
import { Literal, literal } from './literal.ts'
import { parseFilter } from './parse-filter.ts'
import { columnPath, propertyName } from './property-name.ts'
import {
  insteadOfNot,
  NAMESPACE,
  PARAMETERS,
  type QueryFunctionValue,
  shapeOf,
} from './query-functions.ts'

/** Writes a condition as OData, not yet encoded for an address. @throws DataverseError `invalid_argument`, `invalid_filter` */
export function formatFilter(filter: Filter): string {
  return format(filter, 0)
}

// Within any and all the columns belong to the related row, which a variable stands for: o1, o2 ...
function format(filter: Filter, depth: number): string {
  switch (filter.kind) {
    case 'comparison':
      return `${column(filter.column, depth)} ${filter.comparison} ${value(filter.value, filter.column)}`
    case 'columns':
      return `${column(filter.column, depth)} ${filter.comparison} ${column(filter.other, depth)}`
    case 'search':
      return `${filter.search}(${column(filter.column, depth)},${pattern(filter.text, filter.column)})`
    case 'function':
      return queryFunction(filter, depth)
    case 'lambda':
      return lambda(filter, depth)
    case 'not':
      return negated(filter.filter, depth)
    case 'text':
      return wholeText(filter.text, depth)
    default:
      return joined(filter.kind, filter.filters, depth)
  }
}

type Of<Kind extends Filter['kind']> = Extract<Filter, { readonly kind: Kind }>

function column(path: string, depth: number): string {
  return depth === 0 ? columnPath(path) : `o${depth}/${columnPath(path)}`
}

function joined(kind: 'and' | 'or', filters: readonly Filter[], depth: number): string {
  if (filters.length === 0) {
    throw invalidArgument(
      'filter',
      `“${kind}” has no conditions`,
      'Give at least one condition, or value to compare with.',
    )
  }
  const [first, ...rest] = filters
  if (first !== undefined && rest.length === 0) return format(first, depth)
  return filters.map((filter) => grouped(filter, depth)).join(` ${kind} `)
}

function grouped(filter: Filter, depth: number): string {
  const text = format(filter, depth)
  return /^(and|or|not|text)$/.test(filter.kind) ? `(${text})` : text
}

function negated(filter: Filter, depth: number): string {
  const inner = onlyOne(filter)
  if (inner.kind !== 'function') return `not (${format(inner, depth)})`
  throw invalidArgument(
    'filter',
    `Dataverse allows no “not” before the query function ${inner.name}`,
    insteadOfNot(inner.name),
  )
}

function onlyOne(filter: Filter): Filter {
  if (filter.kind !== 'and' && filter.kind !== 'or') return filter
  const [first, ...others] = filter.filters
  return first !== undefined && others.length === 0 ? onlyOne(first) : filter
}

function lambda({ quantifier, collection, filter }: Of<'lambda'>, depth: number): string {
  if (collection.includes('/')) {
    throw invalidArgument(
      'collection',
      `“${collection.slice(0, 100)}” is below a lookup, where Dataverse cannot look at related rows`,
      'Filter by a collection of the table itself, or query from the other table.',
    )
  }
  const name = propertyName(collection, 'collection')
  const path = depth === 0 ? name : `o${depth}/${name}`
  if (filter === undefined) return `${path}/any()`
  const variable = `o${depth + 1}`
  return `${path}/${quantifier}(${variable}:${format(filter, depth + 1)})`
}

function queryFunction({ name, column: path, values }: Of<'function'>, depth: number): string {
  const shape = shapeOf(name)
  if (shape === undefined) {
    throw invalidArgument(
      'filter',
      `there is no query function “${name.slice(0, 100)}”`,
      'Use one that Dataverse has.',
    )
  }
  if (depth > 0) {
    throw invalidArgument(
      'filter',
      `the query function ${name} names a column of the table itself, not of related rows`,
      'Use comparisons within any and all.',
    )
  }
  const written =
    shape === 'list' || shape === 'twoValues'
      ? [jsonList(values, path, shape === 'twoValues')]
      : values.map((each) => single(each, path, shape !== 'text'))
  const parameters = PARAMETERS[shape]
  if (written.length !== parameters.length) {
    throw invalidArgument(
      path,
      `${name} takes ${parameters.length} value(s) here`,
      'Give as many values as it takes.',
    )
  }
  const named = parameters.map((parameter, index) => `,${parameter}=${written[index]}`)
  return `${NAMESPACE}${name}(PropertyName='${columnPath(path)}'${named.join('')})`
}

function single(given: QueryFunctionValue, field: string, number: boolean): string {
  return String(number ? literal('int64', given, field) : literal('string', plain(given), field))
}

// The list is JSON within an expression. Some readers of expressions look for quotes and brackets in it
// without knowing its strings, so that those are written by their numbers.
function jsonList(values: readonly QueryFunctionValue[], field: string, pair: boolean): string {
  if (values.length === 0 || (pair && values.length !== 2)) {
    throw invalidArgument(
      field,
      pair ? 'two values are needed' : 'the list of values is empty',
      'Give the values.',
    )
  }
  // Checked as a text is.
  for (const each of values) literal('string', plain(each), field)
  return JSON.stringify(values.map(plain)).replace(
    /(?<=.)['[\]{}()](?=.)/gs,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function plain(given: QueryFunctionValue): string {
  if (given instanceof Date) return String(literal('datetime', given))
  const text = String(given)
  return given instanceof Literal && /^'.*'$/s.test(text)
    ? text.slice(1, -1).replaceAll("''", "'")
    : text
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
      return String(literal('double', given, field))
    case 'boolean':
      return String(literal('boolean', given, field))
    default:
      return String(literal('string', given, field))
  }
}

// A text is put between parentheses beside other conditions, which it cannot close if it is whole.
function wholeText(text: string, depth: number): string {
  if (depth > 0) {
    throw invalidArgument(
      'filter',
      'a condition written by hand cannot name the related row',
      'Write the whole any or all by hand, or none of it.',
    )
  }
  parseFilter(text)
  return text.trim()
}
