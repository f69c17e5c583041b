import { type Json, toTimestamp } from '../../../kernel/index.ts'
import type { DateBehavior } from '../../metadata/column-type.ts'
import { literal } from '../../query/literal.ts'
import { Refusal, refusing } from './refusal.ts'

const FIRST_YEAR = 1753
const LOCAL = /^\s*\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,7})?)?\s*$/
const OFFSET = /[+-]\d{2}:\d{2}\s*$/

/**
 * Writes a date by what the column means by one: a day that no time zone shifts, the same clock time
 * everywhere, or a moment.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/behavior-format-date-time-attribute
 */
export function encodeDate(value: unknown, behavior: DateBehavior): Json | Refusal {
  const written = BEHAVIORS[behavior](value)
  if (written instanceof Refusal || Number(written.slice(0, 4)) >= FIRST_YEAR) return written
  return new Refusal(
    'it is too early',
    `Dataverse keeps dates from the year ${FIRST_YEAR} on; give a later one.`,
  )
}

const BEHAVIORS: Readonly<Record<DateBehavior, (value: unknown) => string | Refusal>> = {
  dateOnly: (value) => refusing(() => String(literal('date', value))),
  timeZoneIndependent: clockTime,
  userLocal: moment,
}

function moment(value: unknown): string | Refusal {
  if (typeof value === 'number') return timestampNeeded()
  return refusing(() => String(literal('datetime', value)))
}

// The service marks these values with Z, which there means no zone at all.
function clockTime(value: unknown): string | Refusal {
  if (typeof value === 'number') return timestampNeeded()
  if (value instanceof Date && !Number.isNaN(value.getTime())) {
    return moment(toTimestamp(value.getTime()))
  }
  if (typeof value !== 'string') return moment(value)
  if (OFFSET.test(value) && LOCAL.test(value.replace(OFFSET, ''))) {
    return new Refusal(
      'the column keeps a clock time without a zone',
      'Leave the zone out: 2026-01-31T13:45:00.',
    )
  }
  return moment(LOCAL.test(value) ? `${value.trim()}Z` : value)
}

function timestampNeeded(): Refusal {
  return new Refusal('it is a number', 'Give a text such as 2026-01-31T13:45:00Z.')
}
