import { Kysely, sql } from 'kysely'
import type { Pool } from 'pg'
import {
  type Clock,
  type Logger,
  type Random,
  type Secret,
  systemRandom,
} from '../../kernel/index.ts'
import { type ConnectTo, createPool, serverName } from './connection-pool.ts'
import { type EmbeddedServer, startEmbedded } from './embedded/supervisor.ts'
import { guardedDialect } from './guarded-driver.ts'
import { migrate } from './migrate.ts'
import { migrations } from './migrations/list.ts'
import type { Database } from './schema.ts'
import type { Store } from './store.ts'
import { asStoreError, storeError, timedOut } from './store-error.ts'

export interface StoreOptions {
  /** Address of a PostgreSQL of the operator; without it the hub runs its own in `dataFolder`. */
  readonly databaseUrl?: Secret | undefined
  readonly dataFolder: string
  readonly logger: Logger
  readonly clock: Clock
  readonly random?: Random
  readonly signal?: AbortSignal | undefined
}

const OLDEST = 140_000
const PING_MS = 3_000
const CLOSE_MS = 3_000
const DATABASE = 'fairlead'

/**
 * Opens the store: finds or starts the database and brings its tables up to date.
 *
 * @throws StoreError
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { databaseUrl, signal, random = systemRandom } = options
  const logger = options.logger.with({ room: 'store' })
  if (databaseUrl) return await connect({ url: databaseUrl }, { ...options, logger })
  const embedded = await startEmbedded({
    ...{ dataFolder: options.dataFolder, clock: options.clock, random, logger },
    ...(signal ? { signal } : {}),
  })
  try {
    const to = { ...embedded.endpoint, database: DATABASE }
    await ensureDatabase(embedded, logger)
    return await connect(to, { ...options, logger }, embedded)
  } catch (error) {
    await embedded.close()
    throw error
  }
}

async function connect(
  to: ConnectTo,
  options: StoreOptions,
  embedded?: EmbeddedServer,
): Promise<Store> {
  const { clock, logger, signal } = options
  const server = serverName(to)
  const pool = createPool(to, logger)
  const closing = new AbortController()
  const dialect = guardedDialect({
    ...{ pool, clock, server, patienceMs: embedded ? 20_000 : 5_000 },
    signal: signal ? AbortSignal.any([signal, closing.signal]) : closing.signal,
    refresh: () => moveTo(pool, embedded),
  })
  const db = new Kysely<Database>({ dialect })
  const close = closer({ pool, closing, clock, embedded })
  try {
    await checkVersion(db, server)
    signal?.throwIfAborted()
    const done = await migrate(new Kysely<unknown>({ dialect }), migrations)
    if (done.length > 0) logger.info('database brought up to date', { count: done.length })
  } catch (error) {
    await close()
    throw error
  }
  return {
    kind: embedded ? 'embedded' : 'external',
    db,
    transaction: (work) => db.transaction().execute(work),
    ping: (given) => ping({ pool, clock, server }, given),
    close,
    [Symbol.asyncDispose]: close,
  }
}

// A pool reads its options anew for every connection it makes.
function moveTo(pool: Pool, embedded: EmbeddedServer | undefined): void {
  if (!embedded) return
  pool.options.host = embedded.endpoint.host
  pool.options.port = embedded.endpoint.port
}

function closer(parts: {
  readonly pool: Pool
  readonly closing: AbortController
  readonly clock: Clock
  readonly embedded: EmbeddedServer | undefined
}): () => Promise<void> {
  let closed: Promise<void> | undefined
  const close = async () => {
    parts.closing.abort(storeError('store_closed', CLOSING))
    // Kysely is not destroyed: who asks it later shall hear of a closed store, not of a driver.
    const ended = parts.pool.end()
    const late = new AbortController()
    // Work that still holds a connection is not waited for longer; what it did not commit is undone.
    await Promise.race([
      ended.catch(() => undefined),
      parts.clock.sleep(CLOSE_MS, late.signal).catch(() => undefined),
    ])
    late.abort()
    await parts.embedded?.close()
  }
  return () => {
    closed ??= close()
    return closed
  }
}

const CLOSING = {
  what: 'The store is closed.',
  why: 'Fairlead is stopping.',
  remedy: 'Start Fairlead again.',
}

async function ensureDatabase(embedded: EmbeddedServer, logger: Logger): Promise<void> {
  // Not the database that may be missing, but one that every server has.
  const pool = createPool({ ...embedded.endpoint, database: 'postgres' }, logger)
  try {
    const found = await pool.query('select from pg_database where datname = $1', [DATABASE])
    if (found.rowCount === 0) await pool.query(`create database ${DATABASE}`)
  } catch (error) {
    // Another hub that starts now may have been faster.
    const taken =
      error instanceof Error && 'code' in error && /^(42P04|23505)$/.test(`${error.code}`)
    if (!taken) throw asStoreError(error, embedded.endpoint.host)
  } finally {
    await pool.end()
  }
}

async function checkVersion(db: Kysely<Database>, server: string): Promise<void> {
  const { rows } = await sql<{ number: string; name: string }>`
    select current_setting('server_version_num') as number,
      current_setting('server_version') as name`.execute(db)
  requireVersion(Number(rows[0]?.number), rows[0]?.name ?? 'of an unknown version', server)
}

/**
 * Refuses a server that is too old. `number` is its `server_version_num`.
 *
 * @throws store_version_unsupported
 */
export function requireVersion(number: number, name: string, server: string): void {
  if (number >= OLDEST) return
  throw storeError('store_version_unsupported', {
    what: `The database at ${server} is PostgreSQL ${name}.`,
    why: 'Fairlead needs PostgreSQL 14 or newer.',
    remedy: 'Update the server, or let DATABASE_URL name a newer one.',
    facts: { server, version: name },
  })
}

async function ping(
  { pool, clock, server }: { readonly pool: Pool; readonly clock: Clock; readonly server: string },
  signal?: AbortSignal,
): Promise<void> {
  const done = new AbortController()
  const late = async () => {
    await clock.sleep(PING_MS, signal ? AbortSignal.any([signal, done.signal]) : done.signal)
    throw timedOut(`An answer of the database at ${server}`, PING_MS)
  }
  const asked = pool.query('select 1').then(
    () => undefined,
    (error: unknown) => {
      throw asStoreError(error, server)
    },
  )
  try {
    await Promise.race([asked, late()])
  } finally {
    done.abort()
    asked.catch(() => undefined)
  }
}
