import { type Aggregated, decimalNumber, decimalText, type Group } from '../query/aggregate.ts'
import type { Frame } from '../query/scope.ts'
import type { Column } from '../schema/model.ts'
import { BodyWriter } from './body-writer.ts'
import { FORMATTED, numberWriter, type Writing } from './cells.ts'
import { dateFormat, formatAggregate } from './formatted.ts'

/** One property of a group: its JSON with annotations, or undefined when it is null and left out. */
export type GroupCell = (group: Group) => string | undefined

/** Writes groups as rows without entity tags. */
export function writeGroups(
  base: string,
  set: string,
  notes: string,
  groups: readonly Group[],
  cells: readonly GroupCell[],
): Buffer {
  const body = new BodyWriter()
  body.write(`{"@odata.context":${JSON.stringify(`${base}/$metadata#${set}`)}${notes},"value":[`)
  for (const [index, group] of groups.entries()) {
    const written = cells.map((cell) => cell(group)).filter((text) => text !== undefined)
    body.write(`${index === 0 ? '' : ','}{${written.join(',')}}`)
  }
  body.write(']}')
  return body.finish()
}

/** Writes a key of a group by the group's sample row. */
export function keyCell(
  write: (slot: number) => string,
  slot: (frame: Frame) => number | undefined,
  isNull: (slot: number) => boolean,
): GroupCell {
  return ({ sample }) => {
    const at = slot(sample)
    return at === undefined || isNull(at) ? undefined : write(at)
  }
}

/** Writes an aggregated value; `column` is what it was worked out of, undefined for a count. */
export function measureCell(
  writing: Writing,
  name: string,
  position: number,
  column: Column | undefined,
): GroupCell {
  const text = column && column.storage === 'number' ? numberWriter(column) : String
  const date = column?.type === 'DateTime' ? dateFormat(column, writing.timeZone) : undefined
  return ({ values }) => {
    const value = values[position] ?? null
    if (value === null) return undefined
    const note = writing.wants(FORMATTED) ? formattedNote(value, column, date) : undefined
    const annotation =
      note === undefined ? '' : `${JSON.stringify(`${name}@${FORMATTED}`)}:${JSON.stringify(note)},`
    return `${annotation}${JSON.stringify(name)}:${valueText(value, text)}`
  }
}

function valueText(value: Exclude<Aggregated, null>, write: (value: number) => string): string {
  if (typeof value === 'bigint') return decimalText(value)
  return typeof value === 'number' ? write(value) : JSON.stringify(value)
}

function formattedNote(
  value: Exclude<Aggregated, null>,
  column: Column | undefined,
  date: ((value: number) => string) | undefined,
): string | undefined {
  if (typeof value === 'string') return undefined
  const number = typeof value === 'bigint' ? decimalNumber(value) : value
  return date ? date(number) : formatAggregate(column, number)
}
