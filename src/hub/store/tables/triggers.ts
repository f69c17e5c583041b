import type { ColumnType, Generated } from 'kysely'
import type { Json, JsonObject } from '../../../kernel/index.ts'
import type { StoredProblem } from './vault.ts'

/** A moment: ms when read, a Date when written. */
type Time = ColumnType<number, Date, Date>
type MaybeTime = ColumnType<number | null, Date | null | undefined, Date | null>
/** JSON: read as the value, written as text. */
type Document<T> = ColumnType<T, string, string>
type MaybeDocument<T> = ColumnType<T | null, string | null | undefined, string | null>

/** How a trigger's last run ended. Times are ms since 1970. */
export interface StoredRun {
  readonly outcome: 'done' | 'failed' | 'stopped'
  readonly startedAt: number
  readonly endedAt: number
  /** How many outputs were stored. */
  readonly stored: number
  /** How many came that were stored before. */
  readonly repeated: number
  readonly problem?: StoredProblem
}

export interface TriggersTable {
  workspace_id: string
  id: string
  name: string
  credential_id: string
  /** The name of the connector's trigger. */
  entry: string
  config: Document<JsonObject>
  state: 'active' | 'paused'
  cursor: MaybeDocument<Json>
  /** Counts the checkpoints. */
  cursor_version: Generated<number>
  /** Counts the runs: only the newest may write. */
  epoch: Generated<number>
  /** Until when the run of this epoch is taken to be alive; null while there is none. */
  lease_expires_at: MaybeTime
  /** The sequence of the last output. */
  last_sequence: Generated<number>
  last_run: MaybeDocument<StoredRun>
  /** Of the key that Dataverse shows; null while nothing is received. */
  hook_key_hash: string | null
  /** What the connector has to know to take its registration back. */
  registered: MaybeDocument<Json>
  enabled_at: MaybeTime
  created_at: Time
}

export interface TriggerOutputsTable {
  workspace_id: string
  trigger_id: string
  sequence: number
  /** The same for the same row in the same version; null for a message that has no name of its own. */
  output_id: string | null
  body: Document<Json>
  created_at: Time
}

export interface TriggerDeliveriesTable {
  workspace_id: string
  trigger_id: string
  sequence: Generated<number>
  /** The same for the same message, however often it is sent. */
  identity: string
  /** As it came; erased once it is done. */
  body: string | null
  state: 'stored' | 'done' | 'failed'
  attempts: Generated<number>
  retry_at: MaybeTime
  problem: MaybeDocument<StoredProblem>
  received_at: Time
}

export interface AttachmentsTable {
  workspace_id: string
  id: string
  name: string | null
  content_type: string
  /** In bytes; null until all of it is there. */
  size: number | null
  created_at: Time
  expires_at: Time
}

export interface AttachmentChunksTable {
  workspace_id: string
  attachment_id: string
  position: number
  bytes: Uint8Array
}

export interface TriggerTables {
  triggers: TriggersTable
  trigger_outputs: TriggerOutputsTable
  trigger_deliveries: TriggerDeliveriesTable
  attachments: AttachmentsTable
  attachment_chunks: AttachmentChunksTable
}
