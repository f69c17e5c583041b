import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresDriver,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely'
import type { Pool } from 'pg'
import type { Clock } from '../../kernel/index.ts'
import { asStoreError, StoreError } from './store-error.ts'

export interface GuardOptions {
  readonly pool: Pool
  readonly clock: Clock
  /** How long a connection is tried again while the server is away, as in a restart. */
  readonly patienceMs: number
  /** The server's name for a person, without credentials. */
  readonly server: string
  /** Called before each attempt to connect: an embedded server may have moved. */
  readonly refresh: () => void
  /** Aborted when the store closes. */
  readonly signal: AbortSignal
}

const RETRY_MS = 100

/** PostgreSQL for Kysely, with connections that wait out a restart and failures that say what to do. */
export function guardedDialect(options: GuardOptions): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => guardedDriver(options),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  }
}

function guardedDriver(options: GuardOptions): Driver {
  const inner: Driver = new PostgresDriver({ pool: options.pool })
  const guards = new WeakMap<DatabaseConnection, GuardedConnection>()
  const innermost = (connection: DatabaseConnection) =>
    connection instanceof GuardedConnection ? connection.inner : connection
  const guarded = (work: Promise<void> | undefined) => translate(work, options.server)
  return {
    init: (given) => inner.init(given),
    acquireConnection: async (given) => {
      const connection = await acquire(() => inner.acquireConnection(given), options)
      const guard = guards.get(connection) ?? new GuardedConnection(connection, options.server)
      guards.set(connection, guard)
      return guard
    },
    releaseConnection: (connection) => inner.releaseConnection(innermost(connection)),
    beginTransaction: (connection, settings) =>
      guarded(inner.beginTransaction(innermost(connection), settings)),
    commitTransaction: (connection) => guarded(inner.commitTransaction(innermost(connection))),
    rollbackTransaction: (connection) => guarded(inner.rollbackTransaction(innermost(connection))),
    savepoint: async (connection, name, compile) =>
      guarded(inner.savepoint?.(innermost(connection), name, compile)),
    rollbackToSavepoint: async (connection, name, compile) =>
      guarded(inner.rollbackToSavepoint?.(innermost(connection), name, compile)),
    releaseSavepoint: async (connection, name, compile) =>
      guarded(inner.releaseSavepoint?.(innermost(connection), name, compile)),
    destroy: () => inner.destroy(),
  }
}

class GuardedConnection implements DatabaseConnection {
  readonly inner: DatabaseConnection
  readonly #server: string

  constructor(inner: DatabaseConnection, server: string) {
    this.inner = inner
    this.#server = server
  }

  executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    return translate(this.inner.executeQuery<R>(query), this.#server)
  }

  streamQuery<R>(query: CompiledQuery, size: number): AsyncIterableIterator<QueryResult<R>> {
    return this.inner.streamQuery<R>(query, size)
  }
}

async function acquire<T>(connect: () => Promise<T>, options: GuardOptions): Promise<T> {
  const { clock, patienceMs, server, signal } = options
  const deadline = clock.now() + patienceMs
  for (;;) {
    options.refresh()
    try {
      return await connect()
    } catch (error) {
      const failure = asStoreError(error, server)
      const away = failure instanceof StoreError && failure.code === 'store_unreachable'
      if (!away || signal.aborted || clock.now() + RETRY_MS > deadline) throw failure
      await clock.sleep(RETRY_MS, signal).catch(() => undefined)
    }
  }
}

async function translate<T>(work: T | Promise<T>, server: string): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw asStoreError(error, server)
  }
}
