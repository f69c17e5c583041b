import { invalidArgument } from '../errors/dataverse-error.ts'
import type { Filter } from './filter.ts'
import { formatFilter } from './format-filter.ts'
import { columnPath, propertyName } from './property-name.ts'

/** How the values of a group become one. */
export type AggregateMethod = 'average' | 'countdistinct' | 'max' | 'min' | 'sum'

/** One value of each group: of a column, or with `count` the number of its rows. */
export type Aggregate =
  | { readonly column: string; readonly with: AggregateMethod; readonly as: string }
  | { readonly count: true; readonly as: string }

/** Groups rows and computes values of each group; without `groupBy` all rows are one group. */
export interface Apply {
  /** Which rows take part. */
  readonly filter?: string | Filter
  /** Columns, those of related rows as `primarycontactid/fullname`; dates cannot be grouped by. */
  readonly groupBy?: readonly string[]
  readonly aggregate?: readonly Aggregate[]
}

/**
 * Writes `$apply`, not yet encoded for an address. @throws DataverseError `invalid_argument`, `invalid_filter`
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/aggregate-data
 */
export function formatApply({ filter, groupBy = [], aggregate = [] }: Apply): string {
  const aggregates = aggregate.length === 0 ? [] : [`aggregate(${aggregateList(aggregate)})`]
  const grouped = [`(${groupBy.map(columnPath).join(',')})`, ...aggregates]
  const steps = groupBy.length === 0 ? aggregates : [`groupby(${grouped.join(',')})`]
  const [step] = steps
  if (step === undefined) {
    throw invalidArgument('apply', 'it neither groups nor computes', 'Give groupBy or aggregate.')
  }
  if (filter === undefined) return step
  const condition = typeof filter === 'string' ? { kind: 'text' as const, text: filter } : filter
  return `filter(${formatFilter(condition)})/${step}`
}

function aggregateList(aggregates: readonly Aggregate[]): string {
  const names = aggregates.map(({ as }) => propertyName(as, 'as'))
  if (new Set(names).size < names.length) {
    throw invalidArgument('apply', 'two values have the same name', 'Give each its own name.')
  }
  return aggregates
    .map((one) =>
      'count' in one
        ? `$count as ${one.as}`
        : `${columnPath(one.column)} with ${one.with} as ${one.as}`,
    )
    .join(',')
}
