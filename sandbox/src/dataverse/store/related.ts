import type { Collection } from '../schema/model.ts'
import type { Database } from './database.ts'

/** The way from one row to the rows of a collection. */
export type Way = Pick<Collection, 'table' | 'column' | 'through'>

/** Finds the slots of the rows that a row's collection holds, in the order of their ids. */
export function relatedSlots(database: Database, way: Way, id: string): readonly number[] {
  const rows = database.rows(way.table)
  if (!way.through) return rows.related(way.column, id)
  const between = database.rows(way.through.table)
  const { there } = way.through
  const ids = between.related(way.column, id).map((slot) => between.text(slot, there) ?? '')
  return ids
    .toSorted(database.sorting.compare)
    .map((other) => rows.slotOf(other))
    .filter((slot) => slot !== undefined)
}

/** Finds the row of the table between that ties two rows. */
export function tieSlot(
  database: Database,
  way: Way,
  id: string,
  other: string,
): number | undefined {
  if (!way.through) return undefined
  const between = database.rows(way.through.table)
  const { there } = way.through
  return between.related(way.column, id).find((slot) => between.text(slot, there) === other)
}
