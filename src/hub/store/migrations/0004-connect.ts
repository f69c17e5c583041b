import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  `create table connect_flows (
    workspace_id text not null,
    id text not null,
    credential_id text not null,
    kind text not null check (kind in ('browser', 'device', 'app')),
    stage text not null
      check (stage in ('started', 'opened', 'redeeming', 'succeeded', 'failed')),
    initiator jsonb not null,
    auth_client_id text not null,
    auth_client_version integer not null,
    redirect_uri text not null,
    prompt text,
    accept_identity boolean not null default false,
    ticket_hash text,
    state_hash text,
    cookie_hash text,
    code_verifier text,
    user_code text,
    verification_uri text,
    failure jsonb,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    finished_at timestamptz,
    primary key (workspace_id, id),
    foreign key (workspace_id, credential_id) references credentials on delete cascade
  )`,
  // Found by a hash alone, before the workspace is known.
  `create unique index connect_flows_ticket on connect_flows (ticket_hash)
    where ticket_hash is not null`,
  `create unique index connect_flows_state on connect_flows (state_hash)
    where state_hash is not null`,
  `create index connect_flows_credential on connect_flows (workspace_id, credential_id)`,
  `create index connect_flows_age on connect_flows (created_at)`,
  `create table verifications (
    workspace_id text not null,
    credential_id text not null,
    id text not null,
    started_at timestamptz not null,
    report jsonb not null,
    primary key (workspace_id, credential_id, id),
    foreign key (workspace_id, credential_id) references credentials on delete cascade
  )`,
]

/** Adds the flows by which Credentials are connected, and the reports of their verifications. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
