import type { Kysely, Transaction } from 'kysely'
import type { Database } from './schema.ts'

/** Where everything is kept that must not be lost. */
export interface Store extends AsyncDisposable {
  readonly kind: 'embedded' | 'external'
  readonly db: Kysely<Database>
  /** Does work that takes effect as a whole or not at all. */
  transaction<T>(work: (db: Transaction<Database>) => Promise<T>): Promise<T>
  /**
   * Asks the database for an answer.
   *
   * @throws store_unreachable, store_timeout
   */
  ping(signal?: AbortSignal): Promise<void>
  /** Lets go of the database; the last process to do so stops an embedded one. */
  close(): Promise<void>
}

export type { Queryable } from './queryable.ts'
