import { randomToken, type Secret } from '../../../kernel/index.ts'
import { buildAuthorizationRequest } from '../../../oauth/index.ts'
import { bindFlow, type FlowRow, takeTicket } from '../../store/index.ts'
import type { Place } from '../../vault/index.ts'
import { ConnectError } from '../connect-error.ts'
import type { ConnectParts } from '../connect-parts.ts'
import { type FlowCookie, flowCookie } from './flow-cookie.ts'
import { endWithFailure } from './flow-end.ts'
import { FLOW_MS, subjectOf } from './flow-start.ts'
import { hashOf, isToken } from './one-use-token.ts'

/** Where the browser goes from a ticket, and the cookie it takes along. */
export interface OpenedTicket {
  readonly location: URL
  readonly cookie: FlowCookie
}

/**
 * Takes a ticket, once, and turns it into an authorization request bound to this browser.
 *
 * @throws ConnectError `ticket_invalid`, `auth_client_changed`
 */
export async function openTicket(
  parts: ConnectParts,
  ticket: string,
  visitor: { readonly userId?: string } = {},
): Promise<OpenedTicket> {
  const { store, clock } = parts
  const flow = isToken(ticket) ? await takeTicket(store.db, hashOf(ticket), clock.now()) : undefined
  if (flow === undefined) throw invalidTicket()
  try {
    if (isForeign(flow, visitor.userId)) throw invalidTicket()
    return await bind(parts, flow)
  } catch (error) {
    await endWithFailure(parts, flow, error)
    throw error
  }
}

async function bind(parts: ConnectParts, flow: FlowRow): Promise<OpenedTicket> {
  const { store, keyring, clock, random, publicUrl } = parts
  const { url, codeVerifier, state } = await authorizationRequest(parts, flow)
  const cookie = randomToken(random)
  await store.transaction(async (db) => {
    const seal = await keyring.sealing(db)
    await bindFlow(db, flow, {
      stateHash: hashOf(state),
      cookieHash: hashOf(cookie),
      codeVerifier: seal(codeVerifier, verifierPlace(flow)),
      expiresAt: clock.now() + FLOW_MS,
    })
  })
  const secure = publicUrl.protocol === 'https:'
  const maxAgeSeconds = FLOW_MS / 1000
  return { location: url, cookie: flowCookie(flow.id, cookie, { secure, maxAgeSeconds }) }
}

async function authorizationRequest(
  parts: ConnectParts,
  flow: FlowRow,
): Promise<{ url: URL; codeVerifier: Secret; state: string }> {
  const { vault, random } = parts
  const { credential, authClient } = await subjectOf(parts, {
    by: { workspaceId: flow.workspaceId, ...flow.initiator },
    credentialId: flow.credentialId,
  })
  if (isChanged(flow, authClient)) throw authClientChanged()
  const state = randomToken(random)
  const { claimsDemand: claims } = credential
  const loginHint = credential.identity?.userPrincipalName
  const request = await vault.withRegistration(flow.workspaceId, credential.id, async (ready) =>
    buildAuthorizationRequest(
      {
        ...ready,
        redirectUri: flow.redirectUri,
        state,
        ...(flow.prompt === null ? {} : { prompt: flow.prompt }),
        ...(claims === undefined ? {} : { claims }),
        // A hint would hide the choice of another account, which the person asked for.
        ...(loginHint === undefined || flow.prompt === 'select_account' ? {} : { loginHint }),
      },
      random,
    ),
  )
  return { ...request, state }
}

/** Tells whether an Auth Client is another one, or was edited, since a flow began. */
export function isChanged(
  flow: Pick<FlowRow, 'authClientId' | 'authClientVersion'>,
  authClient: { readonly id: string; readonly version: number },
): boolean {
  return authClient.id !== flow.authClientId || authClient.version !== flow.authClientVersion
}

/** Where the PKCE verifier of a flow is sealed for. */
export function verifierPlace({ workspaceId, id }: Pick<FlowRow, 'workspaceId' | 'id'>): Place {
  return { workspaceId, table: 'connect_flows', row: id, column: 'code_verifier' }
}

/** The answer when the Auth Client was edited while somebody signed in. */
export function authClientChanged(): ConnectError {
  return new ConnectError('auth_client_changed', {
    what: 'The Auth Client was changed during the sign-in.',
    why: 'The sign-in belongs to the former settings and must not be finished with others.',
    remedy: 'Authenticate again.',
  })
}

// Somebody who is signed in here as another user was sent a link that is not theirs.
function isForeign(flow: FlowRow, userId: string | undefined): boolean {
  return flow.initiator.kind === 'user' && userId !== undefined && userId !== flow.initiator.id
}

function invalidTicket(): ConnectError {
  return new ConnectError('ticket_invalid', {
    what: 'This link cannot be used.',
    why: 'It has been opened before, is older than ten minutes, or belongs to another user.',
    remedy: 'Go back to the Credential and choose Authenticate again; each link is good for once.',
  })
}
