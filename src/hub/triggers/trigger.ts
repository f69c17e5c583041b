import type { EntryKind } from '../../connector/index.ts'
import type { Json, JsonObject } from '../../kernel/index.ts'
import type { StoredRun, TriggerRow } from '../store/index.ts'

/** What a trigger is made of. */
export interface TriggerInput {
  readonly name: string
  readonly credentialId: string
  /** The name of the connector's trigger. */
  readonly trigger: string
  readonly config: JsonObject
}

/** A trigger whose place the hub keeps. Times are ms since 1970. */
export interface Trigger extends TriggerInput {
  readonly id: string
  /** None when this version of the connector has no such trigger. */
  readonly kind?: EntryKind
  readonly state: 'active' | 'paused'
  /** Of a webhook trigger: whether Dataverse sends it messages. */
  readonly enabled: boolean
  readonly running: boolean
  /** The last checkpoint, and how many there were. */
  readonly cursor?: Json
  readonly cursorVersion: number
  /** The sequence of the last output. */
  readonly lastSequence: number
  /** Messages that are stored and not yet worked on. */
  readonly waiting: number
  /** Messages that were given up after many attempts; resuming the trigger tries them again. */
  readonly failed: number
  readonly lastRun?: StoredRun
  readonly createdAt: number
}

/** Reads a stored trigger. */
export function toTrigger(row: TriggerRow, kind: EntryKind | undefined): Trigger {
  return {
    id: row.id,
    name: row.name,
    credentialId: row.credential_id,
    trigger: row.entry,
    ...(kind !== undefined && { kind }),
    config: row.config,
    state: row.state,
    enabled: row.enabled_at !== null,
    running: row.running,
    ...(row.cursor !== null && { cursor: row.cursor }),
    cursorVersion: row.cursor_version,
    lastSequence: row.last_sequence,
    waiting: row.waiting_deliveries,
    failed: row.failed_deliveries,
    ...(row.last_run !== null && { lastRun: row.last_run }),
    createdAt: row.created_at,
  }
}
