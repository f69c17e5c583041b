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
    return amountText(value, sign, format)
  }
}

/** An amount with its sign of currency; negative ones stand in parentheses. */
function amountText(value: number, sign: string, format: Intl.NumberFormat): string {
  const text = `${sign}${format.format(Math.abs(value))}`
  return value < 0 ? `(${text})` : text
}

/** The text of a number that was worked out of a column's values, or of a count where there is no column. */
export function formatAggregate(column: Column | undefined, value: number): string {
  switch (column?.type) {
    case 'Money':
      return amountText(value, '$', new Intl.NumberFormat('en-US', fraction(column.precision ?? 2)))
    case 'Decimal':
    case 'Double':
      return new Intl.NumberFormat('en-US', fraction(column.precision ?? 2)).format(value)
    default:
      return WHOLE.format(value)
  }
}

function dated(rows: Rows, column: Column, timeZone: string): Formatter {
  const format = dateFormat(column, timeZone)
  return (slot) => {
    const value = rows.number(slot, column)
    return value === null ? undefined : format(value)
  }
}

/** Makes the text of a date column's value. */
export function dateFormat(column: Column, timeZone: string): (value: number) => string {
  const dateOnly = column.edm === 'Edm.Date'
  const date = new Intl.DateTimeFormat('en-US', {
    timeZone: dateOnly ? 'UTC' : timeZone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    ...(dateOnly || column.format === 'DateOnly' ? {} : { hour: 'numeric', minute: '2-digit' }),
  })
  // Node puts a comma after the date and a narrow space before AM and PM.
  return (value) => date.format(value).replace(', ', ' ').replaceAll('\u202f', ' ')
}

function fraction(digits: number): Intl.NumberFormatOptions {
  return { minimumFractionDigits: digits, maximumFractionDigits: digits }
}
