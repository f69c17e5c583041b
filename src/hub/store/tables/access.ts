import type { ColumnType, Generated } from 'kysely'

/** A moment: ms when read, a Date when written. */
type Time = ColumnType<number, Date, Date>
type MaybeTime = ColumnType<number | null, Date | null | undefined, Date | null>

export interface WorkspacesTable {
  id: string
  name: string
  created_at: Generated<number>
}

export interface UsersTable {
  workspace_id: string
  id: string
  name: string
  /** The name as it is compared: normalised and in lower case. */
  name_key: string
  /** The hash with its parameters and salt. */
  password_hash: string
  created_at: Time
  updated_at: Time
}

/** Links that set a password once: of the first user, or of one whose password is reset. */
export interface SetupLinksTable {
  workspace_id: string
  token_hash: string
  /** Absent: the link makes the first user. */
  user_id: string | null
  created_at: Time
  expires_at: Time
}

export interface SessionsTable {
  workspace_id: string
  token_hash: string
  user_id: string
  created_at: Time
  seen_at: Time
  expires_at: Time
}

export interface ApiKeysTable {
  workspace_id: string
  id: string
  key_hash: string
  hint: string
  name: string
  scopes: string[]
  /** The user or key that made it; absent: the hub's own command line. */
  created_by: string | null
  created_at: Time
  expires_at: Time
  last_used_at: MaybeTime
}

/** Failed sign-ins of an account or an address. They come before anybody is known: no workspace. */
export interface SignInAttemptsTable {
  subject: string
  count: number
  ends_at: Time
}

export interface AccessTables {
  workspaces: WorkspacesTable
  users: UsersTable
  setup_links: SetupLinksTable
  sessions: SessionsTable
  api_keys: ApiKeysTable
  sign_in_attempts: SignInAttemptsTable
}
