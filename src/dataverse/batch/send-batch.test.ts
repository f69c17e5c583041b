import assert from 'node:assert/strict'
import { test } from 'node:test'
import { batchAnswer, type ScriptedPart } from '../../../test/support/batch-answer.ts'
import { type Reply, startDataverseServer } from '../../../test/support/dataverse-server.ts'
import { DataverseError } from '../errors/dataverse-error.ts'
import type { Operation } from '../operation.ts'
import { countOperation, rowOperation } from '../read/read-operations.ts'
import { changeSet, type OperationOutcome } from './batch-item.ts'

const create = (name: string): Operation<string> => ({
  method: 'POST',
  path: 'accounts',
  body: { name },
  read: ({ headers }) => headers.get('odata-entityid') ?? '',
})

const upsert = (id: number): Operation<number> => ({
  method: 'PATCH',
  path: `accounts(00000000-0000-0000-0000-00000000000${id})`,
  body: { name: 'x' },
  idempotent: true,
  read: ({ status }) => status,
})

const created = (id: string, contentId?: string): ScriptedPart => ({
  status: 204,
  headers: { 'OData-EntityId': id },
  ...(contentId === undefined ? {} : { contentId }),
})

const error = (message: string, contentId?: string): ScriptedPart => ({
  status: 400,
  headers: { REQ_ID: 'request-1' },
  body: { error: { code: '0x80040203', message } },
  ...(contentId === undefined ? {} : { contentId }),
})

const answering = (context: Parameters<typeof startDataverseServer>[0], ...replies: Reply[]) => {
  let next = 0
  return startDataverseServer(context, () => replies[next++] ?? { status: 500 })
}

/** What became of an operation, in one word or value. */
const shown = (outcome: OperationOutcome<unknown>): unknown =>
  outcome.ok ? outcome.value : outcome.skipped ? 'skipped' : outcome.error.code

test('every operation has its own typed result, in order', async (t) => {
  const server = await answering(
    t,
    batchAnswer([
      created('a'),
      { status: 200, body: { name: '--batchresponse_1--\r\n"' } },
      { changeSet: [created('c', '2'), created('b', '1')] },
      { status: 404, body: { error: { code: '0x80040217', message: 'gone' } } },
    ]),
  )
  const [first, row, set, last] = await server
    .client()
    .batch([
      create('a'),
      rowOperation('accounts', { accountnumber: '7' }),
      changeSet([create('b'), create('c')]),
      { ...rowOperation('accounts', { accountnumber: '8' }), allow: [404] },
    ])
  assert.deepEqual(first, { ok: true, value: 'a' })
  assert.ok(row.ok)
  assert.equal(row.value['name'], '--batchresponse_1--\r\n"')
  // By content id, whatever their order.
  assert.deepEqual(set.map(shown), ['b', 'c'])
  assert.ok(last.ok)
  const [request] = server.requests
  assert.equal(request?.method, 'POST')
  assert.equal(request?.path, '/api/data/v9.2/$batch')
  assert.equal(request?.headers['prefer'], undefined)
})

test('several counts in one batch each give their number', async (t) => {
  const count = { status: 200, body: '\uFEFF42' }
  const server = await answering(
    t,
    batchAnswer([count, count, { status: 200, body: '\uFEFF5000' }]),
  )
  const counts = [1, 2, 3].map(() => countOperation('accounts'))
  assert.deepEqual((await server.client().batch(counts)).map(shown), [
    { value: 42, exact: true },
    { value: 42, exact: true },
    { value: 5000, exact: false },
  ])
})

test('a batch stops at the first failure: what came before is done, what comes after was not run', async (t) => {
  const stopped = { ...batchAnswer([created('a'), error('bad')]), status: 400 }
  const server = await answering(t, stopped)
  const outcomes = await server
    .client()
    .batch([create('a'), create('b'), create('c'), changeSet([create('d'), create('e')])])
  assert.deepEqual(outcomes.flat().map(shown), [
    'a',
    'bad_request',
    'skipped',
    'skipped',
    'skipped',
  ])
  const failed = outcomes[1]
  assert.ok(!failed.ok && !failed.skipped)
  assert.equal(failed.error.dataverseCode, '0x80040203')
  assert.equal(failed.error.requestId, 'request-1')
  assert.match(failed.error.message, /POST accounts with 400.*“bad”/)
})

test('told to go on, a batch has an outcome of every operation', async (t) => {
  const server = await answering(t, batchAnswer([error('bad'), created('b')]))
  const outcomes = await server
    .client()
    .batch([create('a'), create('b')], { continueOnError: true })
  assert.deepEqual(outcomes.map(shown), ['bad_request', 'b'])
  assert.equal(server.requests[0]?.headers['prefer'], 'odata.continue-on-error')
})

test('a failed change set, nested or bare, fails as a whole', async (t) => {
  const set = changeSet([create('a'), create('b')])
  for (const part of [error('bad'), { changeSet: [error('bad')] }]) {
    const server = await answering(t, batchAnswer([part, created('c')]))
    const outcomes = await server.client().batch([set, create('c')], { continueOnError: true })
    assert.deepEqual(outcomes.flat().map(shown), ['bad_request', 'bad_request', 'c'])
  }
})

test('where the service names the operation that failed, the others were rolled back', async (t) => {
  const server = await answering(t, batchAnswer([{ changeSet: [error('bad', '2')] }]))
  const [outcomes] = await server
    .client()
    .batch([changeSet([create('a'), create('b'), create('c')])])
  assert.deepEqual(outcomes.map(shown), ['rolled_back', 'bad_request', 'rolled_back'])
  const [first] = outcomes
  assert.ok(!first.ok && !first.skipped)
  assert.equal(first.error.facts['failedOperation'], 2)
})

test('the answers of a change set are understood bare as well', async (t) => {
  const server = await answering(t, batchAnswer([created('a'), created('b'), created('c')]))
  const outcomes = await server.client().batch([changeSet([create('a'), create('b')]), create('c')])
  assert.deepEqual(outcomes.flat().map(shown), ['a', 'b', 'c'])
})

test('a batch that is refused as a whole throws the service’s error', async (t) => {
  const body = { error: { code: '0x80048d19', message: 'Stream was not readable.' } }
  const server = await answering(t, { status: 400, body })
  await assert.rejects(
    server.client().batch([create('a')]),
    (thrown) => thrown instanceof DataverseError && thrown.dataverseCode === '0x80048d19',
  )
})

test('an answer of another kind is no batch', async (t) => {
  const server = await answering(t, { body: {} })
  await assert.rejects(server.client().batch([create('a')]), { code: 'unexpected_answer' })
})

test('parts that are missing, or make no sense, leave the outcome unknown', async (t) => {
  const odd: ScriptedPart = {
    status: 200,
    body: '{"half":',
    headers: { 'Content-Type': 'application/json' },
  }
  const server = await answering(t, batchAnswer([created('a'), odd]))
  const outcomes = await server.client().batch([create('a'), create('b'), create('c')])
  assert.deepEqual(outcomes.map(shown), ['a', 'unexpected_answer', 'outcome_unknown'])
})

test('an answer that breaks off keeps what had arrived; the rest is unknown', async (t) => {
  const whole = batchAnswer([created('a'), created('b'), created('c')])
  const headers = { ...whole.headers, 'content-length': '100000' }
  const cut = { ...whole, headers, body: whole.body.slice(0, -60), cut: true }
  const server = await answering(t, cut)
  const outcomes = await server.client().batch([create('a'), create('b'), create('c')])
  assert.deepEqual(outcomes.map(shown), ['a', 'b', 'outcome_unknown'])
  assert.equal(server.requests.length, 1)
})

test('told to go on, what an answer lacks after a failure is unknown, not passed over', async (t) => {
  const server = await answering(t, batchAnswer([created('a'), error('no')]))
  const operations = [create('a'), create('b'), create('c')]
  const outcomes = await server.client().batch(operations, { continueOnError: true })
  assert.deepEqual(outcomes.map(shown), ['a', 'bad_request', 'outcome_unknown'])
})

test('a batch that may be repeated is sent once more when its answer breaks off', async (t) => {
  const whole = batchAnswer([{ status: 204 }, { status: 204 }])
  const headers = { ...whole.headers, 'content-length': '100000' }
  const server = await answering(t, { ...whole, headers, cut: true }, whole)
  assert.deepEqual((await server.client().batch([upsert(1), upsert(2)])).map(shown), [204, 204])
  assert.equal(server.requests.length, 2)
})

test('an answer beyond the limit is not held in memory', async (t) => {
  const part = { status: 200, body: 'x'.repeat(100_000) }
  const server = await answering(t, batchAnswer([created('a'), part]))
  const outcomes = await server.client().batch([create('a'), create('b')], { maxBytes: 5000 })
  assert.deepEqual(outcomes.map(shown), ['a', 'outcome_unknown'])
})

test('no token of the request comes into the errors of its parts', async (t) => {
  const server = await answering(t, batchAnswer([error('you sent Bearer token-1')]))
  const [outcome] = await server.client().batch([create('a')])
  assert.ok(!outcome.ok && !outcome.skipped)
  assert.doesNotMatch(JSON.stringify(outcome.error), /token-1/)
})

test('batches and other calls run side by side without meeting', async (t) => {
  const server = await startDataverseServer(t, ({ path, body }) => {
    if (path.endsWith('/$count')) return { headers: { 'content-type': 'text/plain' }, body: '7' }
    const names = [...body.matchAll(/"name":"(\w+)"/g)].map(([, name = '']) => created(name))
    return batchAnswer(names)
  })
  const client = server.client()
  const [left, right, count] = await Promise.all([
    client.batch([create('a'), create('b')]),
    client.batch([create('c')]),
    client.count('accounts'),
  ])
  assert.deepEqual([...left, ...right].map(shown), ['a', 'b', 'c'])
  assert.equal(count.value, 7)
})

test('an empty batch asks nothing', async (t) => {
  const server = await answering(t)
  assert.deepEqual(await server.client().batch([]), [])
  assert.equal(server.requests.length, 0)
})
