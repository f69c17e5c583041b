import { requestAppTokens } from '../../../oauth/index.ts'
import { endFlow, readFlow } from '../../store/index.ts'
import { ConnectError } from '../connect-error.ts'
import type { ConnectParts } from '../connect-parts.ts'
import { hintsFor } from '../hints.ts'
import { within } from '../within.ts'
import { type Flow, toFlow } from './flow.ts'
import { endWithFailure } from './flow-end.ts'
import { type FlowRequest, newFlow, storeFlow, subjectOf } from './flow-start.ts'
import { acceptTokens } from './grant.ts'

const CONNECT_MS = 90_000

/**
 * Connects an application user: nobody signs in. Answers with a flow that has ended, well or not.
 *
 * @throws ConnectError `grant_mismatch`
 */
export async function connectApp(
  parts: ConnectParts,
  request: FlowRequest,
  signal?: AbortSignal,
): Promise<Flow> {
  const { vault, store, send, clock, random } = parts
  const subject = await subjectOf(parts, request)
  const { credential, authClient } = subject
  if (credential.grant !== 'app') throw notAnApp(credential.name)
  const { by, acceptIdentity = false } = request
  const row = newFlow(parts, request, subject, 'app')
  await storeFlow(parts, row)
  const hints = hintsFor(credential, authClient, { redirectUri: row.redirectUri })
  try {
    await within(clock, CONNECT_MS, signal, async (limited) => {
      const tokens = await vault.withRegistration(by.workspaceId, credential.id, (ready) =>
        requestAppTokens({ ...ready, hints }, { send, clock, random, signal: limited }),
      )
      await acceptTokens(parts, by, credential, { tokens, acceptIdentity, signal: limited })
    })
    await endFlow(store.db, row, { at: clock.now() })
  } catch (error) {
    await endWithFailure(parts, row, error, { hints })
  }
  const stored = await readFlow(store.db, by.workspaceId, row.id)
  if (stored === undefined) throw new Error('The flow that was just stored is not there.')
  return toFlow(stored, clock.now())
}

function notAnApp(name: string) {
  return new ConnectError('grant_mismatch', {
    what: `The Credential "${name}" is for a person, not for an application.`,
    why: 'A person signs in for it, in a browser or with a device code.',
    remedy: 'Choose Authenticate, or create a Credential with the grant "app".',
  })
}
