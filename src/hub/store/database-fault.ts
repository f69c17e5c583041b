import type { Explanation } from '../../kernel/index.ts'
import type { StoreErrorCode } from './store-error-code.ts'

/** What a fault of the database means to whoever runs the hub. */
export interface DatabaseFault extends Pick<Explanation, 'what' | 'why' | 'remedy' | 'retry'> {
  readonly code: StoreErrorCode
}

type Told = readonly [code: StoreErrorCode, what: string, why: string, remedy: string]

const AWAY =
  /^(08...|57P0[1235]|E(CONN(REFUSED|RESET|ABORTED)|NOENT|PIPE|HOSTUNREACH|NETUNREACH|TIMEDOUT|NOTFOUND|AI_AGAIN))$/
const LOST = /^Connection terminated|not queryable$|does not support SSL/
const UNTRUSTED = /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERR_TLS)/
const LATER = { when: 'later' } as const
const NEVER = { when: 'never' } as const

/**
 * Tells the faults of a connection, its login or its server from those of a statement.
 *
 * `code` is an SQLSTATE or a code of the system; a fault of a statement, such as a unique key that exists
 * already, gives `undefined`: it belongs to the one who wrote the statement.
 *
 * @see https://www.postgresql.org/docs/18/errcodes-appendix.html
 */
export function readFault(
  code: string,
  message: string,
  server: string,
): DatabaseFault | undefined {
  if (AWAY.test(code) || LOST.test(message) || UNTRUSTED.test(code)) return away(code, server)
  if (/^(53300|53400)$/.test(code) || message.startsWith('timeout exceeded'))
    return overloaded(server)
  if (code === '57014' || code === '25P03' || code === '55P03') return tooLong(server)
  const told = REFUSALS[code] ?? (/destroyed$|after calling end/.test(message) ? CLOSED : undefined)
  if (!told) return undefined
  const [kind, what, why, remedy] = told
  return { code: kind, what: what.replace('{server}', server), why, remedy, retry: NEVER }
}

function away(code: string, server: string): DatabaseFault {
  return {
    code: 'store_unreachable',
    what: `The database at ${server} cannot be reached${code === '' ? '' : ` (${code})`}.`,
    why: UNTRUSTED.test(code)
      ? 'Its certificate is not trusted here.'
      : 'It is not running, is just starting, or something on the way refuses the connection.',
    remedy:
      'Start the database, or correct DATABASE_URL; a hub that runs connects again by itself.',
    retry: LATER,
  }
}

function overloaded(server: string): DatabaseFault {
  return {
    code: 'store_overloaded',
    what: `The database at ${server} has no connection free.`,
    why: 'More work waits for it than it takes at once.',
    remedy: 'Raise max_connections of the database, or run fewer hub processes.',
    retry: LATER,
  }
}

function tooLong(server: string): DatabaseFault {
  return {
    code: 'store_timeout',
    what: `The database at ${server} took too long over a statement.`,
    why: 'It is overloaded, or another transaction holds the same rows.',
    remedy: 'Try again; if it stays, look at the load and the locks of the database.',
    retry: LATER,
  }
}

const LOGIN: Told = [
  'store_login_refused',
  'The database at {server} refused the login.',
  'The user or the password is wrong, or the user may not connect from here.',
  'Correct the user and the password in DATABASE_URL.',
]
const READ_ONLY: Told = [
  'store_read_only',
  'The database at {server} takes no changes.',
  'It is a standby, or it was set to read-only.',
  'Let DATABASE_URL name the primary server.',
]
const FULL: Told = [
  'store_disk_full',
  'The database at {server} has no room left on its disk.',
  'Every change is written to disk before it is confirmed.',
  'Free some space; everything that was confirmed until now is still there.',
]
const CLOSED: Told = [
  'store_closed',
  'The store is closed.',
  'Fairlead is stopping.',
  'Start Fairlead again.',
]
const REFUSALS: Readonly<Record<string, Told>> = {
  '28000': LOGIN,
  '28P01': LOGIN,
  '25006': READ_ONLY,
  '53100': FULL,
  '3D000': [
    'store_database_missing',
    'The server at {server} has no such database.',
    'The name in DATABASE_URL is wrong, or the database was never made.',
    'Create the database, or correct its name in DATABASE_URL.',
  ],
  '42501': [
    'store_not_allowed',
    'The user of the database at {server} may not do this.',
    'It lacks a right that Fairlead needs: to make and use tables in the schema it works in.',
    'Make the user the owner of the database, or grant it all rights on the schema.',
  ],
}
