import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { sql } from 'kysely'
import { testDatabase } from '../../../test/support/database.ts'
import { FakeClock } from '../../../test/support/fake-clock.ts'
import type { Actor, AuditEvent } from './audit-entry.ts'
import { createAuditLog } from './audit-log.ts'

const database = await testDatabase()
const store = await database.open()
const audit = createAuditLog({ store, clock: new FakeClock() })
after(async () => {
  await store.close()
  await database.drop()
})

const event: AuditEvent = {
  action: 'credential.edited',
  subject: { kind: 'credential', id: 'c1' },
  result: 'ok',
  fields: ['name'],
  facts: { b: 1, a: [{ d: 2, c: null }] },
}

function actorIn(workspaceId: string): Actor {
  return { workspaceId, kind: 'user', id: 'ada', ip: '127.0.0.1' }
}

async function record(workspaceId: string, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) await audit.record(actorIn(workspaceId), event)
}

// What somebody with the database's own password could do.
async function tamper(change: ReturnType<typeof sql>): Promise<void> {
  await sql`alter table audit_entries disable trigger user`.execute(store.db)
  await change.execute(store.db)
  await sql`alter table audit_entries enable trigger user`.execute(store.db)
}

test('an entry comes back as it was written', async () => {
  await record('whole', 1)
  const { entries } = await audit.list('whole')
  const { hash, ...entry } = entries[0] ?? assert.fail()
  assert.match(hash, /^[0-9a-f]{64}$/)
  assert.deepEqual(entry, {
    ...event,
    workspaceId: 'whole',
    sequence: 1,
    at: new FakeClock().now(),
    actor: { kind: 'user', id: 'ada', ip: '127.0.0.1' },
  })
})

test('entries written at the same moment form one chain without gaps', async () => {
  await Promise.all(Array.from({ length: 20 }, () => record('crowd', 1)))
  assert.deepEqual(await audit.check('crowd'), { intact: true, count: 20 })
})

test('pages follow each other from the newest to the oldest', async () => {
  await record('pages', 5)
  const first = await audit.list('pages', { limit: 2 })
  assert.ok(first.before)
  const second = await audit.list('pages', { limit: 3, before: first.before })
  const sequences = [...first.entries, ...second.entries].map(({ sequence }) => sequence)
  assert.deepEqual(sequences, [5, 4, 3, 2, 1])
  assert.equal(second.before, undefined)
})

test('the database refuses to change or delete an entry', async () => {
  await record('kept', 1)
  for (const attempt of [
    sql`update audit_entries set action = 'nothing'`,
    sql`delete from audit_entries`,
    sql`truncate audit_entries`,
  ])
    await assert.rejects(attempt.execute(store.db))
  assert.deepEqual(await audit.check('kept'), { intact: true, count: 1 })
})

test('a changed entry breaks the chain at its place', async () => {
  await record('changed', 4)
  await tamper(sql`update audit_entries set result = 'failed'
    where workspace_id = 'changed' and sequence = 3`)
  assert.deepEqual(await audit.check('changed'), { intact: false, brokenAt: 3 })
})

test('an entry taken out of the middle breaks the chain', async () => {
  await record('hole', 4)
  await tamper(sql`delete from audit_entries where workspace_id = 'hole' and sequence = 2`)
  assert.deepEqual(await audit.check('hole'), { intact: false, brokenAt: 2 })
})

test('entries cut off at the end are missed', async () => {
  await record('cut', 4)
  await tamper(sql`delete from audit_entries where workspace_id = 'cut' and sequence > 2`)
  assert.deepEqual(await audit.check('cut'), { intact: false, brokenAt: 3 })
})

test('a change that is undone leaves no entry', async () => {
  const work = store.transaction(async (db) => {
    await audit.append(db, actorIn('undone'), event)
    throw new Error('undo')
  })
  await assert.rejects(work, { message: 'undo' })
  assert.deepEqual((await audit.list('undone')).entries, [])
})
