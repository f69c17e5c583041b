import { randomToken, toTimestamp } from '../../../kernel/index.ts'
import { parseEndpoints } from '../../../oauth/index.ts'
import type { Actor } from '../../audit/index.ts'
import {
  deleteOldFlows,
  insertFlow,
  type NewFlowRow,
  type StoredPrompt,
} from '../../store/index.ts'
import type { AuthClient, Credential } from '../../vault/index.ts'
import { ConnectError } from '../connect-error.ts'
import { type ConnectParts, redirectUriOf } from '../connect-parts.ts'
import { hashOf } from './one-use-token.ts'

/** How long a person has for each half of the way: to open the link, and to sign in. */
export const FLOW_MS = 600_000
const KEPT_MS = 86_400_000

/** What the sign-in page is asked to do. */
export type Prompt = StoredPrompt

/** What a flow is asked for with. */
export interface FlowRequest {
  readonly by: Actor
  readonly credentialId: string
  readonly prompt?: Prompt
  /** Lets another user or organization than before take the Credential over. */
  readonly acceptIdentity?: boolean
}

/** A flow that waits for a browser. Times are ms since 1970. */
export interface StartedFlow {
  readonly flowId: string
  /** The one-use link; told only here. */
  readonly url: string
  readonly expiresAt: number
}

/**
 * Begins a sign-in: whoever opens the link first, within ten minutes, goes on with it.
 *
 * @throws ConnectError `grant_mismatch`; OAuthError for endpoints that cannot work
 */
export async function startBrowserFlow(
  parts: ConnectParts,
  request: FlowRequest,
): Promise<StartedFlow> {
  const { credential, authClient } = await subjectOf(parts, request)
  demandDelegated(credential)
  const { authorizationEndpoint, tokenEndpoint } = authClient
  parseEndpoints({ authorization: authorizationEndpoint, token: tokenEndpoint })
  const ticket = randomToken(parts.random)
  const flow = newFlow(parts, request, { credential, authClient }, 'browser')
  await storeFlow(parts, { ...flow, ticketHash: hashOf(ticket) })
  parts.logger.info('flow started', {
    flowId: flow.id,
    credentialId: credential.id,
    expiresAt: toTimestamp(flow.expiresAt),
  })
  const url = new URL(`/connect/${ticket}`, parts.publicUrl).href
  return { flowId: flow.id, url, expiresAt: flow.expiresAt }
}

/** The Credential that is to be connected, with its Auth Client. */
export async function subjectOf(
  { vault }: ConnectParts,
  { by, credentialId }: Pick<FlowRequest, 'by' | 'credentialId'>,
): Promise<{ readonly credential: Credential; readonly authClient: AuthClient }> {
  const credential = await vault.credentials.get(by.workspaceId, credentialId)
  const authClient = await vault.authClients.get(by.workspaceId, credential.authClientId)
  return { credential, authClient }
}

/** Describes a flow that begins now. */
export function newFlow(
  { clock, random, publicUrl }: ConnectParts,
  { by, prompt, acceptIdentity = false }: FlowRequest,
  subject: { readonly credential: Credential; readonly authClient: AuthClient },
  kind: NewFlowRow['kind'],
): NewFlowRow {
  const now = clock.now()
  const { workspaceId, ...initiator } = by
  return {
    workspaceId,
    id: random.id(),
    credentialId: subject.credential.id,
    kind,
    stage: kind === 'browser' ? 'started' : 'redeeming',
    initiator,
    authClientId: subject.authClient.id,
    authClientVersion: subject.authClient.version,
    redirectUri: redirectUriOf(publicUrl),
    prompt,
    acceptIdentity,
    createdAt: now,
    expiresAt: now + FLOW_MS,
  }
}

/** Stores a flow that begins; those that nobody will look at any more leave. */
export async function storeFlow({ store, clock }: ConnectParts, flow: NewFlowRow): Promise<void> {
  await insertFlow(store.db, flow)
  await deleteOldFlows(store.db, clock.now() - KEPT_MS)
}

/** Refuses a person's sign-in for a Credential of an application. @throws ConnectError `grant_mismatch` */
export function demandDelegated(credential: Credential): void {
  if (credential.grant === 'delegated') return
  throw new ConnectError('grant_mismatch', {
    what: `The Credential "${credential.name}" is for an application, not for a person.`,
    why: 'Nobody signs in for it: the app proves itself with its secret or certificate.',
    remedy: 'Connect it with the kind "app", or create a Credential with the grant "delegated".',
  })
}
