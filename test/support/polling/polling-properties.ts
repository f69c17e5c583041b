import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { IdOrder, PolledTable } from './polled-table.ts'
import { type History, histories, LATEST_S } from './polling-history.ts'
import { type Execution, PollingHost } from './polling-host.ts'

const LARGEST_SNAPSHOT = 5_000
// Beside a link, hardly a row has room in it.
const SMALL_SNAPSHOT = 800
const WHOLE_WALK: Execution = {
  emitBehavior: 'emitPage',
  pageSize: 5,
  singlePagePerInterval: false,
}

/** The newest version of every row comes out, whatever happens. */
export function nothingIsLost(table: PolledTable, idOrder: IdOrder) {
  const any = histories({
    poll: {
      objectType: ['annotation', 'task'],
      pollConfig: ['created', 'lastModified'],
      maxCursorBytes: [SMALL_SNAPSHOT, LARGEST_SNAPSHOT],
    },
    latest: LATEST_S,
    refusals: true,
    outputOutlivesCheckpoint: true,
  })
  return fc.asyncProperty(any, async (history) => {
    const host = await begin(history, table, idOrder)
    await happen(history, host, table)
    await assertNothingLost(host, table)
  })
}

/**
 * And nothing comes out twice, where the snapshot has room for the rows of the window and output stays only
 * where its checkpoint does.
 */
export function nothingComesTwice(table: PolledTable, idOrder: IdOrder) {
  const kept = histories({
    poll: {
      objectType: ['annotation', 'task'],
      pollConfig: ['created', 'lastModified'],
      maxCursorBytes: [LARGEST_SNAPSHOT],
    },
    latest: LATEST_S,
    refusals: true,
    outputOutlivesCheckpoint: false,
  })
  return fc.asyncProperty(kept, async (history) => {
    const host = await begin(history, table, idOrder)
    await happen(history, host, table)
    await assertNothingLost(host, table)
    assertNothingTwice(host)
  })
}

/** Both hold of rows that are later, too, where changes are tracked and all ids were passed over once. */
export function lateRowsAreCaught(table: PolledTable, idOrder: IdOrder) {
  const late = histories({
    poll: {
      objectType: ['task'],
      pollConfig: ['lastModified'],
      maxCursorBytes: [LARGEST_SNAPSHOT],
    },
    latest: 20 * LATEST_S,
    refusals: false,
    outputOutlivesCheckpoint: false,
  })
  return fc.asyncProperty(late, async (history) => {
    const host = await begin(history, table, idOrder)
    await host.execute(WHOLE_WALK)
    host.settle()
    await happen(history, host, table)
    await assertNothingLost(host, table)
    assertNothingTwice(host)
  })
}

async function begin(
  { poll }: History,
  table: PolledTable,
  idOrder: IdOrder,
): Promise<PollingHost> {
  await table.begin(poll.objectType, idOrder)
  return new PollingHost(poll, table)
}

/** Lets a history happen, and the poll come to rest. */
async function happen({ steps }: History, host: PollingHost, table: PolledTable): Promise<void> {
  for (const step of steps) {
    if (step.do === 'execute') await host.execute(step)
    else await table.change(step)
  }
  await table.change({ do: 'wait', seconds: 2 * LATEST_S })
  for (let walks = 0; walks < 2; walks += 1) await host.execute(WHOLE_WALK)
}

async function assertNothingLost(host: PollingHost, table: PolledTable): Promise<void> {
  const polled = (await table.rows()).filter((row) => host.isPolled(row))
  const newest = polled.map((row) => host.versionOf(row))
  const lost = newest.filter((version) => !host.versions.includes(version))
  assert.deepEqual(lost, [], 'rows that never came out')
}

function assertNothingTwice({ versions }: PollingHost): void {
  const twice = versions.filter((version, index) => versions.indexOf(version) !== index)
  assert.deepEqual(twice, [], 'rows that came out twice')
}
