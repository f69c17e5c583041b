import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  `create table workspaces (
    id text primary key,
    name text not null,
    created_at timestamptz not null default now()
  )`,
  `insert into workspaces (id, name) values ('default', 'Default')`,
  `create table users (
    workspace_id text not null references workspaces (id),
    id text not null,
    name text not null,
    name_key text not null unique,
    password_hash text not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (workspace_id, id)
  )`,
  `create table setup_links (
    workspace_id text not null references workspaces (id),
    token_hash text not null unique,
    user_id text,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    primary key (workspace_id, token_hash),
    foreign key (workspace_id, user_id) references users (workspace_id, id) on delete cascade
  )`,
  `create table sessions (
    workspace_id text not null,
    token_hash text not null unique,
    user_id text not null,
    created_at timestamptz not null,
    seen_at timestamptz not null,
    expires_at timestamptz not null,
    primary key (workspace_id, token_hash),
    foreign key (workspace_id, user_id) references users (workspace_id, id) on delete cascade
  )`,
  `create index sessions_by_expiry on sessions (expires_at)`,
  `create table api_keys (
    workspace_id text not null references workspaces (id),
    id text not null,
    key_hash text not null unique,
    hint text not null,
    name text not null,
    scopes text[] not null,
    created_by text,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    last_used_at timestamptz,
    primary key (workspace_id, id)
  )`,
  `create table sign_in_attempts (
    subject text primary key,
    count integer not null,
    ends_at timestamptz not null
  )`,
  `create index sign_in_attempts_by_end on sign_in_attempts (ends_at)`,
]

/** Adds workspaces, users, sessions, API keys, set-up links and the count of failed sign-ins. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
