import { DataverseError } from '../errors/dataverse-error.ts'

const SHOWN = 40

/** Makes the error for a filter's text that cannot be read, and shows the place. */
export function filterFault(text: string, at: number, why: string, remedy: string): DataverseError {
  const before = `${at > SHOWN ? '…' : ''}${text.slice(Math.max(0, at - SHOWN), at)}`
  const after = `${text.slice(at, at + SHOWN)}${text.length > at + SHOWN ? '…' : ''}`
  return new DataverseError('invalid_filter', {
    what: `The filter cannot be read at position ${at}: ${why}: ${before}▸${after}`,
    why,
    remedy,
    facts: { field: 'filter', position: at },
  })
}
