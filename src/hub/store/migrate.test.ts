import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Kysely, PostgresDialect, sql } from 'kysely'
import { Pool } from 'pg'
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts'
import { untilEnd } from '../../../test/support/until-end.ts'
import { type Migration, migrate, pending } from './migrate.ts'
import { migrations } from './migrations/list.ts'

function creating(name: string): Migration {
  return {
    name,
    up: async (db) => {
      await sql`create table ${sql.table(`made_${name.slice(0, 4)}`)} (id int)`.execute(db)
    },
  }
}

const ONE = creating('9001-one')
const TWO = creating('9002-two')

test('only what was not run yet is run, in order', () => {
  assert.deepEqual(pending([], [ONE, TWO]), [ONE, TWO])
  assert.deepEqual(pending(['9001-one'], [ONE, TWO]), [TWO])
  assert.deepEqual(pending(['9001-one', '9002-two'], [ONE, TWO]), [])
})

test('a database newer than the program is refused', () => {
  assert.throws(() => pending(['9001-one', '9003-later'], [ONE, TWO]), {
    code: 'store_newer_than_program',
    facts: { unknown: ['9003-later'] },
  })
})

test('migrations are numbered one after the other', () => {
  const numbers = migrations.map(({ name }) => Number(/^(\d{4})-[a-z-]+$/.exec(name)?.[1]))
  assert.deepEqual(
    numbers,
    numbers.map((_, index) => index + 1),
  )
})

test('hubs that start together migrate once', async (t) => {
  const keep = untilEnd(t)
  const database = keep(await testDatabase())
  const hubs = Array.from({ length: 4 }, () => connectTo(database))
  const ran = await Promise.all(hubs.map((db) => migrate(db, [...migrations, ONE, TWO])))
  assert.deepEqual(ran.flat(), ['9001-one', '9002-two'])
  await Promise.all(hubs.map((db) => db.destroy()))
})

test('a migration that fails leaves the database as it was', async (t) => {
  const keep = untilEnd(t)
  const database = keep(await testDatabase())
  const db = keep(connectTo(database))
  const failing: Migration = {
    name: '9002-failing',
    up: async (transaction) => {
      await sql`select 1 / 0`.execute(transaction)
    },
  }
  const all = [...migrations, ONE, failing]
  await assert.rejects(migrate(db, all), {
    code: 'store_migration_failed',
    facts: { migration: '9002-failing' },
  })
  const { rows } = await sql<{ made: string | null }>`
    select to_regclass('made_9001') as made`.execute(db)
  assert.deepEqual(rows, [{ made: null }])
})

function connectTo(database: TestDatabase): Kysely<unknown> {
  const pool = new Pool({ connectionString: database.databaseUrl.reveal(), max: 1 })
  pool.on('error', () => undefined)
  return new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
}
