import { invalidArgument } from '../errors/dataverse-error.ts'
import type { TableDefinition } from '../metadata/table.ts'
import type { Apply } from './apply.ts'
import { checkFilter, checkPath } from './check-filter.ts'
import type { Expand, Query } from './query.ts'
import { columnOf, navigationKindOf } from './table-columns.ts'

/**
 * Checks a query against the table that it asks: the columns that it selects, filters, groups and orders
 * by, and for each expand what the service allows for that kind of relation. Gives the query back.
 *
 * @throws DataverseError `unknown_column`, `invalid_argument`
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/join-tables
 */
export function checkQuery(table: TableDefinition, query: Query): Query {
  const { select = [], filter, orderby = [], expand = [], apply } = query
  const names = typeof select === 'string' ? select.split(',') : select
  for (const name of names) columnOf(table, name.trim())
  if (filter !== undefined) checkFilter(table, filter)
  const named = apply === undefined || typeof apply === 'string' ? NONE : checkApply(table, apply)
  if (typeof orderby !== 'string') {
    for (const { column } of orderby) if (!named.has(column)) checkPath(table, column)
  }
  if (typeof expand !== 'string') for (const each of expand) checkExpand(table, each)
  return query
}

const NONE: ReadonlySet<string> = new Set()

/** Checks what is grouped and computed, and gives the names of what is computed. */
function checkApply(table: TableDefinition, apply: Apply): ReadonlySet<string> {
  const { filter, groupBy = [], aggregate = [] } = apply
  if (filter !== undefined) checkFilter(table, filter)
  for (const path of groupBy) checkPath(table, path)
  for (const one of aggregate) if ('column' in one) checkPath(table, one.column)
  return new Set(aggregate.map(({ as }) => as))
}

function checkExpand(table: TableDefinition, expand: Expand): void {
  const { property, filter, orderby, top } = expand
  const kind = navigationKindOf(table, property)
  const narrowed = filter !== undefined || orderby !== undefined || top !== undefined
  if (kind === 'single' && narrowed) {
    throw invalidArgument(
      `expand.${property}`,
      'a lookup leads to one row, of which only select and expand can be given',
      'Leave filter, orderby and top out.',
    )
  }
  if (kind === 'manyToMany' && (expand.expand?.length ?? 0) > 0) {
    throw invalidArgument(
      `expand.${property}`,
      'Dataverse expands nothing below a many-to-many relation',
      'Read the related rows with a query of their own.',
    )
  }
}
