import { badQuery } from '../fault.ts'
import type { Column, Table } from '../schema/model.ts'
import type { Database } from '../store/database.ts'
import type { Rows } from '../store/rows.ts'

/** The lookup by which rows of a table stand below each other: the first that leads back to it from a parent. */
export function hierarchyOf(table: Table): Column | undefined {
  return table.columns.find(
    ({ name, storage, targets }) =>
      storage === 'reference' && name.startsWith('parent') && targets.includes(table.name),
  )
}

/**
 * The ids of the rows above or below one.
 * @throws Fault 400 when the column neither is the table's id nor leads back to the table
 */
export function hierarchyIds(
  database: Database,
  column: Column,
  id: string,
  direction: 'above' | 'below',
): ReadonlySet<string> {
  const rows = database.rows(column.table)
  const parent = hierarchyOf(rows.table)
  if (!parent || (column !== rows.table.id && column !== parent)) {
    throw badQuery(
      `The attribute '${column.name}' of '${column.table}' has no hierarchical relationship.`,
    )
  }
  return direction === 'above' ? ancestors(rows, parent, id) : descendants(rows, parent, id)
}

/** Goes up until there is no row above, or a row that was met before. */
function ancestors(rows: Rows, parent: Column, id: string): ReadonlySet<string> {
  const found = new Set<string>()
  for (let slot = rows.slotOf(id); slot !== undefined; ) {
    const above = rows.reference(slot, parent)
    if (above?.table !== rows.table.name || found.has(above.id)) break
    found.add(above.id)
    slot = rows.slotOf(above.id)
  }
  return found
}

function descendants(rows: Rows, parent: Column, id: string): ReadonlySet<string> {
  const found = new Set<string>()
  const waiting = [id]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const slot of rows.related(parent, next)) {
      const below = rows.idOf(slot)
      if (found.has(below)) continue
      found.add(below)
      waiting.push(below)
    }
  }
  return found
}
