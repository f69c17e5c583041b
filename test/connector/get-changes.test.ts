import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { findEntry, type Output } from '../../src/connector/index.ts'
import { startSandboxClient } from '../dataverse/sandbox-client.ts'
import { runContext } from '../support/run-context.ts'
import { refused } from './run-entry.ts'

const ROWS = 25
const { client, sandbox } = await startSandboxClient({ after }, { rows: ROWS })

/** What one execution puts out, and the cursor that it leaves behind. */
async function execute(fields: object = {}, cursor: unknown = null, sample = false) {
  const config = { objectType: 'account', emitBehavior: 'emitIndividually', ...fields }
  const outputs: Output[] = []
  const run = findEntry('getChanges')?.run({ ...runContext(client, config, {}), cursor, sample })
  for await (const output of run ?? []) outputs.push(output)
  const bodies = outputs.flatMap((one) => (one.kind === 'data' ? [Object(one.body)] : []))
  const checkpoints = outputs.flatMap((one) => (one.kind === 'checkpoint' ? [one.cursor] : []))
  const kept: unknown = JSON.parse(JSON.stringify(checkpoints.at(-1) ?? cursor))
  return { bodies, cursor: kept }
}

async function createAndDelete() {
  const { id } = await client.create('account', { name: 'Here' })
  const gone = await client.create('account', { name: 'Gone' })
  await client.delete('account', gone.id)
  return { id, gone: gone.id }
}

test('all rows come at first, then what was created, updated or deleted', async () => {
  const first = await execute({ pageSize: 10 })
  assert.equal(first.bodies.length, ROWS)
  assert.ok(first.bodies.every(({ kind, id, row }) => kind === 'upserted' && row.accountid === id))
  const { id, gone } = await createAndDelete()
  const next = await execute({}, first.cursor)
  const here = next.bodies.find((one) => one.id === id)
  assert.deepEqual([here.kind, here.row.name], ['upserted', 'Here'])
  assert.deepEqual(next.bodies.find((one) => one.id === gone) ?? { kind: 'deleted', id: gone }, {
    kind: 'deleted',
    id: gone,
  })
  await client.delete('account', id)
  const last = await execute({ emitBehavior: 'emitPage' }, next.cursor)
  assert.deepEqual(last.bodies, [{ results: [{ kind: 'deleted', id }] }])
  assert.deepEqual((await execute({}, last.cursor)).bodies, [])
})

test('only what changes from now on comes where that is wished, also page by page', async () => {
  const first = await execute({ firstRun: 'fromNow', pageSize: 10 })
  assert.deepEqual(first.bodies, [])
  const { id } = await client.create('account', { name: 'Now' })
  const next = await execute({ firstRun: 'fromNow' }, first.cursor)
  assert.deepEqual(
    next.bodies.map((one) => one.id),
    [id],
  )
  await client.delete('account', id)
})

test('one page an execution goes on where the last one ended', async () => {
  const fields = { pageSize: 10, singlePagePerInterval: true }
  const ids = new Set<string>()
  let cursor: unknown = null
  for (let execution = 0; execution < 4; execution += 1) {
    const one = await execute(fields, cursor)
    assert.ok(one.bodies.length <= 10)
    for (const { id } of one.bodies) ids.add(id)
    cursor = one.cursor
  }
  assert.equal(ids.size, (await client.count('accounts')).value)
})

test('a sample is a few rows, and no checkpoint', async () => {
  const { bodies, cursor } = await execute({ firstRun: 'fromNow' }, null, true)
  assert.equal(bodies.length, 10)
  assert.equal(cursor, null)
})

test('a snapshot of another table is left aside', async () => {
  const { cursor } = await execute({ objectType: 'contact' })
  const { bodies } = await execute({}, cursor)
  assert.ok(bodies.length >= ROWS)
})

test('what the environment has forgotten is read again, or is an error', async () => {
  const { cursor } = await execute({ firstRun: 'fromNow' })
  await sandbox.admin('clock', 'POST', { advanceMs: 8 * 24 * 3_600_000 })
  await assert.rejects(execute({ expired: 'fail' }, cursor), { code: 'tracking_expired' })
  const again = await execute({ firstRun: 'fromNow' }, cursor)
  assert.ok(again.bodies.length >= ROWS)
  assert.deepEqual((await execute({}, again.cursor)).bodies, [])
})

test('wrong fields are named, and so is a table without change tracking', async () => {
  await refused(execute({ emitBehavior: 'x' }), 'emitBehavior', 'invalid_field')
  await refused(execute({ pageSize: 5001 }), 'pageSize', 'invalid_field')
  await refused(execute({ firstRun: 7 }), 'firstRun', 'invalid_field')
  await assert.rejects(execute({ objectType: 'team' }), { code: 'tracking_disabled' })
})
