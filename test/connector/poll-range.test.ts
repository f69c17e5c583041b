import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startSandboxClient } from '../dataverse/sandbox-client.ts'
import { lateRows, pollRuns } from './poll-runs.ts'

const { client, sandbox } = await startSandboxClient({ after }, { rows: 5 })
const execute = pollRuns(client)
const createStamped = lateRows(client, sandbox)
const MINUTE = 60_000
const ago = (minutes: number) => new Date(Date.now() - minutes * MINUTE).toISOString()

test('an end that is moved, or taken away, leaves out nothing', async () => {
  const { cursor } = await execute({ endTime: ago(120) })
  const rows = []
  for (const minutes of [100, 80, 60, 40]) rows.push(await createStamped('A', minutes * MINUTE))
  const earlier = await execute({ endTime: ago(70) }, cursor)
  assert.deepEqual(earlier.ids.toSorted(), rows.slice(0, 2).toSorted())
  const later = await execute({}, earlier.cursor)
  assert.deepEqual(later.ids.toSorted(), rows.slice(2).toSorted())
})

test('so it is amid a walk, and its start may be moved there too', async () => {
  const { cursor } = await execute({ startTime: ago(400), endTime: ago(350) })
  const rows = []
  for (const minutes of [340, 330, 320, 310, 300]) {
    rows.push(await createStamped('B', minutes * MINUTE))
  }
  const single = { pageSize: 1, singlePagePerInterval: true }
  const first = await execute({ ...single, endTime: ago(315) }, cursor)
  assert.deepEqual(first.ids, rows.slice(0, 1))
  const second = await execute({ ...single, endTime: ago(305) }, first.cursor)
  const third = await execute({ endTime: ago(305), startTime: ago(315) }, second.cursor)
  assert.deepEqual([second.ids, third.ids], [[rows[1]], [rows[3]]])
})

test('a walk that was begun to an earlier end is not taken for one to the later', async () => {
  const { cursor } = await execute({ endTime: ago(290) })
  const rows = []
  for (const minutes of [280, 270, 260, 250]) {
    rows.push(await createStamped('C', minutes * MINUTE))
  }
  const single = { pageSize: 1, singlePagePerInterval: true }
  const first = await execute({ ...single, endTime: ago(265) }, cursor)
  const second = await execute({}, first.cursor)
  const third = await execute({}, second.cursor)
  const found = [...first.ids, ...second.ids, ...third.ids]
  assert.deepEqual(
    rows.filter((id) => !found.includes(id)),
    [],
  )
})
