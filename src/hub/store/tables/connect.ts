import type { ColumnType, Generated } from 'kysely'
import type { Explanation, Json, JsonObject } from '../../../kernel/index.ts'
import type { StoredActor } from './vault.ts'

/** A moment: ms when read, a Date when written. */
type Time = ColumnType<number, Date, Date>
type MaybeTime = ColumnType<number | null, Date | null | undefined, Date | null>
/** JSON of a known shape: only this hub writes it. */
type Document<T> = ColumnType<T, string, string>
type MaybeDocument<T> = ColumnType<T | null, string | null | undefined, string | null>

/** What the sign-in page is asked to do. */
export type StoredPrompt = 'select_account' | 'consent' | 'login' | 'none'

/** Why a flow ended without a connection. */
export interface StoredFailure extends Explanation {
  readonly code: string
  readonly facts: Readonly<Record<string, Json>>
  /** Endpoints that would have worked: both, or none. */
  readonly change?: { readonly authorizationEndpoint: string; readonly tokenEndpoint: string }
}

/** What one stage of a verification found. */
export interface StoredStage {
  /** Stable, in kebab-case. */
  readonly name: string
  readonly title: string
  readonly outcome: 'passed' | 'failed' | 'warning' | 'skipped'
  /** What was looked at. */
  readonly checked: string
  /** Facts found on the way. */
  readonly evidence: JsonObject
  readonly ms: number
  /** Why it failed, what is doubtful, or why it was left out. */
  readonly explanation?: Explanation & { readonly code: string }
}

/** A whole verification. Times are ms since 1970. */
export interface StoredVerification {
  /** Whether no stage failed. */
  readonly verified: boolean
  readonly startedAt: number
  readonly ms: number
  readonly stages: readonly StoredStage[]
}

/** One attempt to connect a Credential. Ticket, state and cookie are kept as hashes only. */
export interface ConnectFlowsTable {
  workspace_id: string
  id: string
  credential_id: string
  kind: 'browser' | 'device' | 'app'
  stage: 'started' | 'opened' | 'redeeming' | 'succeeded' | 'failed'
  initiator: Document<StoredActor>
  auth_client_id: string
  auth_client_version: number
  redirect_uri: string
  prompt: StoredPrompt | null
  /** Whether another user or organization than before may take the Credential over. */
  accept_identity: Generated<boolean>
  ticket_hash: string | null
  state_hash: string | null
  cookie_hash: string | null
  /** Sealed. */
  code_verifier: string | null
  user_code: string | null
  verification_uri: string | null
  failure: MaybeDocument<StoredFailure>
  created_at: Time
  expires_at: Time
  /** When the process that works on it last said so. */
  heard_at: MaybeTime
  finished_at: MaybeTime
}

export interface VerificationsTable {
  workspace_id: string
  credential_id: string
  id: string
  started_at: Time
  report: Document<StoredVerification>
}

export interface ConnectTables {
  connect_flows: ConnectFlowsTable
  verifications: VerificationsTable
}
