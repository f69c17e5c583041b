import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startSandboxClient } from '../dataverse/sandbox-client.ts'
import { type PollRun, pollRuns, stampedRows } from './poll-runs.ts'

const { client, sandbox } = await startSandboxClient({ after }, { rows: 5 })
const execute = pollRuns(client)
const create = stampedRows(client, sandbox)
const SECOND = 1_000
// So little that not every row of the window is remembered by itself.
const limits = { maxMessageBytes: 10_000_000, maxCursorBytes: 400 }
const poll = (cursor?: unknown) => execute({ lateRows: 'ignore' }, cursor, { limits })

const told = ({ log }: PollRun, event: string) => log.find((line) => line['event'] === event)
const WARNING = 'rows may be put out more than once'

test('rows of one second are recognised together, and come again where one of them is not as it was', async () => {
  const ids: string[] = []
  const at = Math.floor(Date.now() / SECOND) * SECOND - 120 * SECOND
  for (let count = 0; count < 60; count += 1) ids.push(await create(`Tied ${count}`, at))
  const first = await poll()
  assert.equal(first.ids.length, 65)
  const second = await poll(first.cursor)
  assert.deepEqual([second.ids, told(second, WARNING)], [[], undefined])
  const { repeated, mayRepeat } = told(second, 'poll ended') ?? {}
  assert.deepEqual([repeated, mayRepeat], [60, 0])
  await client.update('account', ids[0] ?? '', { name: 'Again' })
  const third = await poll(second.cursor)
  assert.deepEqual(third.ids.toSorted(), ids.toSorted())
  const { count, mayRepeat: unsure } = told(third, WARNING) ?? {}
  assert.deepEqual([count, unsure], [60, 59])
  assert.deepEqual((await poll(third.cursor)).ids, [])
})

test('what is not remembered at all is put out again, rather than skipped, and counted', async () => {
  const hour = 3_600 * SECOND
  await sandbox.admin('clock', 'POST', { advanceMs: hour })
  const now = Date.now() + hour
  const { cursor } = await poll()
  const ids: string[] = []
  for (let count = 0; count < 100; count += 1) {
    ids.push(await create(`Apart ${count}`, now - (200 - count) * SECOND))
  }
  const first = await poll(cursor)
  assert.deepEqual(first.ids, ids)
  const { count, mayRepeat } = told(first, WARNING) ?? {}
  assert.equal(count, 100)
  assert.ok(Number(mayRepeat) > 0 && Number(mayRepeat) < 100)
  const second = await poll(first.cursor)
  assert.deepEqual(second.ids, ids.slice(0, Number(mayRepeat)))
})
