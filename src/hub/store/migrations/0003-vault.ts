import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  `create table encryption_keys (
    key_id text primary key,
    check_value text not null,
    state text not null default 'readable' check (state in ('active', 'readable', 'retired')),
    created_at timestamptz not null,
    retired_at timestamptz
  )`,
  `create unique index encryption_keys_one_active on encryption_keys (state) where state = 'active'`,
  `create table auth_clients (
    workspace_id text not null references workspaces (id),
    id text not null,
    name text not null,
    client_id text not null,
    authentication text not null
      check (authentication in ('secret', 'certificate', 'federated', 'none')),
    certificate_pem text,
    certificate_expires_at timestamptz,
    private_key text,
    assertion_file text,
    authorization_endpoint text not null,
    token_endpoint text not null,
    device_endpoint text,
    scopes text,
    problem jsonb,
    retry_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    version integer not null default 1,
    primary key (workspace_id, id)
  )`,
  `create table auth_client_secrets (
    workspace_id text not null,
    id text not null,
    auth_client_id text not null,
    slot text not null check (slot in ('current', 'next')),
    secret text not null,
    hint text not null,
    expires_at timestamptz,
    created_at timestamptz not null,
    primary key (workspace_id, id),
    unique (workspace_id, auth_client_id, slot) deferrable initially immediate,
    foreign key (workspace_id, auth_client_id)
      references auth_clients (workspace_id, id) on delete cascade
  )`,
  `create table credentials (
    workspace_id text not null,
    id text not null,
    auth_client_id text not null,
    name text not null,
    base_url text not null,
    environment_url text not null,
    api_version text not null,
    grant_kind text not null check (grant_kind in ('delegated', 'app')),
    state text not null
      check (state in ('new', 'connected', 'needs_reconnect', 'auth_client_failing')),
    problem jsonb,
    identity jsonb,
    verification jsonb,
    used_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    version integer not null default 1,
    primary key (workspace_id, id),
    foreign key (workspace_id, auth_client_id) references auth_clients (workspace_id, id)
  )`,
  `create index credentials_by_auth_client on credentials (workspace_id, auth_client_id)`,
  `create table credential_tokens (
    workspace_id text not null,
    credential_id text not null,
    access_token text,
    refresh_token text,
    former_refresh_token text,
    issued_at timestamptz,
    expires_at timestamptz,
    forced_at timestamptz,
    version bigint not null default 0,
    lease_owner text,
    lease_fence bigint not null default 0,
    lease_expires_at timestamptz,
    refresh_started_at timestamptz,
    failures integer not null default 0,
    failure jsonb,
    retry_at timestamptz,
    primary key (workspace_id, credential_id),
    foreign key (workspace_id, credential_id)
      references credentials (workspace_id, id) on delete cascade
  )`,
  `create index credential_tokens_by_issue on credential_tokens (issued_at)`,
  `create table alerts (
    workspace_id text not null,
    id text not null,
    subject text not null,
    kind text not null,
    level text not null check (level in ('warning', 'error')),
    occurrence text not null,
    details jsonb not null,
    raised_at timestamptz not null,
    cleared_at timestamptz,
    primary key (workspace_id, id)
  )`,
  `create unique index alerts_one_open on alerts (workspace_id, subject)
    where cleared_at is null`,
  `create table audit_heads (
    workspace_id text primary key,
    sequence bigint not null,
    hash text not null
  )`,
  `create table audit_entries (
    workspace_id text not null,
    sequence bigint not null,
    at timestamptz not null,
    actor jsonb not null,
    action text not null,
    subject_kind text not null,
    subject_id text not null,
    result text not null check (result in ('ok', 'refused', 'failed')),
    fields jsonb not null,
    facts jsonb not null,
    hash text not null,
    primary key (workspace_id, sequence)
  )`,
  // Whoever has the hub's login could still drop the trigger: the chain of hashes shows what then changed.
  `create function refuse_audit_change() returns trigger language plpgsql as
    $$ begin raise exception 'the audit log is only ever appended to'; end $$`,
  `create trigger audit_entries_append_only before update or delete on audit_entries
    for each row execute function refuse_audit_change()`,
  `create trigger audit_entries_no_truncate before truncate on audit_entries
    for each statement execute function refuse_audit_change()`,
]

/** Adds keys, Auth Clients, Credentials with their tokens, alerts and the audit log. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
