import type { DataverseError } from '../errors/dataverse-error.ts'
import { InvalidRow } from '../write/invalid-row.ts'

/** What became of a row that was written. */
export type WrittenStatus = 'written' | 'created' | 'updated' | 'unchanged' | 'deleted'

/** Why a row was not written, and what to do about it. */
export interface Rejection {
  /** The client's word for it, as of `DataverseError.code`. */
  readonly code: string
  /** The service's own code, where the service refused the row. */
  readonly dataverseCode?: string
  /** The column that is at fault, where that is known. */
  readonly column?: string
  readonly reason: string
  readonly remedy: string
}

/** What became of one row, whatever it was. */
export type RowFate =
  | { readonly status: WrittenStatus; readonly id?: string }
  | ({ readonly status: 'rejected' } & Rejection)
  /** The answer was lost, and reading the row again did not tell. */
  | { readonly status: 'unknown'; readonly reason: string; readonly remedy: string }
  /** Taken from the source, but never sent, because the work was called off. */
  | { readonly status: 'not-sent' }

/** The outcome of one row of a bulk write. */
export type BulkOutcome = RowFate & {
  /** The row's place in the source, from 0. */
  readonly index: number
  /** How the row is named in addresses: `(01234567-…)` or `(accountnumber='A-1')`. */
  readonly key?: string
  /** All rows before this one have had their outcome: where to go on, by `skip`, if the work ends here. */
  readonly checkpoint: number
}

const LONGEST_REASON = 500

/** Tells why a row was refused, by the error that came of it. */
export function rejectionOf(error: DataverseError, column: string | undefined): RowFate {
  const { dataverseCode, explanation } = error
  const [problem] = error instanceof InvalidRow ? error.problems : []
  const named = problem?.column ?? column
  return {
    status: 'rejected',
    code: error.code,
    ...(dataverseCode === undefined ? {} : { dataverseCode }),
    ...(named === undefined || named === '' ? {} : { column: named }),
    reason: (problem?.problem ?? explanation.what).slice(0, LONGEST_REASON),
    remedy: problem?.remedy ?? explanation.remedy,
  }
}

/** Tells that nobody knows what became of a row. */
export function unknownFate(why: string): RowFate {
  return {
    status: 'unknown',
    reason: `The answer was lost: ${why.slice(0, LONGEST_REASON)}`,
    remedy: 'Read the row, or write it again: writing the same values twice does no harm.',
  }
}
