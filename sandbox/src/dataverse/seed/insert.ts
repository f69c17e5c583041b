import type { Column, Table } from '../schema/model.ts'
import type { Database } from '../store/database.ts'
import { type Derive, derivationOf } from '../store/derived.ts'
import type { Reference, Rows, Value } from '../store/rows.ts'

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

interface Plan {
  readonly rows: Rows
  readonly defaults: ReadonlyMap<Column, Value>
  readonly derive: Derive
}

/** Makes the function that fills in what every row has: dates, authors, state, version. */
export function createInsert(database: Database): Insert {
  const plans = new Map<string, Plan>()
  const planOf = (name: string): Plan => {
    const known = plans.get(name)
    if (known) return known
    const rows = database.rows(name)
    const { table } = rows
    const plan = { rows, defaults: initial(table), derive: derivationOf(table) }
    plans.set(name, plan)
    return plan
  }
  return (name, values, { by, id = database.newId(), created = BIRTHDAY, modified = created }) => {
    const { rows, defaults, derive } = planOf(name)
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
