import { Pool, type PoolConfig, types } from 'pg'
import type { Logger, Secret } from '../../kernel/index.ts'
import { asStoreError, storeError } from './store-error.ts'

/** Where and as whom to connect. */
export type ConnectTo =
  | { readonly url: Secret }
  | {
      readonly host: string
      readonly port: number
      readonly user: string
      readonly password: Secret
      readonly database: string
    }

const INT8 = 20
const TIMESTAMPTZ = 1184
const POOL_SIZE = 12

/** Makes a pool whose lost connections are logged and replaced, never fatal. */
export function createPool(to: ConnectTo, logger: Logger): Pool {
  const pool = new Pool({
    ...address(to),
    application_name: 'fairlead',
    max: POOL_SIZE,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    allowExitOnIdle: true,
    keepAlive: true,
    statement_timeout: 60_000,
    idle_in_transaction_session_timeout: 60_000,
    types: { getTypeParser: parserOf },
  })
  const lost = (error: Error) => {
    if (!pool.ending)
      logger.warn('database connection lost', { error: asStoreError(error, serverName(to)) })
  }
  pool.on('error', lost)
  // A connection can also break while a transaction holds it and waits for something else.
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

/** Names a server for a person, without its credentials. */
export function serverName(to: ConnectTo): string {
  if (!('url' in to)) return to.host
  const { host, searchParams } = parseUrl(to.url)
  return searchParams.get('host') ?? host
}

function address(to: ConnectTo): PoolConfig {
  if (!('url' in to)) return { ...to, password: to.password.reveal() }
  parseUrl(to.url)
  return { connectionString: to.url.reveal() }
}

function parseUrl(url: Secret): URL {
  const text = url.reveal().trim()
  const parsed = URL.canParse(text) ? new URL(text) : undefined
  if (parsed && /^postgres(ql)?:$/.test(parsed.protocol) && parsed.pathname.length > 1)
    return parsed
  throw storeError('store_url_invalid', {
    what: 'DATABASE_URL is not the address of a PostgreSQL database.',
    why: 'It must have the form postgres://user:password@host:5432/database.',
    remedy:
      'Correct DATABASE_URL; in a user name or password, write characters such as @ : / # ? % in percent form. Without it, Fairlead uses its own database.',
    facts: { variable: 'DATABASE_URL' },
  })
}

// Counters fit a number; a number that does not is left as text rather than made wrong. Times are ms.
const parserOf: NonNullable<PoolConfig['types']>['getTypeParser'] = (oid, format) => {
  if (format !== 'binary' && oid === INT8) return parseInt8
  if (format !== 'binary' && oid === TIMESTAMPTZ) return parseTime
  return types.getTypeParser(oid, format)
}

function parseInt8(text: string): number | string {
  const number = Number(text)
  return Number.isSafeInteger(number) ? number : text
}

function parseTime(text: string): number {
  const time: unknown = types.getTypeParser(TIMESTAMPTZ)(text)
  return time instanceof Date ? time.getTime() : Number(time)
}
