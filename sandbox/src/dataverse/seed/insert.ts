import type { Column, Table } from '../schema/model.ts'
import type { Database } from '../store/database.ts'
import { derivationOf } from '../store/derived.ts'
import type { Reference, Value } from '../store/rows.ts'

export interface InsertOptions {
  readonly by: Reference
  readonly id?: string
  /** ms since 1970; the organization's birthday when absent. */
  readonly created?: number
  readonly modified?: number
}

/** Inserts one generated row by logical names and gives its reference. */
export type Insert = (
  table: string,
  values: Readonly<Record<string, Value>>,
  options: InsertOptions,
) => Reference

const BIRTHDAY = Date.UTC(2022, 0, 3, 9, 15)

/** Makes the function that fills in what every row has: dates, authors, state, version. */
export function createInsert(database: Database): Insert {
  const tables = [...database.schema.tables.values()]
  const plans = new Map(
    tables.map((table) => [
      table.name,
      { rows: database.rows(table), defaults: initial(table), derive: derivationOf(table) },
    ]),
  )
  return (name, values, { by, id = database.newId(), created = BIRTHDAY, modified = created }) => {
    const plan = plans.get(name)
    if (!plan) throw new Error(`the sandbox has no table '${name}'`)
    const { rows, defaults, derive } = plan
    const { table } = rows
    const row = new Map<Column, Value>()
    const put = (column: string, value: Value): void => {
      const found = table.byName.get(column)
      if (found) row.set(found, value)
    }
    for (const column in values) put(column, values[column] ?? null)
    put('createdon', created)
    put('modifiedon', modified)
    put('createdby', by)
    put('modifiedby', by)
    put('versionnumber', database.nextVersion())
    const read = (column: string): Value => {
      const found = table.byName.get(column)
      return (found && row.get(found)) ?? null
    }
    const derived = derive(read)
    rows.insert(id, defaults, row, derived)
    return { table: name, id }
  }
}

/** The values that choices and yes/no columns have before anyone sets them. */
export function initial(table: Table): Map<Column, Value> {
  const values = new Map<Column, Value>()
  for (const column of table.columns) {
    if (column.type === 'Boolean') values.set(column, 0)
    else if (column.initial !== undefined) values.set(column, column.initial)
  }
  const type = table.byName.get('activitytypecode')
  if (type && table.isActivity) values.set(type, table.name)
  return values
}
