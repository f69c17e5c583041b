import type { FlowRow, StoredFailure } from '../../store/index.ts'
import type { Identity } from '../../vault/index.ts'

/** Why a flow ended without a connection, and the endpoints that would have worked, if they are known. */
export type FlowFailure = StoredFailure

export type FlowState = 'waiting' | 'succeeded' | 'failed' | 'expired'

/** One attempt to connect a Credential, as it is shown. Times are ms since 1970. */
export interface Flow {
  readonly id: string
  readonly credentialId: string
  readonly kind: 'browser' | 'device' | 'app'
  readonly state: FlowState
  /** Where a person goes on; of a browser flow it is told only once, when the flow begins. */
  readonly url?: string
  /** What a person types there. */
  readonly userCode?: string
  readonly expiresAt: number
  readonly failure?: FlowFailure
}

/** How a callback ended, as its page shows it. */
export type FlowResult =
  | {
      readonly outcome: 'connected'
      readonly flowId: string
      readonly credentialId: string
      readonly identity?: Identity
    }
  | { readonly outcome: 'unfinished'; readonly flowId: string; readonly credentialId: string }
  /** An administrator followed the admin consent link; there is no flow to it. */
  | { readonly outcome: 'consented'; readonly tenantId?: string }
  | {
      readonly outcome: 'failed'
      readonly flowId?: string
      readonly credentialId?: string
      readonly failure: FlowFailure
    }

/** Presents a stored flow as it is at a moment. */
export function toFlow(row: FlowRow, now: number): Flow {
  const { id, credentialId, kind, expiresAt, failure, userCode, verificationUri } = row
  return {
    id,
    credentialId,
    kind,
    state: stateOf(row, now),
    expiresAt,
    ...(verificationUri === null ? {} : { url: verificationUri }),
    ...(userCode === null ? {} : { userCode }),
    ...(failure === null ? {} : { failure }),
  }
}

function stateOf({ stage, expiresAt }: FlowRow, now: number): FlowState {
  if (stage === 'succeeded' || stage === 'failed') return stage
  return expiresAt <= now ? 'expired' : 'waiting'
}
