import { badQuery, notSupported, unknownProperty } from '../fault.ts'
import type { Column, Single, Table } from '../schema/model.ts'
import type { Database } from '../store/database.ts'
import type { Reference } from '../store/rows.ts'
import type { List, Operand } from './expression.ts'

/** The rows in hand while a filter is evaluated: the queried one, then one for each lambda. */
export type Frame = number[]

/** One variable that a filter can speak of. */
export interface Binding {
  readonly name: string
  readonly table: Table
  /** Its place in the frame. */
  readonly depth: number
}

/** What a filter needs to know besides its own text. */
export interface Scope {
  readonly database: Database
  readonly aliases: ReadonlyMap<string, Operand | List>
  readonly bindings: readonly [Binding, ...Binding[]]
  readonly caller: { readonly user: Reference; readonly unit: string | null }
  /** Which rows of a table the caller may read; undefined when he may read all. */
  readonly sees: (table: Table) => ((slot: number) => boolean) | undefined
  /** ms since 1970. */
  readonly now: number
}

/** A way to one value of the rows in hand. */
export interface Access {
  readonly column: Column
  /** The slot that holds the column, or undefined where a lookup on the way is empty. */
  slot(frame: Frame): number | undefined
}

/** Finds the column that a path names, through single-valued navigation properties. */
export function resolvePath(scope: Scope, segments: readonly string[]): Access {
  const named = scope.bindings.find((binding) => binding.depth > 0 && binding.name === segments[0])
  const binding = named ?? scope.bindings[0]
  const path = named ? segments.slice(1) : segments
  const last = path.at(-1)
  if (last === undefined) throw badQuery(`The path '${segments.join('/')}' names no property.`)
  const { depth } = binding
  let slot = (frame: Frame): number | undefined => frame[depth]
  let table = binding.table
  for (const segment of path.slice(0, -1)) {
    const single = findSingle(scope.database, table, segment)
    slot = follow(scope.database, table, single, slot)
    table = targetTable(scope.database, single)
  }
  return { column: findProperty(scope.database, table, last), slot }
}

/** Finds the collection that a lambda ranges over, and the row it starts from. */
export function resolveCollection(scope: Scope, segments: readonly string[]) {
  const named = scope.bindings.find((binding) => binding.depth > 0 && binding.name === segments[0])
  const binding = named ?? scope.bindings[0]
  const path = named ? segments.slice(1) : segments
  const name = path[0]
  if (name === undefined || path.length > 1) {
    throw badQuery(
      'Collection-valued navigation properties of related rows cannot be used in a lambda expression.',
    )
  }
  const collection = binding.table.collections.get(name)
  if (!collection) {
    refuseManyToMany(scope.database, binding.table, name)
    throw unknownProperty(name, binding.table.name)
  }
  return { collection, binding }
}

function findSingle(database: Database, table: Table, name: string): Single {
  const single = table.singles.get(name)
  if (single) return single
  refuseUnserved(database, table, name)
  throw unknownProperty(name, table.name)
}

/** Finds a property by its exact name; case counts. */
export function findProperty(database: Database, table: Table, name: string): Column {
  const column = table.byProperty.get(name)
  if (column) return column
  if (table.base === 'principal' && name === 'ownerid') return table.id
  if (table.singles.has(name)) {
    throw notSupported(`the navigation property '${name}' as a value in a filter or order`)
  }
  refuseUnserved(database, table, name)
  throw unknownProperty(name, table.name)
}

/** A lookup to a table that the sandbox has not: it exists, so that calling it unknown would be wrong. */
export function refuseUnserved(database: Database, table: Table, name: string): void {
  const column = table.byName.get(name)
  if (column?.storage !== 'reference') return
  const missing = column.targets.filter((target) => !database.schema.tables.has(target))
  if (missing.length > 0) throw notSupported(`rows of the table ${missing.join(', ')}`)
}

export function refuseManyToMany(database: Database, table: Table, name: string): void {
  const found = database.schema.manyToMany.find((relation) => relation.schemaName === name)
  if (found && (found.first === table.name || found.second === table.name)) {
    throw notSupported(`the many-to-many relationship ${name}`)
  }
}

export function targetTable(database: Database, single: Single): Table {
  const table = database.schema.tables.get(single.target)
  if (!table) throw notSupported(`the navigation property '${single.name}' to ${single.target}`)
  return table
}

function follow(
  database: Database,
  table: Table,
  single: Single,
  from: (frame: Frame) => number | undefined,
): (frame: Frame) => number | undefined {
  const rows = database.rows(table)
  const targets = database.rows(targetTable(database, single))
  return (frame) => {
    const slot = from(frame)
    const reference = slot === undefined ? null : rows.reference(slot, single.column)
    if (reference?.table !== single.target) return undefined
    return targets.slotOf(reference.id)
  }
}
