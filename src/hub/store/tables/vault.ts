import type { ColumnType, Generated } from 'kysely'
import type { Explanation, Json } from '../../../kernel/index.ts'

/** A moment: ms when read, a Date when written. */
type Time = ColumnType<number, Date, Date>
type MaybeTime = ColumnType<number | null, Date | null | undefined, Date | null>
/** JSON of a known shape: only this hub writes it. */
type Document<T> = ColumnType<T, string, string>
type MaybeDocument<T> = ColumnType<T | null, string | null | undefined, string | null>

/** Why something does not work, as it is kept until it works again. */
export interface StoredProblem extends Explanation {
  readonly code: string
  readonly since: number
  readonly facts: Readonly<Record<string, Json>>
}

/** Whom and what a Credential is pinned to. */
export interface StoredIdentity {
  readonly tenantId: string
  readonly organizationId: string
  readonly userId: string
  readonly userPrincipalName?: string
  readonly fullName?: string
}

export interface StoredActor {
  readonly kind: 'user' | 'key' | 'hub'
  readonly id: string
  readonly ip?: string
}

/** The keys that stored secrets are sealed with: their names and check values, never the keys. */
export interface EncryptionKeysTable {
  key_id: string
  check_value: string
  state: Generated<'active' | 'readable' | 'retired'>
  created_at: Time
  retired_at: MaybeTime
}

export interface AuthClientsTable {
  workspace_id: string
  id: string
  name: string
  client_id: string
  authentication: 'secret' | 'certificate' | 'federated' | 'none'
  certificate_pem: string | null
  certificate_expires_at: MaybeTime
  /** Sealed. */
  private_key: string | null
  assertion_file: string | null
  authorization_endpoint: string
  token_endpoint: string
  device_endpoint: string | null
  scopes: string | null
  problem: MaybeDocument<StoredProblem>
  /** While the Auth Client fails, no refresh is tried before this moment. */
  retry_at: MaybeTime
  created_at: Time
  updated_at: Time
  version: Generated<number>
}

export interface AuthClientSecretsTable {
  workspace_id: string
  id: string
  auth_client_id: string
  slot: 'current' | 'next'
  /** Sealed. */
  secret: string
  hint: string
  expires_at: MaybeTime
  created_at: Time
}

export interface CredentialsTable {
  workspace_id: string
  id: string
  auth_client_id: string
  name: string
  base_url: string
  environment_url: string
  api_version: string
  grant_kind: 'delegated' | 'app'
  state: 'new' | 'connected' | 'needs_reconnect' | 'auth_client_failing'
  problem: MaybeDocument<StoredProblem>
  identity: MaybeDocument<StoredIdentity>
  verification: MaybeDocument<Json>
  /** JSON of the claims challenge that the next sign-in has to answer; no secret. */
  claims_demand: Generated<string | null>
  used_at: MaybeTime
  created_at: Time
  updated_at: Time
  version: Generated<number>
}

/** The tokens of a Credential and the lease under which one process at a time renews them. */
export interface CredentialTokensTable {
  workspace_id: string
  credential_id: string
  /** Sealed, as are the two below. */
  access_token: string | null
  refresh_token: string | null
  /** The refresh token before: erased as soon as the newer one has worked once. */
  former_refresh_token: string | null
  issued_at: MaybeTime
  expires_at: MaybeTime
  /** When an access token was last replaced because the environment refused it. */
  forced_at: MaybeTime
  /** Counts the tokens stored, so that a process sees that what it remembers is old. */
  version: Generated<number>
  lease_owner: string | null
  /** Counts the leases given: a save under an older one is refused. */
  lease_fence: Generated<number>
  lease_expires_at: MaybeTime
  /** Since when a refresh is under way whose answer is not stored. */
  refresh_started_at: MaybeTime
  failures: Generated<number>
  failure: MaybeDocument<StoredProblem>
  retry_at: MaybeTime
}

export interface AlertsTable {
  workspace_id: string
  id: string
  subject: string
  kind: string
  level: 'warning' | 'error'
  /** Tells one occurrence from the next of the same subject. */
  occurrence: string
  details: Document<StoredProblem>
  raised_at: Time
  cleared_at: MaybeTime
}

export interface AuditHeadsTable {
  workspace_id: string
  sequence: number
  hash: string
}

export interface AuditEntriesTable {
  workspace_id: string
  sequence: number
  at: Time
  actor: Document<StoredActor>
  action: string
  subject_kind: string
  subject_id: string
  result: 'ok' | 'refused' | 'failed'
  fields: Document<readonly string[]>
  facts: Document<Readonly<Record<string, Json>>>
  hash: string
}

export interface VaultTables {
  encryption_keys: EncryptionKeysTable
  auth_clients: AuthClientsTable
  auth_client_secrets: AuthClientSecretsTable
  credentials: CredentialsTable
  credential_tokens: CredentialTokensTable
  alerts: AlertsTable
  audit_heads: AuditHeadsTable
  audit_entries: AuditEntriesTable
}
