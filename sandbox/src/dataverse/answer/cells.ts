import { type Column, isWriteOnly } from '../schema/model.ts'
import type { Database } from '../store/database.ts'
import type { Rows } from '../store/rows.ts'
import { formatterOf } from './formatted.ts'
import { timeWriter } from './times.ts'

/** What values are written with. */
export interface Writing {
  readonly database: Database
  /** Address of the service, `/api/data/v9.2` included, without slash at the end. */
  readonly base: string
  readonly wants: (annotation: string) => boolean
  readonly timeZone: string
}

export const FORMATTED = 'OData.Community.Display.V1.FormattedValue'
const NAVIGATION = 'Microsoft.Dynamics.CRM.associatednavigationproperty'
const TABLE = 'Microsoft.Dynamics.CRM.lookuplogicalname'

/** Writes `"name":value` of a row, its annotations before it. */
export type CellWriter = (slot: number) => string

/** Makes the writer of one column, with everything that does not depend on the row worked out. */
export function cellWriter(
  writing: Writing,
  rows: Rows,
  column: Column,
  property: string = column.property,
): CellWriter {
  const value = valueWriter(rows, column)
  const name = `${JSON.stringify(property)}:`
  const notes = annotations(writing, rows, column, property)
  if (notes.length === 0) return (slot) => name + value(slot)
  return (slot) => {
    if (rows.raw(slot, column) === null) return `${name}null`
    let text = ''
    for (const note of notes) text += note(slot)
    return text + name + value(slot)
  }
}

/** Writes a value as JSON. */
export function valueWriter(rows: Rows, column: Column): (slot: number) => string {
  if (isWriteOnly(column)) return () => 'null'
  if (column.storage === 'number') {
    const write = numberWriter(column)
    const read = rows.numbersOf(column)
    return (slot) => {
      const value = read(slot)
      return value === null ? 'null' : write(value)
    }
  }
  const read = rows.textsOf(column)
  // An id holds nothing that JSON would escape.
  const write = column.edm === 'Edm.Guid' ? (text: string) => `"${text}"` : JSON.stringify
  return (slot) => {
    const text = read(slot)
    return text === null ? 'null' : write(text)
  }
}

/** Writes a stored number as the column's type wants it. */
export function numberWriter(column: Column): (value: number) => string {
  switch (column.edm) {
    case 'Edm.Boolean':
      return (value) => (value === 1 ? 'true' : 'false')
    case 'Edm.DateTimeOffset':
      return timeWriter()
    case 'Edm.Date':
      return (value) => `"${new Date(value).toISOString().slice(0, 10)}"`
    default:
      return column.type === 'Money' ? moneyText : String
  }
}

function moneyText(value: number): string {
  return Number.isInteger(value) ? `${value}.0000` : value.toFixed(4)
}

function annotations(writing: Writing, rows: Rows, column: Column, property: string): CellWriter[] {
  const notes: CellWriter[] = []
  const formatter = writing.wants(FORMATTED)
    ? formatterOf(writing.database, rows, column, writing.timeZone)
    : undefined
  if (formatter) {
    notes.push((slot) => {
      const text = formatter(slot)
      return text === undefined ? '' : `"${property}@${FORMATTED}":${JSON.stringify(text)},`
    })
  }
  if (column.storage !== 'reference') return notes
  if (writing.wants(NAVIGATION)) {
    const names = navigationNames(rows, column)
    notes.push((slot) => {
      const name = names.get(rows.target(slot, column)) ?? names.get('owner')
      return name === undefined ? '' : `"${property}@${NAVIGATION}":"${name}",`
    })
  }
  if (writing.wants(TABLE)) {
    notes.push((slot) => `"${property}@${TABLE}":"${rows.target(slot, column)}",`)
  }
  return notes
}

/** For each table a lookup can lead to, the navigation property that leads there. */
function navigationNames(rows: Rows, column: Column): Map<string, string> {
  const names = new Map<string, string>()
  for (const single of rows.table.singles.values()) {
    if (single.column === column) names.set(single.target, single.name)
  }
  return names
}
