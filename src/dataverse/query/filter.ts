import type { Literal } from './literal.ts'
import type {
  QueryFunctionName,
  QueryFunctionValue,
  QueryFunctionValues,
} from './query-functions.ts'

/** How two values are compared. */
export type Comparison = 'eq' | 'ge' | 'gt' | 'le' | 'lt' | 'ne'

/** How a text is searched. */
export type TextSearch = 'contains' | 'endswith' | 'startswith'

/**
 * A value to compare with. A string is written as a text: give GUIDs, decimals and the like, where
 * they come as strings, through {@link literal}, or let {@link filterFor} write them by the column.
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
      readonly kind: 'columns'
      readonly column: string
      readonly comparison: Comparison
      readonly other: string
    }
  | {
      readonly kind: 'search'
      readonly column: string
      readonly search: TextSearch
      readonly text: string
    }
  | {
      readonly kind: 'function'
      readonly name: string
      readonly column: string
      readonly values: readonly QueryFunctionValue[]
    }
  | {
      readonly kind: 'lambda'
      readonly quantifier: 'all' | 'any'
      readonly collection: string
      readonly filter?: Filter
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
 * @example
 * ```ts
 * import { formatFilter, where } from 'fairlead/dataverse'
 *
 * const filter = where.and(
 *   where.any('Account_Tasks', where.eq('statecode', 0)),
 *   where.query('LastXDays', 'createdon', 7),
 *   where.columns('address1_city', 'ne', 'address2_city'),
 * )
 * console.log(formatFilter(filter))
 * ```
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
  /** Two columns of the same row compare so. */
  columns: (column: string, comparison: Comparison, other: string): Filter => ({
    kind: 'columns',
    column,
    comparison,
    other,
  }),
  /** One of Dataverse's own functions holds for the column; `not` cannot stand before it. */
  query: <Name extends QueryFunctionName>(
    name: Name,
    column: string,
    ...values: QueryFunctionValues[Name]
  ): Filter => ({ kind: 'function', name, column, values }),
  /** A related row meets the condition; without one, there is a related row. */
  any: (collection: string, filter?: Filter): Filter => ({
    kind: 'lambda',
    quantifier: 'any',
    collection,
    ...(filter === undefined ? {} : { filter }),
  }),
  /** Every related row meets the condition, also if there is none. */
  all: (collection: string, filter: Filter): Filter => ({
    kind: 'lambda',
    quantifier: 'all',
    collection,
    filter,
  }),
  and: (...filters: readonly Filter[]): Filter => ({ kind: 'and', filters }),
  or: (...filters: readonly Filter[]): Filter => ({ kind: 'or', filters }),
  not: (filter: Filter): Filter => ({ kind: 'not', filter }),
  /** A condition written by hand; it must be whole, and in words that the service knows. */
  text: (text: string): Filter => ({ kind: 'text', text }),
} as const
