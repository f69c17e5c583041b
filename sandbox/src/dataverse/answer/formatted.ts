import { titleOf } from '../query/order.ts'
import type { Column } from '../schema/model.ts'
import type { Database } from '../store/database.ts'
import type { Rows } from '../store/rows.ts'

/** Gives the display text of a column's value, or undefined where it has none. */
export type Formatter = (slot: number) => string | undefined

const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/** Makes the formatter of a column; undefined for columns that never have display text. */
export function formatterOf(
  database: Database,
  rows: Rows,
  column: Column,
  timeZone: string,
): Formatter | undefined {
  switch (column.type) {
    case 'Picklist':
    case 'State':
    case 'Status':
    case 'Boolean': {
      const labels = new Map(column.choices.map(({ value, label }) => [value, label]))
      return (slot) => labels.get(rows.number(slot, column) ?? Number.NaN)
    }
    case 'Lookup':
    case 'Customer':
    case 'Owner':
      return (slot) => {
        const reference = rows.reference(slot, column)
        return (reference && titleOf(database, reference)) ?? undefined
      }
    case 'Money':
      return money(database, rows, column)
    case 'Integer':
    case 'BigInt':
      return numbered(rows, column, WHOLE)
    case 'Decimal':
    case 'Double': {
      const digits = column.precision ?? 2
      return numbered(rows, column, new Intl.NumberFormat('en-US', fraction(digits)))
    }
    case 'DateTime':
      return dated(rows, column, timeZone)
    case 'EntityName':
      return (slot) => database.schema.tables.get(rows.text(slot, column) ?? '')?.label
    default:
      return undefined
  }
}

function numbered(rows: Rows, column: Column, format: Intl.NumberFormat): Formatter {
  return (slot) => {
    const value = rows.number(slot, column)
    return value === null ? undefined : format.format(value)
  }
}

function money(database: Database, rows: Rows, column: Column): Formatter {
  const format = new Intl.NumberFormat('en-US', fraction(column.precision ?? 2))
  const currency = rows.table.byName.get('transactioncurrencyid')
  const currencies = database.rows('transactioncurrency')
  const symbol = currencies.table.byName.get('currencysymbol')
  return (slot) => {
    const value = rows.number(slot, column)
    if (value === null) return undefined
    const id = currency && !column.name.endsWith('_base') ? rows.text(slot, currency) : null
    const at = id === null ? undefined : currencies.slotOf(id)
    const sign = at !== undefined && symbol ? (currencies.text(at, symbol) ?? '$') : '$'
    const text = `${sign}${format.format(Math.abs(value))}`
    return value < 0 ? `(${text})` : text
  }
}

function dated(rows: Rows, column: Column, timeZone: string): Formatter {
  const dateOnly = column.edm === 'Edm.Date'
  const date = new Intl.DateTimeFormat('en-US', {
    timeZone: dateOnly ? 'UTC' : timeZone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    ...(dateOnly || column.format === 'DateOnly' ? {} : { hour: 'numeric', minute: '2-digit' }),
  })
  return (slot) => {
    const value = rows.number(slot, column)
    // Node puts a comma after the date and a narrow space before AM and PM.
    return value === null
      ? undefined
      : date.format(value).replace(', ', ' ').replaceAll('\u202f', ' ')
  }
}

function fraction(digits: number): Intl.NumberFormatOptions {
  return { minimumFractionDigits: digits, maximumFractionDigits: digits }
}
