import { Fault } from '../fault.ts'
import { comparisonKey } from '../query/conditions.ts'
import type { Request } from '../request.ts'
import type { Column, Table } from '../schema/model.ts'
import type { Value } from '../store/rows.ts'

/**
 * Refuses a row that another one equals by a rule, where the request asks for that.
 * https://learn.microsoft.com/power-apps/developer/data-platform/optional-parameters
 */
export function refuseDuplicate(
  request: Request,
  table: Table,
  values: ReadonlyMap<Column, Value>,
  slot: number | undefined,
): void {
  if (request.exchange.headers['mscrm.suppressduplicatedetection'] !== 'false') return
  for (const rule of request.duplicateRules) {
    if (rule.table !== table.name) continue
    const columns = rule.columns.flatMap((name) => table.byName.get(name) ?? [])
    if (columns.length < rule.columns.length || !columns.some((column) => values.has(column)))
      continue
    if (hasEqual(request, table, columns, values, slot)) throw duplicate()
  }
}

function hasEqual(
  request: Request,
  table: Table,
  columns: readonly Column[],
  values: ReadonlyMap<Column, Value>,
  slot: number | undefined,
): boolean {
  const rows = request.database.rows(table)
  const wanted = columns.map((column) => {
    const given = values.get(column)
    const value = given === undefined && slot !== undefined ? rows.raw(slot, column) : given
    return comparisonKey(typeof value === 'object' ? (value?.id ?? null) : (value ?? null))
  })
  // What is empty equals nothing.
  if (wanted.includes(null)) return false
  for (const other of rows.slotsAfter(undefined)) {
    if (other === slot) continue
    if (
      columns.every((column, index) => comparisonKey(rows.raw(other, column)) === wanted[index])
    ) {
      return true
    }
  }
  return false
}

function duplicate(): Fault {
  return new Fault(
    412,
    '0x80040333',
    'A record was not created or updated because a duplicate of the current record already exists.',
  )
}
