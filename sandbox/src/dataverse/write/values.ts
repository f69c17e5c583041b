import { readCalendarText } from '../calendar-text.ts'
import { badPayload, Fault, notSupported } from '../fault.ts'
import { asGuid } from '../query/operands.ts'
import type { Column, Table } from '../schema/model.ts'
import { round } from '../store/derived.ts'
import type { Value } from '../store/rows.ts'

const INT32 = 2 ** 31
const EARLIEST = Date.UTC(1753, 0, 1)

/**
 * Reads a JSON value as a column's value.
 * @throws Fault with the code of what is wrong: type, length, range, choice
 */
export function readValue(table: Table, column: Column, value: unknown): Value {
  if (value === null || value === undefined) return null
  switch (column.edm) {
    case 'Edm.String':
      if (column.type === 'MultiSelectPicklist') return readChoices(table, column, value)
      return readText(table, column, value)
    case 'Edm.Guid':
      return (typeof value === 'string' && asGuid(value)) || wrongType(table, column, value)
    case 'Edm.Boolean':
      if (typeof value !== 'boolean') return wrongType(table, column, value)
      return value ? 1 : 0
    case 'Edm.DateTimeOffset':
    case 'Edm.Date':
      return readTime(table, column, value)
    case 'Edm.Int32':
    case 'Edm.Int64':
      return readInteger(table, column, value)
    case 'Edm.Decimal':
    case 'Edm.Double':
      return readDecimal(table, column, value)
    default:
      throw notSupported(`writing the column '${column.name}' of the type ${column.type}`)
  }
}

function readText(table: Table, column: Column, value: unknown): Value {
  if (typeof value !== 'string') return wrongType(table, column, value)
  if (column.maxLength !== undefined && value.length > column.maxLength) {
    throw new Fault(
      400,
      '0x80044331',
      `A validation error occurred.  The length of the '${column.name}' attribute of the '${table.name}' entity exceeded the maximum allowed length of '${column.maxLength}'.`,
    )
  }
  // The database keeps no empty text.
  return value === '' ? null : value
}

/** Several choices are one text: their numbers, a comma between. */
function readChoices(table: Table, column: Column, value: unknown): Value {
  if (value === '') return null
  if (typeof value !== 'string') return wrongType(table, column, value)
  const known = new Set(column.choices.map((choice) => String(choice.value)))
  if (value.split(',').every((number) => known.has(number))) return value
  throw outOfChoices()
}

function outOfChoices(): Fault {
  return new Fault(400, '0x8004431a', 'The picklist value is out of the range.')
}

/** Whole numbers may be quoted, as the documents' own example does. */
function readInteger(table: Table, column: Column, value: unknown): Value {
  const quoted = typeof value === 'string' && /^-?\d+$/.test(value)
  const number = quoted && column.edm === 'Edm.Int32' ? Number(value) : value
  if (quoted && column.edm === 'Edm.Int64') throw conflicting(table, column)
  if (typeof number !== 'number' || !Number.isInteger(number))
    return wrongType(table, column, value)
  if (column.edm === 'Edm.Int32' && Math.abs(number) > INT32) return wrongType(table, column, value)
  const isChoice = ['Picklist', 'State', 'Status'].includes(column.type)
  if (
    isChoice &&
    column.choices.length > 0 &&
    !column.choices.some((choice) => choice.value === number)
  ) {
    throw outOfChoices()
  }
  if (!inRange(column, number)) {
    throw new Fault(
      400,
      '0x8004432f',
      'A validation error occurred. An integer provided is outside of the allowed values for this attribute.',
    )
  }
  return number
}

function readDecimal(table: Table, column: Column, value: unknown): Value {
  if (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value)) throw conflicting(table, column)
  if (typeof value !== 'number' || !Number.isFinite(value)) return wrongType(table, column, value)
  if (!inRange(column, value)) {
    throw new Fault(
      400,
      '0x80044330',
      'A validation error occurred. A decimal value provided is outside of the allowed values for this attribute.',
    )
  }
  return column.precision === undefined ? value : round(value, column.precision)
}

function readTime(table: Table, column: Column, value: unknown): Value {
  const time = typeof value === 'string' ? readCalendarText(value) : undefined
  if (time === undefined) return wrongType(table, column, value)
  if (column.edm === 'Edm.Date' && String(value).length !== 10)
    return wrongType(table, column, value)
  if (time < EARLIEST) {
    throw new Fault(
      400,
      '0x80040239',
      'The date-time format is invalid, or value is outside the supported range.',
    )
  }
  return Math.floor(time / 1000) * 1000
}

function inRange(column: Column, value: number): boolean {
  return value >= (column.min ?? -Infinity) && value <= (column.max ?? Infinity)
}

function wrongType(table: Table, column: Column, value: unknown): never {
  const literal = typeof value === 'object' ? JSON.stringify(value) : String(value)
  throw badPayload(
    table.set,
    `Microsoft.OData.ODataException: Cannot convert the literal '${literal}' to the expected type '${column.edm}'.`,
  )
}

function conflicting(table: Table, column: Column): Fault {
  return badPayload(
    table.set,
    `Microsoft.OData.ODataException: Cannot convert a value to target type '${column.edm}' because of conflict between input format string/number and parameter 'IEEE754Compatible' false/true.`,
  )
}
