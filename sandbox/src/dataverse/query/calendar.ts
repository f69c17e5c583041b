import { readCalendarText } from '../calendar-text.ts'
import { badQuery } from '../fault.ts'

/** A span of time in ms since 1970, its end not included. */
export interface Period {
  readonly from: number
  readonly until: number
}

const HOUR = 3_600_000
const DAY = 24 * HOUR
const FOREVER = Number.POSITIVE_INFINITY

/** The span that a date function means at this time; undefined when it is none of these. */
export function periodOf(name: string, now: number, value: () => string): Period | undefined {
  return fixedPeriod(name, now) ?? givenDay(name, value) ?? countedPeriod(name, now, value)
}

function fixedPeriod(name: string, now: number): Period | undefined {
  const today = startOfDay(now)
  switch (name) {
    case 'Today':
      return { from: today, until: today + DAY }
    case 'Yesterday':
      return { from: today - DAY, until: today }
    case 'Tomorrow':
      return { from: today + DAY, until: today + 2 * DAY }
    case 'Last7Days':
      return { from: today - 7 * DAY, until: now + 1 }
    case 'Next7Days':
      return { from: now, until: today + 8 * DAY }
  }
  const match = /^(Last|This|Next)(Week|Month|Year)$/.exec(name)
  if (!match) return undefined
  const shift = match[1] === 'Last' ? -1 : match[1] === 'Next' ? 1 : 0
  if (match[2] === 'Week') {
    const from = today - new Date(today).getUTCDay() * DAY + shift * 7 * DAY
    return { from, until: from + 7 * DAY }
  }
  const date = new Date(now)
  const year = date.getUTCFullYear()
  if (match[2] === 'Year')
    return { from: Date.UTC(year + shift, 0), until: Date.UTC(year + shift + 1, 0) }
  const month = date.getUTCMonth() + shift
  return { from: Date.UTC(year, month), until: Date.UTC(year, month + 1) }
}

function givenDay(name: string, value: () => string): Period | undefined {
  if (name !== 'On' && name !== 'OnOrAfter' && name !== 'OnOrBefore') return undefined
  const time = readCalendarText(value())
  if (time === undefined) throw badQuery(`The value of ${name} is no date: '${value()}'.`)
  const day = startOfDay(time)
  if (name === 'On') return { from: day, until: day + DAY }
  return name === 'OnOrAfter' ? { from: day, until: FOREVER } : { from: -FOREVER, until: day + DAY }
}

function countedPeriod(name: string, now: number, value: () => string): Period | undefined {
  const match = /^(Last|Next|OlderThan)X(Minutes|Hours|Days|Weeks|Months|Years)$/.exec(name)
  const [, direction, unit] = match ?? []
  if (!direction || !unit || (unit === 'Minutes' && direction !== 'OlderThan')) return undefined
  const count = /^\d{1,5}$/.test(value()) ? Number(value()) : 0
  if (count === 0) throw badQuery(`The value of ${name} is no number above zero: '${value()}'.`)
  if (direction === 'OlderThan') return { from: -FOREVER, until: move(now, unit, -count) }
  const wholeDays = unit !== 'Hours'
  if (direction === 'Last') {
    const from = move(now, unit, -count)
    return { from: wholeDays ? startOfDay(from) : from, until: now + 1 }
  }
  const until = move(now, unit, count)
  return { from: now, until: wholeDays ? startOfDay(until) + DAY : until }
}

function move(time: number, unit: string, count: number): number {
  const date = new Date(time)
  if (unit === 'Months') return date.setUTCMonth(date.getUTCMonth() + count)
  if (unit === 'Years') return date.setUTCFullYear(date.getUTCFullYear() + count)
  const step = { Minutes: 60_000, Hours: HOUR, Days: DAY, Weeks: 7 * DAY }[unit] ?? 0
  return time + count * step
}

function startOfDay(time: number): number {
  return Math.floor(time / DAY) * DAY
}
