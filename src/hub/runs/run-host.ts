import type { AttachmentStore, Entry, RunLimits as MessageLimits } from '../../connector/index.ts'
import type { DataverseClient, TokenSource } from '../../dataverse/index.ts'
import type { Clock, Logger } from '../../kernel/index.ts'
import { RunError } from './run-error.ts'

/** What a run needs to know of the Credential that it works with. */
export interface RunCredential {
  readonly id: string
  readonly environmentUrl: string
  readonly apiVersion: string
}

/** Where the Credentials are, as far as runs are concerned. */
export interface RunCredentials {
  /** Finds a Credential of one workspace; none where it has no such. */
  find(workspaceId: string, credentialId: string): Promise<RunCredential | undefined>
  tokenSource(workspaceId: string, credentialId: string, environmentUrl: string): TokenSource
}

/** What one run may use up. */
export interface RunLimits extends MessageLimits {
  /** The longest that a run may take, in ms. */
  readonly maxRunMs: number
}

/** What the hub gives to the triggers and actions that it hosts. */
export interface RunHost {
  /** What can be run. */
  readonly entries: readonly Entry[]
  readonly credentials: RunCredentials
  /** Makes the client of one environment and user. */
  createClient(credential: RunCredential, tokens: TokenSource): DataverseClient
  /** Where runs of a workspace put documents that are too large for a message. */
  attachments(workspaceId: string): AttachmentStore
  readonly limits: RunLimits
  readonly clock: Clock
  readonly logger: Logger
}

/** Which Credential of which workspace. */
export interface CredentialRef {
  readonly workspaceId: string
  readonly credentialId: string
}

/** Makes a client over a Credential. @throws RunError `unknown_credential` */
export async function openClient(
  host: RunHost,
  { workspaceId, credentialId }: CredentialRef,
): Promise<DataverseClient> {
  const credential = await host.credentials.find(workspaceId, credentialId)
  if (credential === undefined) {
    throw new RunError('unknown_credential', {
      what: 'There is no such Credential in this workspace.',
      why: 'It was removed, belongs to another workspace, or its id is mistyped.',
      remedy: 'List the Credentials and take the id from there.',
      facts: { credentialId: credentialId.slice(0, 100) },
    })
  }
  const { id, environmentUrl } = credential
  return host.createClient(
    credential,
    host.credentials.tokenSource(workspaceId, id, environmentUrl),
  )
}
