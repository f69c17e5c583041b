import type { Answer } from '../../exchange.ts'
import { checkRight } from '../access/membership.ts'
import { notSupported } from '../fault.ts'
import { noContent, type Request } from '../request.ts'
import type { Column, Table } from '../schema/model.ts'
import type { Value } from '../store/rows.ts'
import { complete } from './completion.ts'
import { checkMatch } from './upsert.ts'

/** Lookups whose rows go with the row they belong to; all others only lose the link. */
const PARENTAL = new Set([
  'contact.parentcustomerid',
  'opportunity.customerid',
  'lead.customerid',
  'task.regardingobjectid',
  'annotation.objectid',
])

/** Answers a DELETE of a row. */
export function deleteRow(request: Request, table: Table, slot: number): Answer {
  checkRight(request.caller, 'Delete', table)
  checkMatch(request, table, slot)
  if (table.ownership !== 'UserOwned')
    throw notSupported(`deleting rows of the table ${table.name}`)
  remove(request, table, request.database.rows(table).idOf(slot))
  return noContent(request)
}

function remove(request: Request, table: Table, id: string): void {
  const rows = request.database.rows(table)
  const slot = rows.slotOf(id)
  if (slot === undefined) return
  rows.remove(slot)
  for (const { table: name, column } of table.collections.values()) {
    const children = request.database.rows(name)
    for (const child of children.related(column, id)) {
      if (PARENTAL.has(`${name}.${column.name}`))
        remove(request, children.table, children.idOf(child))
      else unlink(request, children.table, child, column)
    }
  }
}

function unlink(request: Request, table: Table, slot: number, column: Column): void {
  const values = new Map<Column, Value>([[column, null]])
  complete(request, table, values, slot)
  request.database.rows(table).update(slot, values)
}
