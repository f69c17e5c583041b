import {
  type DeviceAuthorization,
  pollDeviceCode,
  requestDeviceCode,
} from '../../../oauth/index.ts'
import type { Actor } from '../../audit/index.ts'
import { endFlow, type NewFlowRow, noteHeard, readFlow } from '../../store/index.ts'
import type { AuthClient, Credential } from '../../vault/index.ts'
import type { ConnectParts } from '../connect-parts.ts'
import { hintsFor } from '../hints.ts'
import { within } from '../within.ts'
import { type Flow, toFlow } from './flow.ts'
import { endWithFailure } from './flow-end.ts'
import { demandDelegated, type FlowRequest, newFlow, storeFlow, subjectOf } from './flow-start.ts'
import { acceptTokens } from './grant.ts'
import { flowInterrupted } from './interruption.ts'
import { authClientChanged, isChanged } from './open-ticket.ts'

const FINISH_MS = 90_000

/** A device code sign-in that waits for a person; `done` settles, never rejects, when it has ended. */
export interface StartedDeviceFlow {
  readonly flow: Flow
  readonly done: Promise<void>
}

/**
 * Begins a sign-in with a device code and waits for the person in the background, until the code
 * expires, or until `signal` is aborted, which ends the flow.
 *
 * @throws ConnectError `grant_mismatch`; OAuthError
 * @see https://www.rfc-editor.org/rfc/rfc8628
 */
export async function startDeviceFlow(
  parts: ConnectParts,
  request: FlowRequest,
  signal: AbortSignal,
): Promise<StartedDeviceFlow> {
  const { vault, store, send, clock, random } = parts
  const subject = await subjectOf(parts, request)
  const { credential, authClient } = subject
  demandDelegated(credential)
  const { workspaceId } = request.by
  const answer = await vault.withRegistration(workspaceId, credential.id, (ready) =>
    requestDeviceCode(ready, { send, clock, random, signal }),
  )
  const row = {
    ...newFlow(parts, request, subject, 'device'),
    userCode: answer.userCode,
    verificationUri: answer.verificationUriComplete ?? answer.verificationUri,
    expiresAt: answer.expiresAt,
  }
  await storeFlow(parts, row)
  const done = waitForPerson(parts, request, { credential, authClient, row, answer }, signal)
  const stored = await readFlow(store.db, workspaceId, row.id)
  if (stored === undefined) throw new Error('The flow that was just stored is not there.')
  return { flow: toFlow(stored, clock.now()), done }
}

interface Waiting {
  readonly credential: Credential
  readonly authClient: AuthClient
  readonly row: NewFlowRow
  readonly answer: DeviceAuthorization
}

async function waitForPerson(
  parts: ConnectParts,
  { by }: FlowRequest,
  waiting: Waiting,
  signal: AbortSignal,
): Promise<void> {
  const { vault, store, clock, random } = parts
  const { credential, authClient, row, answer } = waiting
  const hints = hintsFor(credential, authClient, { redirectUri: row.redirectUri })
  const ended = new AbortController()
  const send = heardAtEach(parts, row, ended)
  const either = AbortSignal.any([signal, ended.signal])
  try {
    const tokens = await vault.withRegistration(by.workspaceId, credential.id, (ready) =>
      pollDeviceCode({ ...ready, hints, device: answer }, { send, clock, random, signal: either }),
    )
    if (!(await noteHeard(store.db, row, clock.now()))) return
    await demandUnchanged(parts, by, waiting)
    await within(clock, FINISH_MS, signal, (limited) =>
      acceptTokens(parts, by, credential, {
        tokens,
        acceptIdentity: row.acceptIdentity,
        signal: limited,
      }),
    )
    await endFlow(store.db, row, { at: clock.now() })
  } catch (error) {
    if (ended.signal.aborted) return parts.logger.info('flow left to its end', { flowId: row.id })
    const failure = signal.aborted ? flowInterrupted() : error
    await endWithFailure(parts, row, failure, { hints }).catch((second: unknown) =>
      parts.logger.error('flow not ended', { flowId: row.id, error: second }),
    )
  }
}

// Whoever looks at the flow can tell that this process is still there; a flow that was ended meanwhile,
// since this process stood still for too long, is not gone on with.
function heardAtEach(
  { store, clock, send }: ConnectParts,
  row: NewFlowRow,
  ended: AbortController,
) {
  return async (request: Parameters<typeof send>[0]) => {
    const goesOn = await noteHeard(store.db, row, clock.now()).catch(() => true)
    if (!goesOn) ended.abort(flowInterrupted())
    return await send(request)
  }
}

// A person has a quarter of an hour: time enough for somebody else to edit what is being connected.
async function demandUnchanged(
  parts: ConnectParts,
  by: Actor,
  { credential, row }: Waiting,
): Promise<void> {
  const now = await subjectOf(parts, { by, credentialId: credential.id })
  const moved = now.credential.environmentUrl !== credential.environmentUrl
  if (moved || isChanged(row, now.authClient)) throw authClientChanged()
}
