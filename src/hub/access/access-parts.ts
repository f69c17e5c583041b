import type { Clock, Random } from '../../kernel/index.ts'
import type { AuditLog } from '../audit/index.ts'
import type { Store } from '../store/index.ts'
import type { Passwords } from './password.ts'

/** What the parts of access share. */
export interface AccessParts {
  readonly store: Store
  readonly clock: Clock
  readonly random: Random
  readonly audit: AuditLog
  readonly passwords: Passwords
  readonly publicUrl: URL
}

/** The one workspace there is for now; the store's first migration makes it. */
export const DEFAULT_WORKSPACE = 'default'
