import { CodedError, type ErrorDetails } from '../../kernel/index.ts'

/** Why a call to Dataverse failed. The set is small and stable; the service's own code stands beside it. */
export type DataverseErrorCode =
  | 'address_too_long'
  | 'bad_request'
  | 'batch_too_large'
  | 'conflict'
  | 'forbidden'
  | 'invalid_argument'
  | 'invalid_filter'
  | 'invalid_row'
  | 'metadata_unreadable'
  | 'not_found'
  | 'not_supported'
  | 'outcome_unknown'
  | 'paging_limit'
  | 'precondition_failed'
  | 'repeated_page'
  | 'rolled_back'
  | 'server_error'
  | 'throttled'
  | 'too_large'
  | 'too_many_rows'
  | 'tracking_disabled'
  | 'tracking_expired'
  | 'tracking_lost'
  | 'unauthorized'
  | 'unavailable'
  | 'unexpected_answer'
  | 'unknown_column'
  | 'unknown_table'
  | 'unsafe_address'
  | 'unsafe_link'

/** What the service's answer said, where there was one. */
export interface AnswerDetails {
  /** The HTTP status. */
  readonly status?: number
  /** The service's own code in the form of {@link normaliseErrorCode}. */
  readonly dataverseCode?: string
  /** The service's id of the request, to be quoted to Microsoft's support. */
  readonly requestId?: string
}

/** A call to Dataverse that did not do what was asked. */
export class DataverseError extends CodedError<DataverseErrorCode> {
  /** The HTTP status, where the service answered. */
  readonly status: number | undefined
  /** The service's own code, as `0x` and eight lower-case hex digits. */
  readonly dataverseCode: string | undefined
  /** The service's id of the request. */
  readonly requestId: string | undefined

  constructor(code: DataverseErrorCode, details: ErrorDetails & AnswerDetails) {
    const { status, dataverseCode, requestId } = details
    const known = {
      ...(status === undefined ? {} : { status }),
      ...(dataverseCode === undefined ? {} : { dataverseCode }),
      ...(requestId === undefined ? {} : { requestId }),
    }
    super(code, { ...details, facts: { ...known, ...details.facts } })
    this.status = status
    this.dataverseCode = dataverseCode
    this.requestId = requestId
  }
}

/** Makes the error for an argument that could never work; `field` names it. */
export function invalidArgument(field: string, why: string, remedy: string): DataverseError {
  return new DataverseError('invalid_argument', {
    what: `${field} cannot be used: ${why}.`,
    why,
    remedy,
    facts: { field },
  })
}
