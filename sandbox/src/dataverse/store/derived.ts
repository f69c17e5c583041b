import type { Column, Table } from '../schema/model.ts'
import type { Value } from './rows.ts'

/** Reads a column's value by logical name, as it will be after the write. */
type Read = (name: string) => Value

/** Works out the columns that the service computes of others: names, addresses, base amounts. */
export function deriveColumns(table: Table, read: Read): Map<Column, Value> {
  const derived = new Map<Column, Value>()
  const put = (name: string, value: Value): void => {
    const column = table.byName.get(name)
    if (column) derived.set(column, value)
  }
  if (table.byName.has('fullname') && table.byName.has('lastname')) {
    put('fullname', joinText([read('firstname'), read('middlename'), read('lastname')], ' '))
  }
  for (const number of [1, 2, 3]) {
    const prefix = `address${number}_`
    if (table.byName.has(`${prefix}composite`)) put(`${prefix}composite`, address(prefix, read))
  }
  const rate = read('exchangerate')
  for (const column of table.columns) {
    if (column.type !== 'Money' || !column.name.endsWith('_base')) continue
    const amount = read(column.name.slice(0, -'_base'.length))
    put(column.name, typeof amount === 'number' ? round(amount / divisor(rate), 4) : null)
  }
  return derived
}

/** Rounds half away from zero to that many digits. */
export function round(value: number, digits: number): number {
  const factor = 10 ** digits
  return (Math.sign(value) * Math.round(Math.abs(value) * factor + 1e-9)) / factor
}

function divisor(rate: Value): number {
  return typeof rate === 'number' && rate > 0 ? rate : 1
}

function address(prefix: string, read: Read): string | null {
  const part = (name: string): Value => read(prefix + name)
  const region = joinText([part('stateorprovince'), part('postalcode')], ' ')
  return joinText(
    [
      part('line1'),
      part('line2'),
      part('line3'),
      joinText([part('city'), region], ', '),
      part('country'),
    ],
    '\r\n',
  )
}

function joinText(parts: readonly Value[], separator: string): string | null {
  const present = parts.filter((part) => typeof part === 'string' && part !== '')
  return present.length === 0 ? null : present.join(separator)
}
