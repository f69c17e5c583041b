import { Fault } from '../fault.ts'
import type { Request } from '../request.ts'
import type { Collection, Column } from '../schema/model.ts'
import { tieSlot } from '../store/related.ts'
import type { Reference, Value } from '../store/rows.ts'
import { complete } from './completion.ts'

/**
 * Ties a row to another by a collection: points its lookup there, or adds a row to the table between.
 * @throws Fault 404 when there is no such row, 412 when a many-to-many tie is there already
 */
export function tie(
  request: Request,
  collection: Collection,
  child: Reference,
  parent: Reference | null,
): void {
  const rows = request.database.rows(collection.table)
  const slot = rows.slotOf(child.id)
  if (slot === undefined || child.table !== collection.table) {
    throw new Fault(404, '0x80040217', `${collection.table} With Id = ${child.id} Does Not Exist`)
  }
  if (collection.through) {
    if (parent) insertBetween(request, collection, child, parent)
    return
  }
  const values = new Map<Column, Value>([[collection.column, parent]])
  complete(request, rows.table, values, slot)
  rows.update(slot, values)
}

/** Removes a row of the table between; one that is not there is no matter. */
export function untie(
  request: Request,
  collection: Collection,
  child: Reference,
  parent: string,
): void {
  const slot = tieSlot(request.database, collection, parent, child.id)
  if (slot === undefined || !collection.through) return
  request.database.remove(collection.through.table, slot)
}

function insertBetween(
  request: Request,
  collection: Collection,
  child: Reference,
  parent: Reference,
): void {
  if (!collection.through) return
  if (tieSlot(request.database, collection, parent.id, child.id) !== undefined) {
    throw new Fault(412, '0x80040237', 'Cannot insert duplicate key.')
  }
  const between = request.database.rows(collection.through.table)
  const values = new Map<Column, Value>([
    [collection.column, parent.id],
    [collection.through.there, child.id],
  ])
  complete(request, between.table, values, undefined)
  between.insert(request.database.newId(), values)
}
