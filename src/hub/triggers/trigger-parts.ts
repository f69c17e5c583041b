import type { Clock, Logger, Random } from '../../kernel/index.ts'
import type { AuditLog } from '../audit/index.ts'
import type { RunHost } from '../runs/index.ts'
import type { Store } from '../store/index.ts'

/** What triggers are built over. */
export interface TriggerParts {
  readonly store: Store
  readonly host: RunHost
  readonly audit: AuditLog
  readonly publicUrl: URL
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /** For how long a silent run counts as alive, in ms. */
  readonly leaseMs: number
}
