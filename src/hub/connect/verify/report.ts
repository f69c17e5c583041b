import type { Explanation } from '../../../kernel/index.ts'
import type { StoredStage, StoredVerification } from '../../store/index.ts'

/** An explanation with the code it belongs to. */
export interface CodedExplanation extends Explanation {
  readonly code: string
}

export type StageOutcome = StoredStage['outcome']

/** What one stage of a verification found. */
export type StageReport = StoredStage

/** A whole verification. Times are ms since 1970. */
export type VerificationReport = StoredVerification
