import type { Table } from '../schema/model.ts'
import type { Database } from '../store/database.ts'

/**
 * Whether a table has a message: what the rows of `sdkmessagefilter` say, for clients and service alike.
 * UpsertMultiple is never announced there; a table has it that has the other two.
 */
export function supports(database: Database, table: Table, message: string): boolean {
  if (message === 'UpsertMultiple') {
    return ['CreateMultiple', 'UpdateMultiple'].every((one) => supports(database, table, one))
  }
  const messages = database.rows('sdkmessage')
  const filters = database.rows('sdkmessagefilter')
  const name = messages.table.byName.get('name')
  const of = filters.table.byName.get('sdkmessageid')
  const type = filters.table.byName.get('primaryobjecttypecode')
  if (!name || !of || !type) return false
  for (const slot of messages.slotsAfter(undefined)) {
    if (messages.text(slot, name) !== message) continue
    const filtered = filters.related(of, messages.idOf(slot))
    if (filtered.some((filter) => filters.text(filter, type) === table.name)) return true
  }
  return false
}
