import { readCalendarText } from '../calendar-text.ts'
import { badQuery } from '../fault.ts'
import type { Column } from '../schema/model.ts'
import type { List, Operand } from './expression.ts'
import { type Frame, resolvePath, type Scope } from './scope.ts'

export type Scalar = string | number | null

/** A typed value that a row, or a literal, gives. */
export interface Source {
  /** Its primitive type; empty for null, which fits every type. */
  readonly edm: string
  readonly column?: Column
  /** Set when it is the same for every row. */
  readonly constant?: Scalar
  get(frame: Frame): Scalar
}

/** Makes a source of an operand of the filter's text. */
export function compileOperand(scope: Scope, operand: Operand): Source {
  switch (operand.kind) {
    case 'path': {
      const { column, slot } = resolvePath(scope, operand.segments)
      const rows = scope.database.rows(column.table)
      return {
        edm: column.edm,
        column,
        get: (frame) => {
          const at = slot(frame)
          return at === undefined ? null : rows.raw(at, column)
        },
      }
    }
    case 'alias': {
      const value = aliased(scope, operand.name)
      if (value.kind === 'list') throw badQuery(`The alias '${operand.name}' holds a list.`)
      return compileOperand(scope, value)
    }
    case 'string':
      return constant('Edm.String', operand.value)
    case 'number':
      return constant(numberType(operand.text), operand.value)
    case 'boolean':
      return constant('Edm.Boolean', operand.value ? 1 : 0)
    case 'null':
      return constant('', null)
    case 'guid':
      return constant('Edm.Guid', operand.value)
    case 'time':
      return constant('Edm.DateTimeOffset', operand.value)
    case 'date':
      return constant('Edm.Date', operand.value)
    case 'enum':
      throw badQuery(`The literal '${operand.type}'${operand.value}'' has no known type.`)
  }
}

/** The value behind an alias; one that the address does not assign is null. */
export function aliased(scope: Scope, name: string): Operand | List {
  return scope.aliases.get(name) ?? { kind: 'null' }
}

function constant(edm: string, value: Scalar): Source {
  return { edm, constant: value, get: () => value }
}

function numberType(text: string): string {
  if (/m$/i.test(text)) return 'Edm.Decimal'
  if (/[.ef]|d$/i.test(text)) return 'Edm.Double'
  return Math.abs(Number.parseInt(text, 10)) > 2_147_483_647 ? 'Edm.Int64' : 'Edm.Int32'
}

const NUMERIC = new Set(['Edm.Int32', 'Edm.Int64', 'Edm.Decimal', 'Edm.Double'])
const CALENDAR = new Set(['Edm.DateTimeOffset', 'Edm.Date'])

/** Whether two primitive types can be compared. */
export function comparable(left: string, right: string): boolean {
  if (left === right || left === '' || right === '') return true
  return (NUMERIC.has(left) && NUMERIC.has(right)) || (CALENDAR.has(left) && CALENDAR.has(right))
}

const GUID = /^\{?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\}?$/i

/** Reads the text of a query function's value as the column's type. */
export function readAs(column: Column, value: string | number | boolean | null): Scalar {
  if (value === null) return null
  if (column.edm === 'Edm.String') return String(value)
  if (column.edm === 'Edm.Guid') {
    const guid = GUID.exec(String(value))?.[1]
    if (!guid) throw badQuery(`The value '${value}' is not a valid Guid for '${column.name}'.`)
    return guid.toLowerCase()
  }
  if (column.edm === 'Edm.Boolean') return /^(true|1)$/i.test(String(value)) ? 1 : 0
  const number = CALENDAR.has(column.edm) ? readCalendarText(String(value)) : Number(value)
  if (number === undefined || Number.isNaN(number) || value === '') {
    throw badQuery(`The value '${value}' is not valid for the attribute '${column.name}'.`)
  }
  return number
}

/** Text that is a GUID, lower case, or undefined. */
export function asGuid(text: string): string | undefined {
  return GUID.exec(text)?.[1]?.toLowerCase()
}
