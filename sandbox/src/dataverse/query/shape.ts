import { badQuery, notSupported, unknownProperty } from '../fault.ts'
import type { Collection, Column, Single, Table } from '../schema/model.ts'
import type { Database } from '../store/database.ts'
import { splitNames } from './options.ts'
import { type ExpandItem, parseExpand } from './parse-expand.ts'
import { findProperty, refuseManyToMany, refuseUnserved, targetTable } from './scope.ts'

/** Which columns and related rows a row is written with. */
export interface Shape {
  readonly table: Table
  /** The names of `$select` as they were given; undefined for all columns. */
  readonly named: readonly string[] | undefined
  readonly columns: readonly Column[]
  readonly expansions: readonly Expansion[]
}

export interface Expansion {
  readonly name: string
  readonly way: Single | Collection
  readonly many: boolean
  /** Only the address of the related row. */
  readonly reference: boolean
  readonly shape: Shape
  readonly filter: string | undefined
  readonly orderby: string | undefined
  readonly top: number | undefined
  /** The options as they were written, for the link to the collection. */
  readonly written: readonly string[]
}

const MAX_EXPANSIONS = 15
/** Images are shown only when they are asked for: https://learn.microsoft.com/power-apps/developer/data-platform/image-column-data */
const HIDDEN = new Set(['Virtual', 'PartyList', 'Image'])

/** Works out what is written of a row from `$select` and `$expand`. */
export function shapeOf(
  database: Database,
  table: Table,
  select: string | undefined,
  expand: string | undefined,
): Shape {
  const shape = buildShape(database, table, select, expand)
  if (countExpansions(shape) > MAX_EXPANSIONS) throw tooManyExpansions()
  if (isNested(shape)) refuseInNested(shape)
  refuseMixed(shape)
  return shape
}

/** Whether an expansion holds another one, which changes how collections are paged. */
export function isNested(shape: Shape): boolean {
  return shape.expansions.some((expansion) => expansion.shape.expansions.length > 0)
}

function buildShape(
  database: Database,
  table: Table,
  select: string | undefined,
  expand: string | undefined,
  depth = 0,
): Shape {
  if (depth > MAX_EXPANSIONS) throw tooManyExpansions()
  const expansions = parseExpand(expand).map((item) => buildExpansion(database, table, item, depth))
  const named = select === undefined || select === '*' ? undefined : splitNames(select)
  const references = expansions.filter((expansion) => expansion.reference).map(({ name }) => name)
  return {
    table,
    named: named && references.length > 0 ? [...named, ...references] : named,
    columns: named
      ? selectColumns(database, table, [...named, ...references])
      : table.columns.filter((column) => !HIDDEN.has(column.type)),
    expansions,
  }
}

function buildExpansion(
  database: Database,
  table: Table,
  item: ExpandItem,
  depth: number,
): Expansion {
  const single = table.singles.get(item.name)
  const way = single ?? table.collections.get(item.name)
  if (!way) throw cannotExpand(database, table, item.name)
  if (item.reference && !single) {
    throw badQuery('Expand with $ref is only supported on lookup type navigation property.')
  }
  const { name, reference, filter, orderby, top, written } = item
  const ordered = orderby !== undefined || top !== undefined || filter !== undefined
  const target = 'table' in way ? database.rows(way.table).table : targetTable(database, way)
  if (single && ordered) throw badQuery(ONLY_SELECT)
  const shape = buildShape(database, target, item.select, item.expand, depth + 1)
  return { name, way, many: !single, reference, shape, filter, orderby, top, written }
}

const ONLY_SELECT =
  'Only $select and $filter clause can be provided while doing $expand on many-to-one relationship or nested one-to-many relationship.'

function refuseInNested(shape: Shape): void {
  for (const expansion of shape.expansions) {
    // https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/join-tables#nested-expand-with-nn-relationships
    if ('through' in expansion.way && expansion.way.through) {
      throw badQuery(
        `The navigation property '${expansion.name}' cannot be expanded. Only many-to-one relationships are supported for nested expansion.`,
      )
    }
    if (expansion.orderby !== undefined || expansion.top !== undefined) throw badQuery(ONLY_SELECT)
    refuseInNested(expansion.shape)
  }
}

/** Many-to-many relationships may be expanded beside each other, but neither nested nor with other kinds. */
function refuseMixed(shape: Shape): void {
  const all = everyExpansion(shape)
  const ties = all.filter(({ way }) => 'through' in way && way.through !== undefined)
  if (ties.length === 0 || (ties.length === all.length && !isNested(shape))) return
  throw badQuery(
    'Expanding a many-to-many relationship in or beside another $expand is only supported for many-to-many relationships of the same row.',
  )
}

function everyExpansion(shape: Shape): Expansion[] {
  return shape.expansions.flatMap((expansion) => [expansion, ...everyExpansion(expansion.shape)])
}

function tooManyExpansions(): Error {
  return badQuery(`The number of $expand options exceeds the limit of ${MAX_EXPANSIONS}.`)
}

function countExpansions(shape: Shape): number {
  return shape.expansions.reduce((sum, expansion) => sum + 1 + countExpansions(expansion.shape), 0)
}

function cannotExpand(database: Database, table: Table, name: string): Error {
  refuseManyToMany(database, table, name)
  refuseUnserved(database, table, name)
  if (!table.byProperty.has(name)) return unknownProperty(name, table.name)
  return badQuery(
    `Property '${name}' on type 'Microsoft.Dynamics.CRM.${table.name}' is not a navigation property or complex property. Only navigation properties can be expanded.`,
  )
}

/** The named columns, then those that the service adds to them, the primary key last. */
function selectColumns(database: Database, table: Table, names: readonly string[]): Column[] {
  const columns = new Set<Column>()
  for (const name of names) {
    if (name === '*' || name.includes('/')) throw notSupported(`'${name}' in a $select`)
    const single = table.singles.get(name)
    columns.add(single ? single.column : findProperty(database, table, name))
  }
  const add = (name: string): void => {
    const column = table.byName.get(name)
    if (column) columns.add(column)
  }
  for (const column of [...columns]) {
    if (column.type === 'Money') add('transactioncurrencyid')
    const address = /^(address\d_)(line[123]|city|stateorprovince|postalcode|country)$/.exec(
      column.name,
    )
    if (address) add(`${address[1]}composite`)
  }
  columns.add(table.id)
  return [...columns]
}
