import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { PolledTable } from '../support/polling/polled-table.ts'
import { type Execution, PollingHost } from '../support/polling/polling-host.ts'

const table = await PolledTable.start({ after })
const walk: Execution = { emitBehavior: 'emitPage', pageSize: 2, singlePagePerInterval: false }

test('a row on time that a walk of minutes puts out is not taken for late after it', async () => {
  for (const [late, seconds] of [
    [300, 100],
    [300, 250],
    [100, 299],
  ] as const) {
    await table.begin('task', 'uniqueidentifier')
    const poll = { objectType: 'task', pollConfig: 'lastModified', maxCursorBytes: 5_000 } as const
    const host = new PollingHost(poll, table)
    await host.execute(walk)
    await table.change({ do: 'write', first: 0, count: 10, late: 0 })
    await table.change({ do: 'wait', seconds: 1_000 })
    const write = { do: 'write', first: 10, count: 1, late } as const
    const wait = { do: 'wait', seconds } as const
    await host.execute({ ...walk, meanwhile: { after: 2, changes: [write, wait] } })
    assert.equal(host.versions.length, 11)
    await host.execute(walk)
    assert.equal(host.versions.length, 11)
  }
})
