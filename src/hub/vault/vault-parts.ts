import type { Clock, Logger, Random } from '../../kernel/index.ts'
import type { Send } from '../../transport/index.ts'
import type { Alerts } from '../alerts/index.ts'
import type { AuditLog } from '../audit/index.ts'
import type { Store } from '../store/index.ts'
import type { Keyring } from './keyring.ts'

/** What everything in the vault is made of. */
export interface VaultParts {
  readonly store: Store
  readonly keyring: Keyring
  readonly alerts: Alerts
  readonly audit: AuditLog
  readonly send: Send
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /** Where the assertions of workload identities may be read from; absent: nowhere. */
  readonly assertionFolder?: string
}
