import type { ColumnType, Generated } from 'kysely'
import type { Json } from '../../../kernel/index.ts'

/** A moment: ms when read, a Date when written. */
type Time = ColumnType<number, Date, Date>
type MaybeTime = ColumnType<number | null, Date | null | undefined, Date | null>
type JsonText = ColumnType<Json, string, string>
type MaybeJsonText = ColumnType<Json | null, string | null | undefined, string | null>

/** One attempt to connect a Credential. Ticket, state and cookie are kept as hashes only. */
export interface ConnectFlowsTable {
  workspace_id: string
  id: string
  credential_id: string
  kind: 'browser' | 'device' | 'app'
  stage: 'started' | 'opened' | 'redeeming' | 'succeeded' | 'failed'
  initiator: JsonText
  auth_client_id: string
  auth_client_version: number
  redirect_uri: string
  prompt: string | null
  /** Whether another user or organization than before may take the Credential over. */
  accept_identity: Generated<boolean>
  ticket_hash: string | null
  state_hash: string | null
  cookie_hash: string | null
  /** Sealed. */
  code_verifier: string | null
  user_code: string | null
  verification_uri: string | null
  failure: MaybeJsonText
  created_at: Time
  expires_at: Time
  finished_at: MaybeTime
}

export interface VerificationsTable {
  workspace_id: string
  credential_id: string
  id: string
  started_at: Time
  report: JsonText
}

export interface ConnectTables {
  connect_flows: ConnectFlowsTable
  verifications: VerificationsTable
}
