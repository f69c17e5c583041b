import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { findEntry, type Output } from '../../src/connector/index.ts'
import { systemClock } from '../../src/kernel/index.ts'
import { startSandboxClient } from '../dataverse/sandbox-client.ts'
import { runContext } from '../support/run-context.ts'
import { refused } from './run-entry.ts'

const { client, sandbox } = await startSandboxClient({ after }, { rows: 40 })
const [organization] = sandbox.description.organizations
const catching = { catchLateRows: true }

/** What one execution puts out, and the cursor that it leaves behind. */
async function execute(fields: object = {}, cursor: unknown = null) {
  const config = { objectType: 'account', emitBehavior: 'emitIndividually', ...fields }
  const context = { ...runContext(client, config, {}), clock: systemClock, cursor }
  const outputs: Output[] = []
  for await (const output of findEntry('getNewAndUpdatedObjectsPolling')?.run(context) ?? []) {
    outputs.push(output)
  }
  const ids = outputs.flatMap((one) => (one.kind === 'data' ? [Object(one.body).accountid] : []))
  const cursors = outputs.flatMap((one) => (one.kind === 'checkpoint' ? [one.cursor] : []))
  const kept: unknown = JSON.parse(JSON.stringify(cursors.at(-1) ?? cursor))
  assert.ok(JSON.stringify(kept).length <= 5_000)
  return { ids, cursor: kept }
}

/** A row that becomes visible an hour after its timestamp. */
async function createLate(name: string): Promise<string> {
  const { id } = await client.create('account', { name })
  const place = `/organizations/${organization?.uniqueName}/tables/account/rows/${id}`
  await sandbox.admin(place, 'PATCH', { modifiedon: Date.now() - 3_600_000 })
  return id
}

test('a row that is later than any window is caught where that is wished, once', async () => {
  const without = await execute()
  const { cursor, ids } = await execute(catching)
  assert.equal(ids.length, 40)
  const late = await createLate('Late')
  assert.deepEqual((await execute({}, without.cursor)).ids, [])
  const caught = await execute(catching, cursor)
  assert.deepEqual(caught.ids, [late])
  assert.deepEqual((await execute(catching, caught.cursor)).ids, [])
})

test('rows on time come by the walk alone, and not twice', async () => {
  const { cursor } = await execute(catching)
  const { id } = await client.create('account', { name: 'On time' })
  const next = await execute(catching, cursor)
  assert.deepEqual(next.ids, [id])
  assert.deepEqual((await execute(catching, next.cursor)).ids, [])
})

test('late rows are a page of their own where one page an execution is wished', async () => {
  const fields = { ...catching, singlePagePerInterval: true }
  const { cursor } = await execute(catching)
  const late = await createLate('Late')
  const { id } = await client.create('account', { name: 'On time' })
  const first = await execute(fields, cursor)
  const second = await execute(fields, first.cursor)
  assert.deepEqual([first.ids, second.ids], [[late], [id]])
})

test('it is begun where it was not wished before, and by a cursor that has expired', async () => {
  const { cursor } = await execute()
  const begun = await execute(catching, cursor)
  const late = await createLate('Late')
  assert.deepEqual((await execute(catching, begun.cursor)).ids, [late])
  await sandbox.admin('clock', 'POST', { advanceMs: 8 * 24 * 3_600_000 })
  const again = await execute(catching, begun.cursor)
  const later = await createLate('Later')
  assert.deepEqual((await execute(catching, again.cursor)).ids, [later])
})

test('what cannot be caught is named', async () => {
  await refused(execute({ ...catching, pollConfig: 'created' }), 'catchLateRows', 'invalid_field')
  await refused(execute({ ...catching, objectType: 'team' }), 'catchLateRows', 'invalid_field')
  await refused(execute({ catchLateRows: 'maybe' }), 'catchLateRows', 'invalid_field')
})
