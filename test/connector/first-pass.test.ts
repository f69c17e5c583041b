import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { readTable } from '../../src/connector/fields/object-type.ts'
import { execute } from '../../src/connector/triggers/polling/execution.ts'
import { LateRows } from '../../src/connector/triggers/polling/late-rows.ts'
import { openPoll } from '../../src/connector/triggers/polling/poll.ts'
import { placeIn } from '../../src/connector/triggers/polling/snapshot.ts'
import { systemClock } from '../../src/kernel/index.ts'
import { startSandboxClient } from '../dataverse/sandbox-client.ts'
import { runContext } from '../support/run-context.ts'
import { lateRows } from './poll-runs.ts'

const ROWS = 55
const OF = 'account/modifiedon'
const PACE = { pages: 2, pageSize: 10 }
const { client, sandbox } = await startSandboxClient({ after }, { rows: ROWS })
const createLate = lateRows(client, sandbox)
const range = {
  ...{ table: await readTable(client, 'account'), column: 'modifiedon' as const },
  ...{ start: 0, pageSize: 5_000 },
}

interface Run {
  readonly ids: readonly string[]
  readonly cursor: unknown
  /** Every snapshot that was given out, the last one included. */
  readonly cursors: readonly unknown[]
}

/** Makes one execution, at most so many steps of it, with a pass of few ids at a time. */
async function executeOnce(
  kept: unknown,
  { steps = 1_000, singlePagePerInterval = false, pageSize = 5_000, passed = 0 } = {},
): Promise<Run> {
  const clock = { ...systemClock, now: () => systemClock.now() + passed }
  const context = { ...runContext(client, {}, {}), clock }
  const polled = { ...range, pageSize }
  const from = openPoll(polled, kept, context.logger)
  const late = new LateRows(polled, 'require', placeIn(kept, from.of), context, PACE)
  const [ids, cursors]: [string[], unknown[]] = [[], []]
  for await (const step of execute(polled, from, late, { singlePagePerInterval }, context)) {
    ids.push(...step.rows.map((row) => String(row['accountid'])))
    cursors.push(JSON.parse(JSON.stringify(step.cursor)))
    if (cursors.length === steps) break
  }
  return { ids, cursors, cursor: cursors.at(-1) ?? kept }
}

const isPassing = (cursor: unknown) => placeIn(cursor, OF)?.passing !== undefined

/** Goes on until the pass is over, and gives what came out meanwhile. */
async function finish(kept: unknown) {
  const ids: string[] = []
  let [cursor, executions] = [kept, 0]
  while (isPassing(cursor)) {
    const run = await executeOnce(cursor)
    ids.push(...run.ids)
    cursor = run.cursor
    executions += 1
    assert.ok(executions < 100)
  }
  return { ids, cursor, executions }
}

test('the walk comes first, and the pass over the ids in pieces after it', async () => {
  const first = await executeOnce(null)
  assert.equal(first.ids.length, ROWS)
  // One page of the walk, two of the pass.
  assert.deepEqual(first.cursors.map(isPassing), [false, true, true])
  const { id } = await client.create('account', { name: 'Meanwhile' })
  const { ids, cursor, executions } = await finish(first.cursor)
  // Six pages of ids or seven, and one of what changed meanwhile.
  assert.ok(executions === 3 || executions === 4, `${executions}`)
  assert.deepEqual(ids, [id])
  const late = await createLate('Late')
  const next = await executeOnce(cursor)
  assert.deepEqual(next.ids, [late])
  assert.deepEqual((await executeOnce(next.cursor)).ids, [])
})

test('a crash after any step of the pass leaves it where it was', async () => {
  let cursor = (await executeOnce(null, { steps: 1 })).cursor
  // Each execution dies after the walk and one page of the pass, every other without keeping that.
  for (let executions = 0; executions < 60; executions += 1) {
    const { cursors } = await executeOnce(cursor, { steps: 2 })
    cursor = executions % 2 === 0 ? cursors[1] : cursors[0]
    if (executions > 0 && !isPassing(cursor)) break
  }
  assert.equal(isPassing(cursor), false)
  const late = await createLate('Late')
  // Dies once the late row is out, before the walk, and the next does not put it out again.
  const caught = await executeOnce(cursor, { steps: 1 })
  assert.deepEqual(caught.ids, [late])
  assert.deepEqual((await executeOnce(caught.cursor)).ids, [])
  assert.deepEqual((await executeOnce(cursor)).ids, [late])
})

test('a walk of one page an execution has the pass beside it', async () => {
  const ids: string[] = []
  let cursor: unknown = null
  const single = { singlePagePerInterval: true, pageSize: 20 }
  for (let executions = 0; executions === 0 || isPassing(cursor); executions += 1) {
    const run = await executeOnce(cursor, single)
    assert.ok(run.ids.length <= 20)
    ids.push(...run.ids)
    cursor = run.cursor
    assert.ok(executions < 20)
  }
  const rows = (await client.count('accounts')).value
  assert.equal(new Set(ids).size, rows)
  assert.equal(ids.length, rows)
})

test('seldom executions pass over more at a time', async () => {
  const { cursor } = await executeOnce(null)
  const hour = await executeOnce(cursor, { passed: 3_600_000 })
  assert.equal(isPassing(hour.cursor), false)
})

test('a pass whose place the environment has forgotten is begun anew at the next execution', async () => {
  const { cursor } = await executeOnce(null)
  await sandbox.admin('clock', 'POST', { advanceMs: 8 * 24 * 3_600_000 })
  const ended = await finish(cursor)
  assert.equal(placeIn(ended.cursor, OF), undefined)
  const anew = await executeOnce(ended.cursor)
  assert.equal(isPassing(anew.cursor), true)
  const done = await finish(anew.cursor)
  const late = await createLate('Late')
  assert.deepEqual((await executeOnce(done.cursor)).ids, [late])
})
