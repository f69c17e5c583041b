import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startSandboxClient } from '../dataverse/sandbox-client.ts'
import { pollRuns, stampedRows } from './poll-runs.ts'

const { client, sandbox } = await startSandboxClient({ after }, { rows: 3 })
const execute = pollRuns(client)
const create = stampedRows(client, sandbox)

test('a late row that is stamped as the last one of a page is caught, wherever the service puts it among them', async () => {
  const { cursor } = await execute()
  const at = Math.floor(Date.now() / 1_000) * 1_000 - 3_600_000
  // A poll from before them: its next page ends amid rows of one and the same time.
  const before = { ...Object(cursor), low: new Date(at - 60_000).toISOString(), seen: '' }
  const rows: string[] = []
  for (let count = 0; count < 6; count += 1) rows.push(await create(`Tied ${count}`, at))
  const { cursor: begun } = await execute({}, cursor)
  const place = Object(begun).changes
  const single = { pageSize: 2, singlePagePerInterval: true }
  const first = await execute(single, { ...before, changes: place })
  assert.equal(first.ids.length, 2)
  const late: string[] = []
  for (const digit of ['0', '4', '8', 'f']) {
    late.push(
      await create('Late', at, '00000000-0000-4000-8000-000000000000'.replaceAll('0', digit)),
    )
  }
  const found = [...first.ids]
  let kept = first.cursor
  for (let executions = 0; executions < 12; executions += 1) {
    const run = await execute(single, kept)
    found.push(...run.ids)
    kept = run.cursor
  }
  assert.deepEqual(found.toSorted(), [...rows, ...late].toSorted())
})
