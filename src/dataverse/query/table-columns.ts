import { DataverseError } from '../errors/dataverse-error.ts'
import { type Column, propertyOf } from '../metadata/column.ts'
import type { TableDefinition } from '../metadata/table.ts'
import { nearNames } from '../near-names.ts'

/** Finds a column by its logical name, or by the name that rows have it under. @throws DataverseError `unknown_column` */
export function columnOf(table: TableDefinition, name: string): Column {
  const found = table.columns.find(
    (column) => column.logicalName === name || propertyOf(column) === name,
  )
  if (found !== undefined) return found
  throw unknownName(table, 'column', name, table.columns.map(propertyOf))
}

/** A way from a table to others, and what may be asked of the rows there. */
export type NavigationKind = 'collection' | 'manyToMany' | 'single'

/** Tells what a navigation property leads to. @throws DataverseError `unknown_column` */
export function navigationKindOf(table: TableDefinition, name: string): NavigationKind {
  const singles = table.columns.flatMap(({ navigation = [] }) => navigation)
  if (singles.some(({ property }) => property === name)) return 'single'
  if (table.oneToMany.some(({ property }) => property === name)) return 'collection'
  if (table.manyToMany.some(({ property }) => property === name)) return 'manyToMany'
  const all = [...singles, ...table.oneToMany, ...table.manyToMany]
  throw unknownName(
    table,
    'navigation property',
    name,
    all.map(({ property }) => property),
  )
}

function unknownName(
  table: TableDefinition,
  what: string,
  name: string,
  names: readonly string[],
): DataverseError {
  const near = nearNames(name, new Set(names))
  return new DataverseError('unknown_column', {
    what: `The table ${table.logicalName} has no ${what} “${name.slice(0, 100)}”.`,
    why: 'Names are compared letter by letter, and the case of letters counts.',
    remedy:
      near.length > 0 ? `Did you mean ${near.join(' or ')}?` : 'Look at the table’s definition.',
    facts: { table: table.logicalName, name: name.slice(0, 100), near: [...near] },
  })
}
