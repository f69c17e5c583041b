import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Change, ChangeOptions } from '../../src/dataverse/index.ts'
import { startSandboxClient } from './sandbox-client.ts'

const ROWS = 25
const { client, sandbox } = await startSandboxClient({ after }, { rows: ROWS })

async function read(options: ChangeOptions = {}) {
  const changes: Change[] = []
  let cursor = ''
  let pages = 0
  for await (const page of client.changes('accounts', { select: ['name'], ...options })) {
    changes.push(...page.changes)
    cursor = page.cursor
    pages += 1
  }
  return { changes, cursor, pages }
}

const nameOf = (change: Change | undefined) =>
  change?.kind === 'upserted' ? change.row['name'] : change?.id

test('all rows of all pages come, then creations, updates and deletions since', async () => {
  const first = await read({ pageSize: 10 })
  assert.equal(first.changes.length, ROWS)
  assert.equal(first.pages, 3)
  const { id } = await client.create('account', { name: 'New' })
  const gone = first.changes[3]
  assert.ok(gone?.kind === 'upserted')
  await client.delete('account', String(gone.row['accountid']))
  assert.equal(await client.countChanges('accounts', first.cursor), 2)
  const delta = await read({ since: first.cursor })
  assert.deepEqual(delta.changes.map(nameOf), ['New', gone.row['accountid']])
  await client.update('account', id, { name: 'Changed' })
  const next = await read({ since: delta.cursor })
  assert.deepEqual(next.changes.map(nameOf), ['Changed'])
  assert.deepEqual((await read({ since: next.cursor })).changes, [])
})

test('reading goes on from a page in the middle', async () => {
  const page = await client.changes('accounts', { select: ['name'], pageSize: 10 }).next()
  assert.ok(page.done !== true && !page.value.last)
  const rest = await read({ pageSize: 10, since: page.value.cursor })
  assert.equal(page.value.changes.length + rest.changes.length, ROWS)
})

test('a table without change tracking is told by name', async () => {
  await assert.rejects(client.changes('teams').next(), { code: 'tracking_disabled' })
})

test('a cursor that is too old is told by name', async () => {
  const { cursor } = await read()
  await sandbox.admin('clock', 'POST', { advanceMs: 8 * 24 * 3_600_000 })
  await assert.rejects(read({ since: cursor }), { code: 'tracking_expired' })
})
