import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { sql } from 'kysely'
import { testDatabase } from '../../../test/support/database.ts'
import { untilEnd } from '../../../test/support/until-end.ts'
import { type Clock, Secret, silentLogger } from '../../kernel/index.ts'
import { openStore, requireVersion } from './open-store.ts'
import type { Store } from './store.ts'
import { StoreError } from './store-error.ts'

/** A clock on which nobody waits. */
function hurriedClock(): Clock {
  let now = 0
  return {
    now: () => now,
    sleep: async (ms) => {
      now += ms
    },
  }
}

function open(databaseUrl: string): Promise<Store> {
  const parts = { dataFolder: tmpdir(), logger: silentLogger, clock: hurriedClock() }
  return openStore({ ...parts, databaseUrl: new Secret(databaseUrl) })
}

function isUnreachable(error: unknown): false {
  if (error instanceof StoreError && error.code === 'store_unreachable') return false
  throw error
}

async function failure(work: Promise<unknown>): Promise<StoreError> {
  const error: unknown = await work.then(
    () => assert.fail('It did not fail.'),
    (reason) => reason,
  )
  assert.ok(error instanceof StoreError, inspect(error))
  return error
}

test('an address that is none names the variable and shows no part of it', async () => {
  for (const text of [
    'canary',
    'mysql://u:canary@h/d',
    'postgres://u:canary@h',
    'postgres://u:ca#n@',
  ])
    assert.doesNotMatch(inspect(await failure(open(text))), /canary|u:ca/)
  assert.equal((await failure(open('canary'))).facts['variable'], 'DATABASE_URL')
})

test('a server that is not there is an error that says where', async () => {
  const error = await failure(open('postgres://u:canary@127.0.0.1:1/d'))
  assert.equal(error.code, 'store_unreachable')
  assert.equal(error.facts['server'], '127.0.0.1:1')
  assert.doesNotMatch(inspect(error), /canary/)
})

test('a refused login and a missing database are told apart', async (t) => {
  const keep = untilEnd(t)
  const database = keep(await testDatabase())
  const wrong = new URL(database.databaseUrl.reveal())
  wrong.password = 'canary'
  const refused = await failure(open(wrong.href))
  assert.equal(refused.code, 'store_login_refused')
  assert.doesNotMatch(inspect(refused), /canary/)
  const missing = new URL(database.databaseUrl.reveal())
  missing.pathname = '/no_such_database'
  assert.equal((await failure(open(missing.href))).code, 'store_database_missing')
})

test('a server older than 14 is refused, 14 is not', () => {
  assert.throws(() => requireVersion(130_015, '13.15', 'db.example'), {
    code: 'store_version_unsupported',
  })
  requireVersion(140_000, '14.0', 'db.example')
})

test('connections that the server ends are replaced', async (t) => {
  const keep = untilEnd(t)
  const database = keep(await testDatabase())
  const store = keep(await database.open())
  const other = keep(await database.open())
  await Promise.all([1, 2, 3].map(() => store.ping()))
  const { rows: ended } = await sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`.execute(other.db)
  // What was sent on a connection before its end is noticed fails and may be sent again, once for each.
  for (let lost = 0; lost <= ended.length; lost += 1)
    if (await sql`select 1`.execute(store.db).then(Boolean, isUnreachable)) return
  assert.fail('Lost connections are used again and again.')
})

test('counters are numbers, times are ms, and what no number holds stays exact', async (t) => {
  const keep = untilEnd(t)
  const database = keep(await testDatabase())
  const store = keep(await database.open())
  const { rows } =
    await sql`select 9007199254740991::bigint as large, 9007199254740993::bigint as huge,
    timestamptz '2026-11-23 04:00:00.123+00' as at, null::timestamptz as never`.execute(store.db)
  const at = Date.UTC(2026, 10, 23, 4, 0, 0, 123)
  assert.deepEqual(rows, [
    { large: 9_007_199_254_740_991, huge: '9007199254740993', at, never: null },
  ])
})

test('a transaction that fails leaves nothing behind', async (t) => {
  const keep = untilEnd(t)
  const database = keep(await testDatabase())
  const store = keep(await database.open())
  const work = store.transaction(async (db) => {
    await sql`create table halves (id int)`.execute(db)
    throw new Error('halfway')
  })
  await assert.rejects(work, /halfway/)
  const { rows } = await sql`select to_regclass('halves') as found`.execute(store.db)
  assert.deepEqual(rows, [{ found: null }])
})

test('a closed store says so, and closing it again does no harm', async (t) => {
  const keep = untilEnd(t)
  const database = keep(await testDatabase())
  const store = await database.open()
  await Promise.all([store.close(), store.close()])
  const error = await failure(sql`select 1`.execute(store.db))
  assert.equal(error.code, 'store_closed')
  await assert.rejects(store.ping(), { code: 'store_closed' })
})
