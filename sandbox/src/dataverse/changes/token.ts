import { badQuery, Fault } from '../fault.ts'

/** The state of an organization's rows that a client has seen. */
export interface DeltaToken {
  readonly version: number
  /** ms since 1970. */
  readonly at: number
}

const TOKEN = /^(\d{1,15})!(\d{2})\/(\d{2})\/(\d{4}) (\d{2}):(\d{2}):(\d{2})$/

/** Writes a token as the service does: version, exclamation mark, month, day, year and time. */
export function writeToken({ version, at }: DeltaToken): string {
  const [date = '', time = ''] = new Date(at).toISOString().slice(0, 19).split('T')
  const [year, month, day] = date.split('-')
  return `${version}!${month}/${day}/${year} ${time}`
}

/** Reads a token that this service wrote. */
export function readToken(text: string): DeltaToken {
  const match = TOKEN.exec(text)
  const [month = 0, day = 0, year = 0, hours = 0, minutes = 0, seconds = 0] =
    match?.slice(2).map(Number) ?? []
  if (!match) throw badQuery('The delta token is malformed.')
  const at = Date.UTC(year, month - 1, day, hours, minutes, seconds)
  return { version: Number(match[1]), at }
}

export function expired(): Fault {
  return new Fault(
    400,
    '0x80044352',
    'Version stamp associated with the client has expired. Please perform a full sync.',
  )
}
