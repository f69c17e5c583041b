import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { type Context, findEntry, type Output } from '../../src/connector/index.ts'
import { startSandboxClient } from '../dataverse/sandbox-client.ts'
import { answerDefinitions } from '../support/account-definitions.ts'
import { startDataverseServer } from '../support/dataverse-server.ts'
import { bodiesOf, runContext } from '../support/run-context.ts'
import { refused } from './run-entry.ts'

const ROWS = 25
const { client, sandbox } = await startSandboxClient({ after }, { rows: ROWS })

async function* outputsOf(config: object, more: Partial<Context<unknown, unknown>>) {
  const context = { ...runContext(client, { ...config }, {}), ...more }
  yield* findEntry('getChanges')?.run(context) ?? []
}

/** What one execution puts out, and the cursor that it leaves behind. */
async function execute(fields: object = {}, cursor: unknown = null, sample = false) {
  const config = { objectType: 'account', emitBehavior: 'emitIndividually', ...fields }
  const outputs: Output[] = []
  for await (const output of outputsOf(config, { cursor, sample })) outputs.push(output)
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
  // Whether a row that came and went between two executions is told is the service's affair.
  for (const one of next.bodies) if (one.id === gone) assert.equal(one.kind, 'deleted')
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

test('an execution that breaks off at any checkpoint goes on from there without a loss', async () => {
  const config = { objectType: 'account', emitBehavior: 'emitIndividually', pageSize: 10 }
  const ids = new Set<unknown>()
  let cursor: unknown = null
  for (let executions = 0; executions < 4; executions += 1) {
    for await (const output of outputsOf(config, { cursor })) {
      if (output.kind === 'data') ids.add(Object(output.body).id)
      else {
        cursor = output.cursor
        break
      }
    }
  }
  assert.equal(ids.size, (await client.count('accounts')).value)
})

test('a first reading that is not wanted stays unwanted when it breaks off', async () => {
  const config = { objectType: 'account', emitBehavior: 'emitPage', pageSize: 10 }
  let cursor: unknown = null
  for await (const output of outputsOf({ ...config, firstRun: 'fromNow' }, { cursor })) {
    if (output.kind === 'data') continue
    cursor = output.cursor
    break
  }
  const rest = await execute(
    { ...config, firstRun: 'fromNow', singlePagePerInterval: true },
    cursor,
  )
  assert.deepEqual(rest.bodies, [])
  assert.deepEqual((await execute(config, rest.cursor)).bodies, [])
})

test('a first reading that is not wanted is done at once, also where an execution takes one page', async () => {
  const fields = { firstRun: 'fromNow', singlePagePerInterval: true, pageSize: 10 }
  const { cursor } = await execute(fields)
  const { id } = await client.create('account', { name: 'After it' })
  const { bodies } = await execute(fields, cursor)
  assert.deepEqual(
    bodies.map((one) => one.id),
    [id],
  )
  await client.delete('account', id)
})

/** The ids of what is put out from a cursor on. */
async function idsSince(cursor: unknown) {
  const config = { objectType: 'account', emitBehavior: 'emitIndividually' }
  const ids: unknown[] = []
  for await (const output of outputsOf(config, { cursor }))
    if (output.kind === 'data') ids.push(output.id)
  return ids
}

test('two changes of a row are two messages, and the same one twice has one id', async () => {
  const { cursor } = await execute({ firstRun: 'fromNow' })
  const { id } = await client.create('account', { name: 'Once' })
  const once = await idsSince(cursor)
  assert.deepEqual(await idsSince(cursor), once)
  await client.update('account', id, { name: 'Twice' })
  const twice = await idsSince(cursor)
  assert.deepEqual([once.length, twice.length, twice[0] === once[0]], [1, 1, false])
  await client.delete('account', id)
})

test('a row that is made again with its id and deleted again is deleted twice', async () => {
  const accountid = crypto.randomUUID()
  let { cursor } = await execute({ firstRun: 'fromNow' })
  const deletions: unknown[] = []
  for (const name of ['First', 'Second']) {
    await client.create('account', { name, accountid })
    ;({ cursor } = await execute({}, cursor))
    await client.delete('account', accountid)
    const [told, ...more] = await idsSince(cursor)
    assert.deepEqual([await idsSince(cursor), more], [[told], []])
    deletions.push(told)
    ;({ cursor } = await execute({}, cursor))
  }
  assert.notEqual(deletions[0], deletions[1])
})

test('what the service has lost track of is read again once, and never twice', async (t) => {
  const server = await startDataverseServer(t, (request, origin) => {
    const link = `${origin}/api/data/v9.2/accounts?$deltatoken=2`
    const kept = request.query.has('$deltatoken') ? {} : { '@odata.deltaLink': link }
    return answerDefinitions(request) ?? { body: { value: [{ accountid: 'a' }], ...kept } }
  })
  const config = { objectType: 'account', emitBehavior: 'emitPage' }
  const since = `${server.origin}/api/data/v9.2/accounts?$deltatoken=1`
  const cursor = { v: 1, of: 'account', since }
  const context = { ...runContext(server.client(), config, {}), cursor }
  const entry = findEntry('getChanges')
  assert.ok(entry)
  const bodies = await bodiesOf(entry.run(context))
  assert.equal(bodies.length, 1)
  const forgetful = await startDataverseServer(t, (request) => {
    return answerDefinitions(request) ?? { body: { value: [] } }
  })
  const running = bodiesOf(entry.run(runContext(forgetful.client(), config, {})))
  await assert.rejects(running, { code: 'tracking_lost' })
  assert.equal(forgetful.requests.filter(({ path }) => path.includes('/accounts')).length, 1)
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
