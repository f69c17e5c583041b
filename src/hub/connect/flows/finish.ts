import {
  isSharedTenant,
  moveToTenant,
  OAuthError,
  parseEndpoints,
  readAuthorizationResponse,
  redeemCode,
} from '../../../oauth/index.ts'
import { consumeState, endFlow, type FlowRow, findConsumed, noteHeard } from '../../store/index.ts'
import type { AuthClient, Credential, Identity } from '../../vault/index.ts'
import type { ConnectParts } from '../connect-parts.ts'
import { findDirectory } from '../find-directory.ts'
import { hintsFor } from '../hints.ts'
import { within } from '../within.ts'
import { adminConsentOf, stateOf, strayCallback } from './callback.ts'
import type { FlowFailure, FlowResult } from './flow.ts'
import { flowCookieValues } from './flow-cookie.ts'
import { endWithFailure, failureOf } from './flow-end.ts'
import { subjectOf } from './flow-start.ts'
import { acceptTokens } from './grant.ts'
import { flowInterrupted } from './interruption.ts'
import { hashOf } from './one-use-token.ts'
import { authClientChanged, isChanged, verifierPlace } from './open-ticket.ts'

const FINISH_MS = 90_000

/** What a browser brings back from the sign-in page. */
export interface CallbackVisit {
  readonly query: URLSearchParams
  /** All cookies of the request, by name. */
  readonly cookies: Readonly<Record<string, string>>
}

/**
 * Ends a sign-in: consumes its state, once and for the browser that began it, and only then redeems the
 * code, asks the environment who it is for, and stores the grant. Never throws for what a browser sends.
 */
export async function finish(parts: ConnectParts, visit: CallbackVisit): Promise<FlowResult> {
  const { query, cookies } = visit
  const state = stateOf(query)
  if (state === undefined) return stray(query)
  const stateHash = hashOf(state)
  const secure = parts.publicUrl.protocol === 'https:'
  const cookieHashes = flowCookieValues(cookies, secure).map(hashOf)
  const { db } = parts.store
  const flow = await consumeState(db, { stateHash, cookieHashes, now: parts.clock.now() })
  if (flow !== undefined) return await conclude(parts, flow, query)
  const consumed = await findConsumed(db, stateHash, cookieHashes)
  return consumed === undefined ? stray(query) : repeated(consumed)
}

function stray(query: URLSearchParams): FlowResult {
  const consent = adminConsentOf(query)
  if (consent !== undefined) return { outcome: 'consented', ...consent }
  return { outcome: 'failed', failure: failureOf(strayCallback(query)) }
}

// The callback came twice: the first one counts, and the second shows how it ended.
function repeated({ id: flowId, credentialId, stage, failure }: FlowRow): FlowResult {
  if (stage === 'succeeded') return { outcome: 'connected', flowId, credentialId }
  if (failure === null) return { outcome: 'unfinished', flowId, credentialId }
  return { outcome: 'failed', flowId, credentialId, failure }
}

interface Subject {
  readonly credential: Credential
  readonly authClient: AuthClient
}

async function conclude(
  parts: ConnectParts,
  flow: FlowRow,
  query: URLSearchParams,
): Promise<FlowResult> {
  const { id: flowId, credentialId } = flow
  const by = { workspaceId: flow.workspaceId, ...flow.initiator }
  let subject: Subject | undefined
  try {
    subject = await subjectOf(parts, { by, credentialId })
    const identity = await connect(parts, flow, subject, query)
    await endFlow(parts.store.db, flow, { at: parts.clock.now() })
    return { outcome: 'connected', flowId, credentialId, identity }
  } catch (error) {
    const hints = subject && hintsOf(flow, subject)
    const change = subject && (await changeFor(parts, subject, error))
    const failure = await endWithFailure(parts, flow, error, {
      ...(hints && { hints }),
      ...(change && { change }),
    })
    return { outcome: 'failed', flowId, credentialId, failure }
  }
}

async function connect(
  parts: ConnectParts,
  flow: FlowRow,
  subject: Subject,
  query: URLSearchParams,
): Promise<Identity> {
  const { credential, authClient } = subject
  const hints = hintsOf(flow, subject)
  const { code } = readAuthorizationResponse(query, { endpoints: endpointsOf(authClient), hints })
  if (isChanged(flow, authClient)) throw authClientChanged()
  const { vault, keyring, send, clock, random } = parts
  const codeVerifier = keyring.open(flow.codeVerifier ?? '', verifierPlace(flow))
  return await within(clock, FINISH_MS, undefined, async (signal) => {
    const tokens = await vault.withRegistration(flow.workspaceId, credential.id, (ready) =>
      redeemCode(
        { ...ready, hints, code, codeVerifier, redirectUri: flow.redirectUri },
        { send, clock, random, signal },
      ),
    )
    if (!(await noteHeard(parts.store.db, flow, clock.now()))) throw flowInterrupted()
    const by = { workspaceId: flow.workspaceId, ...flow.initiator }
    const { acceptIdentity } = flow
    return await acceptTokens(parts, by, credential, { tokens, acceptIdentity, signal })
  })
}

function hintsOf(flow: FlowRow, { credential, authClient }: Subject) {
  return hintsFor(credential, authClient, { redirectUri: flow.redirectUri })
}

// AADSTS50194 and its like: the same endpoints, moved to the environment's directory, would have worked.
const NEEDS_DIRECTORY = [50_194, 50_059, 9_001_023, 90_124, 90_130, 9_002_332]

async function changeFor(
  parts: ConnectParts,
  { credential, authClient }: Subject,
  error: unknown,
): Promise<FlowFailure['change'] | undefined> {
  const numbers = error instanceof OAuthError ? (error.failure?.numbers ?? []) : []
  if (!numbers.some((number) => NEEDS_DIRECTORY.includes(number))) return undefined
  if (!isSharedTenant(endpointsOf(authClient).tenant)) return undefined
  const directory = await findDirectory(parts, credential.environmentUrl)
  if (directory === undefined) return undefined
  const { authorizationEndpoint: authorization, tokenEndpoint: token } = authClient
  const moved = moveToTenant({ authorization, token }, directory.tenantId)
  return { authorizationEndpoint: moved.authorization, tokenEndpoint: moved.token }
}

function endpointsOf({ authorizationEndpoint, tokenEndpoint }: AuthClient) {
  return parseEndpoints({ authorization: authorizationEndpoint, token: tokenEndpoint })
}
