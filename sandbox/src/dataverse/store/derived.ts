import type { Column, Table } from '../schema/model.ts'
import type { Value } from './rows.ts'

/** Reads a column's value by logical name, as it will be after the write. */
type Read = (name: string) => Value

/** Works out a table's computed columns of the others. */
export type Derive = (read: Read) => Map<Column, Value>

/** Finds the columns that the service computes of others: names, addresses, base amounts. */
export function derivationOf(table: Table): Derive {
  const rules: { column: Column; value: (read: Read) => Value }[] = []
  const fullname = table.byName.get('fullname')
  if (fullname && table.byName.has('lastname')) {
    const parts = ['firstname', 'middlename', 'lastname']
    rules.push({ column: fullname, value: (read) => joinText(parts.map(read), ' ') })
  }
  for (const column of table.columns) {
    const prefix = /^(address\d_)composite$/.exec(column.name)?.[1]
    if (prefix) rules.push({ column, value: address(prefix) })
    if (column.type !== 'Money' || !column.name.endsWith('_base')) continue
    const amount = column.name.slice(0, -'_base'.length)
    rules.push({ column, value: (read) => inBase(read(amount), read('exchangerate')) })
  }
  return (read) => new Map(rules.map(({ column, value }) => [column, value(read)]))
}

function inBase(amount: Value, rate: Value): Value {
  return typeof amount === 'number' ? round(amount / divisor(rate), 4) : null
}

/** Rounds half away from zero to that many digits. */
export function round(value: number, digits: number): number {
  const factor = 10 ** digits
  return (Math.sign(value) * Math.round(Math.abs(value) * factor + 1e-9)) / factor
}

function divisor(rate: Value): number {
  return typeof rate === 'number' && rate > 0 ? rate : 1
}

function address(prefix: string): (read: Read) => Value {
  const lines = [`${prefix}line1`, `${prefix}line2`, `${prefix}line3`]
  const region = [`${prefix}stateorprovince`, `${prefix}postalcode`]
  const city = `${prefix}city`
  const country = `${prefix}country`
  return (read) => {
    const town = joinText([read(city), joinText(region.map(read), ' ')], ', ')
    return joinText([...lines.map(read), town, read(country)], '\r\n')
  }
}

function joinText(parts: readonly Value[], separator: string): string | null {
  const present = parts.filter((part) => typeof part === 'string' && part !== '')
  return present.length === 0 ? null : present.join(separator)
}
