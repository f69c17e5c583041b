import { CodedError } from '../../../kernel/index.ts'
import type { Hints } from '../../../oauth/index.ts'
import { endFlow, type FlowRow, setClaimsDemand } from '../../store/index.ts'
import { claimsDemandOf } from '../../vault/index.ts'
import type { ConnectParts } from '../connect-parts.ts'
import { explanationOf } from '../explanation-of.ts'
import type { FlowFailure } from './flow.ts'

/** Explains why a flow failed, in the form that is kept and shown. */
export function failureOf(error: unknown, hints: Hints = {}): FlowFailure {
  const facts = error instanceof CodedError ? error.facts : {}
  return { ...explanationOf(error, hints), facts }
}

/** Ends a flow as failed, unless it has ended before; answers with the failure. */
export async function endWithFailure(
  { store, clock, logger, audit }: Pick<ConnectParts, 'store' | 'clock' | 'logger' | 'audit'>,
  flow: Pick<FlowRow, 'workspaceId' | 'id' | 'credentialId' | 'initiator'>,
  error: unknown,
  options: { readonly hints?: Hints; readonly change?: FlowFailure['change'] } = {},
): Promise<FlowFailure> {
  const { hints, change } = options
  const failure = { ...failureOf(error, hints), ...(change === undefined ? {} : { change }) }
  const { id: flowId, workspaceId, credentialId, initiator } = flow
  const claims = claimsDemandOf(error)
  await store.transaction(async (db) => {
    if (!(await endFlow(db, flow, { at: clock.now(), failure }))) return
    if (claims !== undefined) await setClaimsDemand(db, { workspaceId, id: credentialId }, claims)
    await audit.append(
      db,
      { workspaceId, ...initiator },
      {
        action: 'credential.connect_failed',
        subject: { kind: 'credential', id: credentialId },
        result: 'failed',
        facts: { flowId, code: failure.code },
      },
    )
  })
  logger.warn('flow failed', { flowId, credentialId, code: failure.code, error })
  return failure
}
