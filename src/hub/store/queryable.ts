import type { Kysely } from 'kysely'
import type { Database } from './schema.ts'

/** The database itself or a transaction on it: what every query function takes. */
export type Queryable = Kysely<Database>
