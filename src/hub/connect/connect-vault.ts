import type { TokenSource } from '../../dataverse/index.ts'
import type { GrantRequest, TokenSet } from '../../oauth/index.ts'
import type { Actor } from '../audit/index.ts'
import type { AuthClient, Credential, Identity } from '../vault/index.ts'

/** What every token request of one Credential says. */
export type Registration = Pick<GrantRequest, 'endpoints' | 'client' | 'resource' | 'scope'>

/** What connecting needs of the vault. */
export interface ConnectVault {
  readonly authClients: { get(workspaceId: string, id: string): Promise<AuthClient> }
  readonly credentials: { get(workspaceId: string, id: string): Promise<Credential> }
  /** Does a token request with the Auth Client's proof; with the next secret if the current is refused. */
  withRegistration<T>(
    workspaceId: string,
    credentialId: string,
    work: (registration: Registration) => Promise<T>,
  ): Promise<T>
  tokenSource(workspaceId: string, credentialId: string): TokenSource
  /**
   * Stores a new grant and the identity it is for.
   *
   * @throws VaultError `identity_changed` unless another identity than before is accepted
   */
  storeGrant(
    by: Actor,
    credentialId: string,
    grant: {
      readonly tokens: TokenSet
      readonly identity: Identity
      readonly acceptIdentity?: boolean
    },
  ): Promise<void>
}
