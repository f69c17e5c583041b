import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  // What comes out is kept as json, not jsonb: every text that JSON can carry, in the order it came.
  `create table triggers (
    workspace_id text not null references workspaces (id),
    id text not null,
    name text not null,
    credential_id text not null,
    entry text not null,
    config json not null,
    state text not null check (state in ('active', 'paused')),
    cursor json,
    cursor_version bigint not null default 0,
    epoch bigint not null default 0,
    lease_expires_at timestamptz,
    last_sequence bigint not null default 0,
    last_run json,
    hook_key_hash text,
    registered json,
    enabled_at timestamptz,
    created_at timestamptz not null,
    primary key (workspace_id, id),
    foreign key (workspace_id, credential_id) references credentials (workspace_id, id)
  )`,
  // Dataverse knows a trigger by its id alone.
  `create unique index triggers_hook on triggers (id)`,
  `create index triggers_credential on triggers (workspace_id, credential_id)`,
  `create table trigger_outputs (
    workspace_id text not null,
    trigger_id text not null,
    sequence bigint not null,
    output_id text,
    body json not null,
    created_at timestamptz not null,
    primary key (workspace_id, trigger_id, sequence),
    unique (workspace_id, trigger_id, output_id),
    foreign key (workspace_id, trigger_id) references triggers (workspace_id, id) on delete cascade
  )`,
  `create index trigger_outputs_age on trigger_outputs (created_at)`,
  `create table trigger_deliveries (
    workspace_id text not null,
    trigger_id text not null,
    sequence bigint generated always as identity,
    identity text not null,
    body text,
    state text not null check (state in ('stored', 'done', 'failed')),
    attempts integer not null default 0,
    retry_at timestamptz,
    problem json,
    received_at timestamptz not null,
    primary key (workspace_id, trigger_id, sequence),
    unique (workspace_id, trigger_id, identity),
    foreign key (workspace_id, trigger_id) references triggers (workspace_id, id) on delete cascade
  )`,
  `create index trigger_deliveries_waiting
    on trigger_deliveries (workspace_id, trigger_id, sequence) where state = 'stored'`,
  `create index trigger_deliveries_age on trigger_deliveries (received_at)`,
  `create table attachments (
    workspace_id text not null references workspaces (id),
    id text not null,
    name text,
    content_type text not null,
    size bigint,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    primary key (workspace_id, id)
  )`,
  `create index attachments_expiry on attachments (expires_at)`,
  `create table attachment_chunks (
    workspace_id text not null,
    attachment_id text not null,
    position integer not null,
    bytes bytea not null,
    primary key (workspace_id, attachment_id, position),
    foreign key (workspace_id, attachment_id)
      references attachments (workspace_id, id) on delete cascade
  )`,
  // Documents come compressed or as text of which most is read once: not worth the work of squeezing.
  `alter table attachment_chunks alter column bytes set storage external`,
]

/** Adds triggers whose place is kept, what they put out and were sent, and attachments. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
