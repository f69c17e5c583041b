import { invalidArgument } from '../errors/dataverse-error.ts'
import { nearNames } from '../near-names.ts'
import { type Apply, formatApply } from './apply.ts'
import type { Filter } from './filter.ts'
import { formatFilter } from './format-filter.ts'
import { parseFilter } from './parse-filter.ts'
import { columnPath, propertyName } from './property-name.ts'

/** What to read of a table. Each option is typed, or plain text as OData writes it, not encoded. */
export interface Query {
  /** Columns, lookups as `_primarycontactid_value`; without it the service sends all of them. */
  readonly select?: string | readonly string[]
  readonly filter?: string | Filter
  readonly orderby?: string | readonly Order[]
  /** At most 15, nested ones counted. */
  readonly expand?: string | readonly Expand[]
  /** Groups and computes; only `orderby` and `top` can be given with it. Rows leave nulls out. */
  readonly apply?: string | Apply
  /** At most this many rows, 1 to 5000, in one page. */
  readonly top?: number
  /** Asks for the number of matching rows, which the service counts up to 5000. */
  readonly count?: boolean
}

/** A column to order by, ascending unless told otherwise. */
export interface Order {
  readonly column: string
  readonly descending?: boolean
}

/** Rows to read along, through a lookup or from a related table. */
export interface Expand {
  /** The navigation property, in the service's own case. */
  readonly property: string
  readonly select?: string | readonly string[]
  /** For related tables only, as `orderby` and `top` are. */
  readonly filter?: string | Filter
  readonly orderby?: string | readonly Order[]
  readonly top?: number
  readonly expand?: readonly Expand[]
}

export const LARGEST_PAGE = 5000
const MOST_EXPANDS = 15
const SHARED_OPTIONS = ['select', 'filter', 'orderby', 'expand', 'top']
const QUERY_OPTIONS = [...SHARED_OPTIONS, 'apply', 'count']
const EXPAND_OPTIONS = [...SHARED_OPTIONS, 'property']

/** Writes a query as the search part of an address. @throws DataverseError `invalid_argument` */
export function formatQuery(query: Query | string): string {
  if (typeof query === 'string') return plainText(query)
  refuseOthers(query, QUERY_OPTIONS)
  const parts = [...sharedParts(query)]
  if (query.apply !== undefined) parts.unshift(['$apply', applyText(query)])
  if (query.expand !== undefined) parts.push(['$expand', expands(query.expand)])
  if (query.count === true) parts.push(['$count', 'true'])
  return parts.map(([name, text]) => `${name}=${encode(text)}`).join('&')
}

function applyText({ apply = '', select, filter, expand, count }: Query): string {
  if ([select, filter, expand, count].every((option) => option === undefined)) {
    return typeof apply === 'string' ? apply : formatApply(apply)
  }
  throw invalidArgument(
    'apply',
    'groups have no columns to select or expand, and nothing to filter or count',
    'Give the filter within apply, and leave select, expand and count out.',
  )
}

/** Tells whether a query limits its rows by `$top`, with which no page size may be asked for. */
export function hasTop(query: Query | string): boolean {
  return typeof query === 'string'
    ? new URLSearchParams(plainText(query)).has('$top')
    : query.top !== undefined
}

type Part = readonly [name: string, text: string]
type Options = Pick<Query, 'filter' | 'orderby' | 'select' | 'top'>

function* sharedParts({ select, filter, orderby, top }: Options): Generator<Part> {
  if (select !== undefined && select.length > 0) yield ['$select', columns(select)]
  if (filter !== undefined) {
    yield [
      '$filter',
      formatFilter(typeof filter === 'string' ? { kind: 'text', text: filter } : filter),
    ]
  }
  if (orderby !== undefined && orderby.length > 0) yield ['$orderby', order(orderby)]
  if (top !== undefined) yield ['$top', wholeNumber(top, 'top')]
}

/** Checks a number of rows. @throws DataverseError `invalid_argument` */
export function wholeNumber(value: number, field: string): string {
  if (Number.isInteger(value) && value >= 1 && value <= LARGEST_PAGE) return String(value)
  throw invalidArgument(
    field,
    `it is not a whole number from 1 to ${LARGEST_PAGE}`,
    `Give a number from 1 to ${LARGEST_PAGE}; more rows come as further pages.`,
  )
}

function columns(select: string | readonly string[]): string {
  const names = typeof select === 'string' ? select.split(',') : select
  return [...new Set(names.map((name) => propertyName(name.trim(), 'select')))].join(',')
}

function order(orderby: string | readonly Order[]): string {
  if (typeof orderby === 'string') return orderby
  return orderby
    .map(({ column, descending }) => `${columnPath(column)}${descending === true ? ' desc' : ''}`)
    .join(',')
}

function expands(expand: string | readonly Expand[]): string {
  if (typeof expand === 'string') return expand
  if (countExpands(expand) > MOST_EXPANDS) {
    throw invalidArgument(
      'expand',
      `Dataverse expands at most ${MOST_EXPANDS} times in one query`,
      'Expand fewer, and read the others on their own.',
    )
  }
  return expand.map((each) => expandText(each)).join(',')
}

function countExpands(expand: readonly Expand[]): number {
  return expand.reduce((sum, { expand: nested = [] }) => sum + 1 + countExpands(nested), 0)
}

function expandText(expand: Expand, depth = 1): string {
  refuseOthers(expand, EXPAND_OPTIONS)
  if (depth > 1) checkNested(expand)
  const parts = [...sharedParts(expand)]
  if (expand.expand !== undefined && expand.expand.length > 0) {
    parts.push(['$expand', expand.expand.map((each) => expandText(each, depth + 1)).join(',')])
  }
  const property = propertyName(expand.property, 'expand')
  if (parts.length === 0) return property
  return `${property}(${parts.map(([name, text]) => `${name}=${text}`).join(';')})`
}

// https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/join-tables
function checkNested({ property, orderby, top }: Expand): void {
  if (orderby === undefined && top === undefined) return
  throw invalidArgument(
    `expand.${property}`,
    'within another expand Dataverse neither orders related rows nor limits their number',
    'Leave orderby and top out, or read these rows with a query of their own.',
  )
}

// An option that is passed over in silence would read rows that nobody asked for.
function refuseOthers(options: object, known: readonly string[]): void {
  const other = Object.keys(options).find((name) => !known.includes(name))
  if (other === undefined) return
  const near = nearNames(other.replace(/^\$/, ''), known)
  throw invalidArgument(
    other.slice(0, 100),
    'it is no option of a query',
    near.length > 0 ? `Did you mean ${near.join(' or ')}?` : `Give ${known.join(', ')}.`,
  )
}

// Characters that need no escape in a query stay readable; the address may be only so long.
function encode(text: string): string {
  if (!text.isWellFormed()) {
    throw invalidArgument('query', 'it holds half a character', 'Use whole Unicode characters.')
  }
  return encodeURIComponent(text).replace(/%(2C|2F|3A|24)/g, decodeURIComponent)
}

function plainText(query: string): string {
  const text = query.trim().replace(/^\?/, '')
  if (!text.includes('#') && text.isWellFormed()) {
    const filter = new URLSearchParams(text).get('$filter')
    if (filter !== null) parseFilter(filter)
    return text
  }
  throw invalidArgument(
    'query',
    'it holds a # that is not encoded, or half a character',
    'Encode # as %23 in a query that is written as plain text.',
  )
}
