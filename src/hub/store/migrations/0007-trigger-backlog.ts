import { type Kysely, sql } from 'kysely'

/** Finds quickly how many messages of a trigger are kept. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(
      `create index trigger_deliveries_kept on trigger_deliveries (workspace_id, trigger_id)
        where state <> 'done'`,
    )
    .execute(db)
}
