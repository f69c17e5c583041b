import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  'alter table connect_flows add column heard_at timestamptz',
  'alter table credentials add column claims_demand text',
]

/** Adds when a flow's process was last heard of, and what the next sign-in has to answer. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
