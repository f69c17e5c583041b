import type { CodedError } from '../../kernel/index.ts'
import { DataverseError } from '../errors/dataverse-error.ts'
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

/** Why a row was not written although nothing is known to be wrong with it. */
export interface Hindrance extends Omit<Rejection, 'column'> {
  /** Whether the same row, sent again as it is, may be written. */
  readonly retryable: boolean
}

/**
 * What became of one row, whatever it was.
 *
 * The statuses are in five groups: done (`written`, `created`, `updated`, `unchanged`, `deleted`);
 * `rejected`, where the row is at fault and must be changed; `unresolved`, where it surely was not
 * written but is not to blame, so that it can be sent again; `unknown`, where it may have been written;
 * and `not-sent`, where the work was called off before.
 */
export type RowFate =
  | { readonly status: WrittenStatus; readonly id?: string }
  | ({ readonly status: 'rejected' } & Rejection)
  /** Not written, by a reason outside the row: contention, a limit, or a failure of all rows alike. */
  | ({ readonly status: 'unresolved' } & Hindrance)
  /** The answer was lost, and reading the row again did not tell. */
  | { readonly status: 'unknown'; readonly reason: string; readonly remedy: string }
  /** Taken from the source, but not written, because the work was called off. */
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

/** Tells that a row was not written, by the error that was in its way and is not about the row. */
export function unresolvedFate(error: CodedError): RowFate {
  const { what, remedy, retry } = error.explanation
  const dataverseCode = error instanceof DataverseError ? error.dataverseCode : undefined
  return {
    status: 'unresolved',
    code: error.code,
    ...(dataverseCode === undefined ? {} : { dataverseCode }),
    reason: what.slice(0, LONGEST_REASON),
    remedy,
    retryable: retry.when === 'later',
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

/** Tells that a row was not written because the work was called off. */
export const NOT_SENT: RowFate = { status: 'not-sent' }
