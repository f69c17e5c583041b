import { fiscalPeriodLabel, fiscalPeriodOf } from '../query/fiscal.ts'
import { badFetch } from './errors.ts'

/** A part of a date that rows are grouped by: its number, and its text where the two differ. */
export interface DatePart {
  number(time: number): number
  label?(time: number): string
}

const DAY = 86_400_000

const PARTS: Readonly<Record<string, DatePart>> = {
  day: { number: (time) => new Date(time).getUTCDate() },
  week: { number: weekOf },
  month: { number: (time) => new Date(time).getUTCMonth() + 1 },
  quarter: { number: (time) => fiscalPeriodOf(time).period },
  year: { number: (time) => new Date(time).getUTCFullYear() },
  'fiscal-period': {
    number: (time) => fiscalPeriodOf(time).period,
    label: (time) => fiscalPeriodLabel(fiscalPeriodOf(time)),
  },
  'fiscal-year': {
    number: (time) => fiscalPeriodOf(time).year,
    label: (time) => `FY${fiscalPeriodOf(time).year}`,
  },
}

/** @throws Fault 0x80041135 when there is no such part */
export function datePart(name: string): DatePart {
  const part = Object.hasOwn(PARTS, name) ? PARTS[name] : undefined
  if (part) return part
  throw badFetch('0x80041135', 'An invalid value was specified for dategrouping.')
}

/** Weeks begin on Sunday; the first one begins with the year. */
function weekOf(time: number): number {
  const start = Date.UTC(new Date(time).getUTCFullYear(), 0)
  const days = Math.floor((time - start) / DAY)
  return Math.floor((days + new Date(start).getUTCDay()) / 7) + 1
}
