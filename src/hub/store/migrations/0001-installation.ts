import { type Kysely, sql } from 'kysely'

/** Adds the one row that tells this installation from every other. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table installation (
      singleton boolean primary key default true check (singleton),
      id uuid not null default gen_random_uuid(),
      created_at timestamptz not null default now()
    )`.execute(db)
  await sql`insert into installation default values`.execute(db)
}
