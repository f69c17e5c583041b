import type { Answer } from '../../exchange.ts'
import { checkReach } from '../access/reach.ts'
import { Fault, notSupported } from '../fault.ts'
import { runPlugins } from '../plugins/run.ts'
import { noContent, type Request } from '../request.ts'
import type { Collection, Column, Table } from '../schema/model.ts'
import type { Reference, Value } from '../store/rows.ts'
import { complete } from './completion.ts'
import { refuseMessage } from './messages.ts'
import { checkMatch } from './upsert.ts'

/** What the organization cannot be without; the service has rules of its own for each. */
const KEPT = new Set(['systemuser', 'team', 'businessunit', 'organization', 'role'])

const NO_VALUES: ReadonlyMap<Column, Value> = new Map()

/** Answers a DELETE of a row. */
export function deleteRow(request: Request, table: Table, slot: number): Answer {
  checkReach(request.database, request.caller, 'Delete', table, slot)
  refuseMessage(table, 'Delete')
  checkMatch(request, table, slot)
  if (KEPT.has(table.name)) throw notSupported(`deleting rows of the table ${table.name}`)
  runPlugins(request, 'Delete', table)
  removeRow(request, { table: table.name, id: request.database.rows(table).idOf(slot) })
  return noContent(request)
}

/**
 * Deletes a row, with what its relationships say follows: rows go too, or lose their link.
 * @throws Fault 405 when a row anywhere below still needs what would go; then nothing is deleted
 */
export function removeRow(request: Request, row: Reference): void {
  const doomed = new Map<string, Reference>()
  collect(request, row, doomed)
  for (const { table, id } of doomed.values()) {
    const rows = request.database.rows(table)
    const slot = rows.slotOf(id)
    if (slot !== undefined) {
      request.outbox.announce(request, {
        message: 'Delete',
        table: rows.table,
        id,
        given: NO_VALUES,
        written: NO_VALUES,
      })
      request.database.remove(table, slot)
    }
    for (const way of rows.table.collections.values()) release(request, way, id)
  }
}

/** Finds all rows that a deletion takes along. */
function collect(request: Request, row: Reference, doomed: Map<string, Reference>): void {
  const place = `${row.table} ${row.id}`
  if (doomed.has(place)) return
  doomed.set(place, row)
  const { database } = request
  const restricting: Reference[] = []
  for (const way of database.rows(row.table).table.collections.values()) {
    const rule = way.relation?.onDelete
    if (way.through || (rule !== 'Cascade' && rule !== 'Restrict')) continue
    if (database.sizeOf(way.table) === 0) continue
    const rows = database.rows(way.table)
    for (const slot of rows.related(way.column, row.id)) {
      const child = { table: way.table, id: rows.idOf(slot) }
      if (rule === 'Cascade') collect(request, realRow(request, child), doomed)
      else restricting.push(child)
    }
  }
  const left = restricting.some(({ table, id }) => !doomed.has(`${table} ${id}`))
  if (left) {
    throw new Fault(
      405,
      '0x80040227',
      'The object you tried to delete is associated with another object and cannot be deleted.',
    )
  }
}

/** A row of activitypointer is the copy of an activity, which is what is deleted. */
function realRow({ database }: Request, row: Reference): Reference {
  if (row.table !== 'activitypointer') return row
  for (const table of database.schema.tables.values()) {
    if (table.base !== 'activitypointer' || database.sizeOf(table.name) === 0) continue
    if (database.rows(table).slotOf(row.id) !== undefined) return { table: table.name, id: row.id }
  }
  return row
}

/** Takes the links to a row that is gone away from those that stay. */
function release(request: Request, way: Collection, id: string): void {
  const { database } = request
  const between = way.through?.table ?? way.table
  if (database.sizeOf(between) === 0) return
  const rows = database.rows(between)
  // The copies of activities follow the activities themselves.
  if (between === 'activitypointer') return
  for (const slot of rows.related(way.column, id)) {
    if (way.through) database.remove(between, slot)
    else unlink(request, rows.table, slot, way.column)
  }
}

function unlink(request: Request, table: Table, slot: number, column: Column): void {
  const values = new Map<Column, Value>([[column, null]])
  complete(request, table, values, slot)
  request.database.rows(table).update(slot, values)
}
