import { explainText, type TextExplanation } from '../../oauth/index.ts'
import { readFlow, readLatestVerification } from '../store/index.ts'
import { ConnectError } from './connect-error.ts'
import { type ConnectParts, redirectUriOf } from './connect-parts.ts'
import { connectApp } from './flows/app-connection.ts'
import { startDeviceFlow } from './flows/device-flow.ts'
import { type CallbackVisit, finish } from './flows/finish.ts'
import { type Flow, type FlowResult, toFlow } from './flows/flow.ts'
import {
  type FlowRequest,
  type StartedFlow,
  startBrowserFlow,
  subjectOf,
} from './flows/flow-start.ts'
import { endInterrupted, isInterrupted } from './flows/interruption.ts'
import { type OpenedTicket, openTicket } from './flows/open-ticket.ts'
import { hintsFor } from './hints.ts'
import { type Advice, type ReviewInput, review } from './review.ts'
import type { VerificationReport } from './verify/report.ts'
import { type VerifyRequest, verify } from './verify/verify.ts'

/** Connects Credentials, and verifies them. */
export interface Connect {
  /** The one redirect address of this hub. */
  readonly redirectUri: string
  /** Foresees what Microsoft will refuse, before anything is stored. */
  review(input: ReviewInput): Promise<readonly Advice[]>
  /** Begins a sign-in in a browser. @throws ConnectError, VaultError, OAuthError */
  startFlow(request: FlowRequest): Promise<StartedFlow>
  /** Takes a one-use link. @throws ConnectError `ticket_invalid`, `auth_client_changed` */
  openTicket(ticket: string, visitor?: { readonly userId?: string }): Promise<OpenedTicket>
  /** Ends a sign-in with what the browser brings; every failure is an answer. */
  finish(visit: CallbackVisit): Promise<FlowResult>
  /** Begins a device code sign-in and waits for the person in the background. */
  startDeviceFlow(request: FlowRequest): Promise<Flow>
  /** Connects an application user; the flow that it answers with has ended. */
  connectApp(request: FlowRequest, signal?: AbortSignal): Promise<Flow>
  /** @throws ConnectError `flow_not_found` */
  flow(workspaceId: string, id: string): Promise<Flow>
  /** Explains a text that somebody pasted, with what is known of the Credential it is about. */
  explain(
    text: string,
    about?: { readonly workspaceId: string; readonly credentialId: string },
  ): Promise<readonly TextExplanation[]>
  /** Checks a Credential stage by stage. @throws VaultError `credential_not_found` */
  verify(request: VerifyRequest): Promise<VerificationReport>
  latestVerification(
    workspaceId: string,
    credentialId: string,
  ): Promise<VerificationReport | undefined>
  /** Stops waiting for device codes. */
  close(): Promise<void>
}

/** Makes the part of the hub that connects. */
export function createConnect(parts: ConnectParts): Connect {
  const closing = new AbortController()
  const waiting = new Set<Promise<void>>()
  const redirectUri = redirectUriOf(parts.publicUrl)
  return {
    redirectUri,
    review: (input) => review(parts, input),
    startFlow: (request) => startBrowserFlow(parts, request),
    openTicket: (ticket, visitor) => openTicket(parts, ticket, visitor),
    finish: (visit) => finish(parts, visit),
    startDeviceFlow: async (request) => {
      const { flow, done } = await startDeviceFlow(parts, request, closing.signal)
      const tracked = done.finally(() => waiting.delete(tracked))
      waiting.add(tracked)
      return flow
    },
    connectApp: (request, signal) => connectApp(parts, request, signal),
    flow: (workspaceId, id) => showFlow(parts, workspaceId, id),
    explain: async (text, about) => explainText(text, await hintsAbout(parts, redirectUri, about)),
    verify: (request) => verify(parts, request),
    latestVerification: (workspaceId, credentialId) =>
      readLatestVerification(parts.store.db, { workspaceId, credentialId }),
    close: async () => {
      closing.abort()
      await Promise.all(waiting)
    },
  }
}

async function showFlow(parts: ConnectParts, workspaceId: string, id: string): Promise<Flow> {
  const row = await readFlow(parts.store.db, workspaceId, id)
  const now = parts.clock.now()
  if (row !== undefined)
    return toFlow(isInterrupted(row, now) ? await endInterrupted(parts, row) : row, now)
  throw new ConnectError('flow_not_found', {
    what: 'There is no such sign-in.',
    why: 'It was begun more than a day ago, or belongs to another workspace.',
    remedy: 'Choose Authenticate again.',
    facts: { flowId: id },
  })
}

async function hintsAbout(
  parts: ConnectParts,
  redirectUri: string,
  about: { readonly workspaceId: string; readonly credentialId: string } | undefined,
) {
  if (about === undefined) return { redirectUri }
  const { workspaceId, credentialId } = about
  const by = { workspaceId, kind: 'hub', id: 'hub' } as const
  const { credential, authClient } = await subjectOf(parts, { by, credentialId })
  return hintsFor(credential, authClient, { redirectUri })
}
