import type { Column } from '../schema/model.ts'
import type { SavedContents } from './contents.ts'
import type { Database } from './database.ts'
import type { Grave } from './graveyard.ts'
import type { Rows, Value } from './rows.ts'

/** The rows of a table at one moment: ids, and the values of each column in the same order. */
interface SavedRows {
  readonly ids: readonly string[]
  readonly columns: ReadonlyMap<Column, readonly Value[]>
}

/** All rows of an organization at one moment. */
export interface Snapshot {
  readonly tables: ReadonlyMap<string, SavedRows>
  readonly graves: ReadonlyMap<string, Grave>
  readonly contents: SavedContents
  /** How many rows it holds. */
  readonly size: number
}

const NONE: SavedRows = { ids: [], columns: new Map() }

/** Saves all rows, and which are known to be deleted. */
export function saveRows(database: Database): Snapshot {
  const tables = new Map<string, SavedRows>()
  let size = 0
  for (const rows of database.used()) {
    const saved = saveTable(rows)
    tables.set(rows.table.name, saved)
    size += saved.ids.length
  }
  return { tables, graves: database.graves(), contents: database.contents.save(), size }
}

/** Lets go of what only this snapshot still holds. */
export function forgetRows(database: Database, { contents }: Snapshot): void {
  database.contents.forget(contents)
}

/** Makes the rows what they were: those that have not changed since stay as they are. */
export function restoreRows(database: Database, { tables, graves, contents }: Snapshot): void {
  for (const rows of database.used()) restoreTable(rows, tables.get(rows.table.name) ?? NONE)
  database.restoreGraves(graves)
  database.contents.restore(contents)
}

function saveTable(rows: Rows): SavedRows {
  const slots = [...rows.slotsAfter(undefined)]
  const columns = new Map<Column, readonly Value[]>()
  for (const column of rows.table.columns) {
    const values = slots.map((slot) => rows.value(slot, column))
    if (values.some((value) => value !== null)) columns.set(column, values)
  }
  return { ids: slots.map((slot) => rows.idOf(slot)), columns }
}

function restoreTable(rows: Rows, { ids, columns }: SavedRows): void {
  const version = rows.table.byName.get('versionnumber')
  const versions = version && columns.get(version)
  const kept = new Set<string>()
  for (const [index, id] of ids.entries()) {
    const slot = rows.slotOf(id)
    if (slot === undefined || !version || !versions) continue
    if (rows.number(slot, version) === versions[index]) kept.add(id)
  }
  // From the end on, and all before the first is put back: two rows may have changed their keys.
  for (const slot of [...rows.slotsAfter(undefined)].reverse()) {
    if (!kept.has(rows.idOf(slot))) rows.remove(slot)
  }
  const known = [...columns].filter(([column]) => rows.table.columns.includes(column))
  for (const [index, id] of ids.entries()) {
    if (kept.has(id)) continue
    rows.insert(id, new Map(known.map(([column, values]) => [column, values[index] ?? null])))
  }
}
