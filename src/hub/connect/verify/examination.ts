import type { AccessToken, DataverseClient, TokenSource } from '../../../dataverse/index.ts'
import type { Clock } from '../../../kernel/index.ts'
import type { Discovery } from '../../../oauth/index.ts'
import type { Send } from '../../../transport/index.ts'
import type { AuthClient, Credential } from '../../vault/index.ts'

/** What the stages of one verification share: the Credential, the means, and what was found so far. */
export interface Examination {
  readonly credential: Credential
  readonly authClient: AuthClient
  readonly tokens: TokenSource
  readonly client: DataverseClient
  readonly send: Send
  readonly clock: Clock
  readonly trustedLoginOrigins: readonly string[]
  readonly signal: AbortSignal | undefined
  /** Filled by the stages, for those after them. */
  readonly found: {
    discovery?: Discovery
    token?: AccessToken
    /** How far this machine's clock is ahead of the environment's, in ms. */
    clockAheadMs?: number
    /** A table that can be read. */
    table?: string
  }
}

/** The address of the environment's Web API, without a token asked for. */
export function addressOf({ credential }: Examination, path: string): URL {
  return new URL(`/api/data/${path}`, credential.environmentUrl)
}
