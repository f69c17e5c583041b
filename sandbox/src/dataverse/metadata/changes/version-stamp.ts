import { Fault } from '../../fault.ts'

const DAY = 86_400_000

/** Writes the stamp of a schema version: the version, and the time it was asked for. */
export function writeVersionStamp(version: number, now: number): string {
  const [date = '', time = ''] = new Date(now).toISOString().slice(0, 19).split('T')
  const [year, month, day] = date.split('-')
  return `${version}!${month}/${day}/${year} ${time}`
}

/**
 * Reads a stamp that a client kept.
 * @throws Fault when it is none, or older than the days that deletions are remembered
 */
export function readVersionStamp(stamp: string, now: number, days: number): number {
  const match = /^(\d+)!(\d\d)\/(\d\d)\/(\d{4}) (\d\d:\d\d:\d\d)$/.exec(stamp)
  const time = match ? Date.parse(`${match[4]}-${match[2]}-${match[3]}T${match[5]}Z`) : Number.NaN
  if (!match || Number.isNaN(time)) {
    throw new Fault(400, '0x80040203', `Invalid argument. '${stamp}' is no version stamp.`)
  }
  if (now - time > days * DAY) {
    throw new Fault(
      400,
      '0x80044352',
      'Version stamp associated with the client has expired. Please perform a full sync.',
    )
  }
  return Number(match[1])
}
