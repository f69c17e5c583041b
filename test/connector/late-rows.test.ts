import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Output } from '../../src/connector/index.ts'
import { systemClock } from '../../src/kernel/index.ts'
import { startSandboxClient } from '../dataverse/sandbox-client.ts'
import { lateRows, type PollRun, pollRuns } from './poll-runs.ts'
import { refused } from './run-entry.ts'

const { client, sandbox } = await startSandboxClient({ after }, { rows: 40 })
const execute = pollRuns(client)
const createLate = lateRows(client, sandbox)
const required = { lateRows: 'require' }
const ignored = { lateRows: 'ignore' }

const eventsOf = ({ log }: PollRun) => log.map(({ level, event }) => `${level} ${event}`)
const found = ({ log }: PollRun, event: string) => log.find((line) => line['event'] === event)

test('a row that is later than any window is caught without further ado, once, and counted', async () => {
  const first = await execute()
  assert.equal(first.ids.length, 40)
  const late = await createLate('Late')
  const caught = await execute({}, first.cursor)
  assert.deepEqual(caught.ids, [late])
  const { level, table, count, ms } = found(caught, 'late rows caught') ?? {}
  assert.deepEqual([level, table, count], ['warn', 'account', 1])
  assert.ok(Number(ms) >= 3_599_000 && Number(ms) < 3_700_000)
  const next = await execute({}, caught.cursor)
  assert.deepEqual([next.ids, found(next, 'late rows caught')], [[], undefined])
})

test('where late rows are left out, they are not looked for', async () => {
  const { cursor } = await execute(ignored)
  assert.equal(Object(cursor).changes, undefined)
  await createLate('Left out')
  const next = await execute(ignored, cursor)
  assert.deepEqual(next.ids, [])
  assert.deepEqual(eventsOf(next), ['info poll ended'])
})

test('rows on time come by the walk alone, and not twice', async () => {
  const { cursor } = await execute()
  const { id } = await client.create('account', { name: 'On time' })
  const next = await execute({}, cursor)
  assert.deepEqual(next.ids, [id])
  assert.deepEqual((await execute({}, next.cursor)).ids, [])
})

test('late rows come beside the one page of an execution, so that neither waits for the other', async () => {
  const fields = { singlePagePerInterval: true, pageSize: 2 }
  const { cursor } = await execute()
  const late = [await createLate('Late 1'), await createLate('Late 2'), await createLate('Late 3')]
  const onTime: string[] = []
  for (const name of ['1', '2', '3']) onTime.push((await client.create('account', { name })).id)
  const first = await execute(fields, cursor)
  assert.deepEqual(first.ids.slice(0, 3).toSorted(), late.toSorted())
  assert.ok(first.ids.length <= 5)
  const rest = await execute({}, first.cursor)
  assert.deepEqual([...first.ids.slice(3), ...rest.ids].toSorted(), onTime.toSorted())
})

test('a cursor that left them out begins to look for them', async () => {
  const { cursor } = await execute(ignored)
  const begun = await execute(required, cursor)
  const late = await createLate('Late')
  assert.deepEqual((await execute(required, begun.cursor)).ids, [late])
})

test('late rows outside of start and end are none', async () => {
  const startTime = new Date(Date.now() - 1_800_000).toISOString()
  const { cursor } = await execute({ startTime })
  await createLate('Too early')
  const late = await createLate('Late', 1_200_000)
  assert.deepEqual((await execute({ startTime }, cursor)).ids, [late])
  const endTime = new Date(Date.now() - 1_500_000).toISOString()
  const ended = await execute({ endTime })
  await createLate('After the end', 1_200_000)
  const before = await createLate('Before the end', 2_400_000)
  assert.deepEqual((await execute({ endTime }, ended.cursor)).ids, [before])
})

test('a long walk looks for late rows in between, and takes none for late that it put out itself', async () => {
  const { cursor } = await execute()
  const rows: string[] = []
  for await (const row of client.rows('accounts', { select: ['accountid'], top: 30 })) {
    rows.push(String(row['accountid']))
  }
  for (const id of rows) await client.update('account', id, { name: 'Again' })
  let [passed, pages] = [0, 0]
  const late: string[] = []
  const meanwhile: string[] = []
  const between = async ({ kind }: Output) => {
    if (kind !== 'checkpoint') return
    await sandbox.admin('clock', 'POST', { advanceMs: 4 * 60_000 })
    passed += 4 * 60_000
    pages += 1
    if (pages !== 3) return
    late.push(await createLate('Late'))
    meanwhile.push((await client.create('account', { name: 'Meanwhile' })).id)
  }
  const clock = { ...systemClock, now: () => systemClock.now() + passed }
  const long = await execute({ pageSize: 10 }, cursor, { between, clock })
  assert.deepEqual(long.ids.toSorted(), [...rows, ...late, ...meanwhile].toSorted())
  assert.equal(found(long, 'late rows caught')?.['count'], 1)
  assert.deepEqual((await execute({}, long.cursor, { clock })).ids, [])
})

test('a table whose changes are not tracked is polled without', async () => {
  const run = await execute({ objectType: 'team' })
  assert.deepEqual(eventsOf(run), [
    'debug late rows cannot be told, changes are not tracked',
    'info poll ended',
  ])
  await refused(execute({ objectType: 'team', ...required }), 'lateRows', 'invalid_field')
})

test('by time of creation nothing can be known of late rows', async () => {
  const created = { pollConfig: 'created' }
  assert.deepEqual(eventsOf(await execute(created)), [
    'debug late rows cannot be told by time of creation',
    'info poll ended',
  ])
  await refused(execute({ ...created, ...required }), 'lateRows', 'invalid_field')
  await refused(execute({ lateRows: 'maybe' }), 'lateRows', 'invalid_field')
})
