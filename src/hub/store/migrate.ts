import { type Kysely, sql } from 'kysely'
import { asStoreError, StoreError, storeError } from './store-error.ts'

/** One step of the schema's history. */
export interface Migration {
  /** `NNNN-name`, as its file is called. */
  readonly name: string
  up(db: Kysely<unknown>): Promise<void>
}

// Any number will do as long as every hub takes the same.
const LOCK = 7_215_309_418
const LOCK_WAIT = '120s'

/**
 * Brings the schema up to date: all that is missing, in one transaction, while other hubs that start at
 * the same time wait. Answers the names of the migrations it ran.
 *
 * @throws store_newer_than_program, store_migration_failed
 */
export async function migrate(
  db: Kysely<unknown>,
  migrations: readonly Migration[],
): Promise<readonly string[]> {
  return await db.transaction().execute(async (transaction) => {
    await sql`select set_config('statement_timeout', '0', true),
      set_config('idle_in_transaction_session_timeout', '0', true),
      set_config('lock_timeout', ${LOCK_WAIT}, true)`.execute(transaction)
    await sql`select pg_advisory_xact_lock(${LOCK})`.execute(transaction)
    const missing = pending(await appliedNames(transaction), migrations)
    for (const migration of missing) await apply(transaction, migration)
    return missing.map((migration) => migration.name)
  })
}

/**
 * Finds what is still to be run, given what was.
 *
 * @throws store_newer_than_program when the database has what the program does not know
 */
export function pending(
  applied: readonly string[],
  migrations: readonly Migration[],
): readonly Migration[] {
  const known = new Set(migrations.map((migration) => migration.name))
  const unknown = applied.filter((name) => !known.has(name))
  if (unknown.length > 0)
    throw storeError('store_newer_than_program', {
      what: 'The database was written by a newer Fairlead than this one.',
      why: `It has ${unknown.join(', ')}, which this program does not know.`,
      remedy: 'Start the newer Fairlead again, or restore a backup made before the update.',
      facts: { unknown },
    })
  const done = new Set(applied)
  return migrations.filter((migration) => !done.has(migration.name))
}

async function appliedNames(db: Kysely<unknown>): Promise<readonly string[]> {
  const { rows: tables } = await sql<{ present: boolean }>`
    select to_regclass('schema_migrations') is not null as present`.execute(db)
  if (!tables[0]?.present)
    await sql`create table schema_migrations (
      name text primary key,
      applied_at timestamptz not null default now()
    )`.execute(db)
  const { rows } = await sql<{
    name: string
  }>`select name from schema_migrations order by name`.execute(db)
  return rows.map((row) => row.name)
}

async function apply(db: Kysely<unknown>, migration: Migration): Promise<void> {
  try {
    await migration.up(db)
    await sql`insert into schema_migrations (name) values (${migration.name})`.execute(db)
  } catch (error) {
    if (error instanceof StoreError) throw error
    throw storeError('store_migration_failed', {
      what: `The database could not be brought up to date: ${migration.name} failed.`,
      why: error instanceof Error ? error.message : 'The reason is unknown.',
      remedy: 'Nothing was changed. Keep the former version running and report this message.',
      who: 'fairlead',
      facts: { migration: migration.name },
      cause: asStoreError(error, 'the database'),
    })
  }
}
