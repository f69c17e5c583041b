import { join } from 'node:path'
import { createDiskCache } from '../dataverse/index.ts'
import type { Alerts } from '../hub/alerts/index.ts'
import { type Attachments, createAttachments } from '../hub/attachments/index.ts'
import type { AuditLog } from '../hub/audit/index.ts'
import type { RunHost } from '../hub/runs/index.ts'
import type { Store } from '../hub/store/index.ts'
import { createTriggers, type Triggers } from '../hub/triggers/index.ts'
import type { Vault } from '../hub/vault/index.ts'
import type { Clock, Logger, Random } from '../kernel/index.ts'
import type { Send } from '../transport/index.ts'
import { createRunHost } from './run-host.ts'

/** The rooms in which triggers and actions run. */
export interface RunRooms {
  readonly host: RunHost
  readonly triggers: Triggers
  readonly attachments: Attachments
}

/** Builds what runs need over the vault. */
export function createRunRooms(parts: {
  readonly store: Store
  readonly vault: Vault
  readonly alerts: Alerts
  readonly audit: AuditLog
  readonly send: Send
  readonly dataFolder: string
  readonly publicUrl: URL
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
}): RunRooms {
  const attachments = createAttachments(parts)
  const metadataCache = createDiskCache({ ...parts, folder: join(parts.dataFolder, 'metadata') })
  const host = createRunHost({ ...parts, attachments, metadataCache })
  return { host, attachments, triggers: createTriggers({ ...parts, host }) }
}
