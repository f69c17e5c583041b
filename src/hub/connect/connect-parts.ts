import type { Clock, Logger, Random } from '../../kernel/index.ts'
import type { Send } from '../../transport/index.ts'
import type { AuditLog } from '../audit/index.ts'
import type { Store } from '../store/index.ts'
import type { Keyring, Vault } from '../vault/index.ts'

/** What connecting is made of. */
export interface ConnectParts {
  readonly store: Store
  readonly vault: Pick<
    Vault,
    'authClients' | 'credentials' | 'storeGrant' | 'tokenSource' | 'withRegistration'
  >
  readonly keyring: Keyring
  readonly audit: AuditLog
  readonly send: Send
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly publicUrl: URL
  /** Login hosts beside Microsoft's, by the operator's configuration. */
  readonly trustedLoginOrigins: readonly string[]
}

/** The redirect address of this hub, the same for all flows. */
export function redirectUriOf(publicUrl: URL): string {
  return new URL('/callback/oauth2', publicUrl).href
}
