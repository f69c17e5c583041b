import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { type BulkOutcome, collect } from '../../src/dataverse/index.ts'
import { systemClock } from '../../src/kernel/index.ts'
import { transportError } from '../../src/transport/index.ts'
import { eagerClock } from '../support/eager-clock.ts'
import { startSandboxClient } from './sandbox-client.ts'

const { client, clientOf, sandbox, send } = await startSandboxClient({ after })
const environment = sandbox.description.organizations[0]?.uniqueName
const MISSING = '00000000-0000-4000-8000-00000000dead'

const fault = (more: Readonly<Record<string, unknown>>) =>
  sandbox.admin('/faults', 'POST', { target: environment, ...more })

beforeEach(async () => {
  await sandbox.admin('/faults', 'DELETE')
})

async function outcomesOf(outcomes: AsyncIterable<BulkOutcome>): Promise<readonly BulkOutcome[]> {
  const found = await collect(outcomes, 10_000)
  const indexes = found.map(({ index }) => index)
  assert.equal(new Set(indexes).size, indexes.length, 'a row has two outcomes')
  return [...found].sort((a, b) => a.index - b.index)
}

function accounts(prefix: string, count: number) {
  return Array.from({ length: count }, (_, n) => ({
    accountnumber: `${prefix}-${n}`,
    name: `${prefix} number ${n}`,
  }))
}

async function namesOf(prefix: string): Promise<readonly unknown[]> {
  const filter = `startswith(accountnumber,'${prefix}-')`
  const rows = await collect(client.rows('accounts', { select: ['name'], filter }), 10_000)
  return rows.map(({ name }) => name)
}

test('every row of an upsert has its outcome, and the table holds what they say', async () => {
  const rows = accounts('u', 300).map((row, n) => {
    if (n === 40) return { ...row, name: 'x'.repeat(161) }
    if (n === 70) return { ...row, numberofemployees: 'many' }
    if (n === 170 || n === 171) return { ...row, primarycontactid: MISSING }
    return row
  })
  const found = await outcomesOf(client.bulk.upsert('account', rows, { key: 'accountnumber' }))
  assert.equal(found.length, 300)
  const rejected = found.filter(({ status }) => status === 'rejected')
  assert.deepEqual(
    rejected.map((one) => [one.index, 'column' in one ? one.column : undefined]),
    [
      [40, 'name'],
      [70, 'numberofemployees'],
      [170, 'primarycontactid'],
      [171, 'primarycontactid'],
    ],
  )
  assert.ok(found.every(({ status }) => status === 'rejected' || status === 'written'))
  assert.equal((await namesOf('u')).length, 296)
})

test('what is no row is rejected in its place, and the others are written', async () => {
  const rows: unknown[] = [...accounts('n', 2), null, [], 5, 'text', { name: 'no key' }]
  const options = { key: 'accountnumber' }
  const found = await outcomesOf(client.bulk.upsert('account', rows as object[] as [], options))
  assert.deepEqual(
    found.map(({ status }) => status),
    ['written', 'written', ...Array(5).fill('rejected')],
  )
  const none: unknown = 5
  await assert.rejects(outcomesOf(client.bulk.create('account', none as [])), {
    code: 'invalid_argument',
  })
})

test('created, updated and unchanged rows are told apart where that is asked for', async () => {
  await outcomesOf(client.bulk.upsert('account', accounts('d', 20), { key: 'accountnumber' }))
  const rows = accounts('d', 30).map((row, n) => (n < 10 ? { ...row, name: 'Other' } : row))
  const options = { key: 'accountnumber', distinguish: true }
  const found = await outcomesOf(client.bulk.upsert('account', rows, options))
  const statuses = found.map(({ status }) => status)
  assert.deepEqual(statuses, [
    ...Array.from({ length: 10 }, () => 'updated'),
    ...Array.from({ length: 10 }, () => 'unchanged'),
    ...Array.from({ length: 10 }, () => 'created'),
  ])
})

test('a create whose answer is lost creates each row once', async () => {
  await fault({ kind: 'lose', times: 2, match: { method: 'POST' } })
  const found = await outcomesOf(client.bulk.create('account', accounts('c', 250)))
  assert.ok(found.every(({ status }) => status === 'created'))
  assert.ok(found.every((one) => 'id' in one && one.id !== undefined))
  assert.equal((await namesOf('c')).length, 250)
})

test('an upsert outlives refusals, breakdowns and lost answers', async () => {
  const limit = { error: { code: '0x80072326', message: 'Number of concurrent requests' } }
  const deadlock = { error: { code: '0x80044150', message: 'Generic SQL error.' } }
  const match = { method: 'POST' }
  await fault({ kind: 'respond', status: 429, headers: { 'retry-after': '1' }, body: limit, match })
  await fault({ kind: 'lose', match })
  await fault({ kind: 'respond', status: 500, body: deadlock, match })
  await fault({ kind: 'reset', match })
  await fault({ kind: 'respond', status: 503, match })
  const rows = accounts('f', 400)
  const found = await outcomesOf(client.bulk.upsert('account', rows, { key: 'accountnumber' }))
  assert.equal(found.length, 400)
  assert.ok(found.every(({ status }) => status === 'written'))
  assert.equal((await namesOf('f')).length, 400)
})

test('of two rows with one key the later wins', async () => {
  const rows = Array.from({ length: 50 }, (_, n) => ({ accountnumber: `k-${n % 2}`, name: `${n}` }))
  const options = { key: 'accountnumber', chunk: { rows: 10 } }
  const found = await outcomesOf(client.bulk.upsert('account', rows, options))
  assert.equal(found.length, 50)
  assert.deepEqual([...(await namesOf('k'))].sort(), ['48', '49'])
})

test('a row that brings an id beside its alternate key is rejected, for the two may be of two rows', async () => {
  const row = { accountnumber: 'twice', accountid: MISSING, name: 'Two names' }
  const [found] = await outcomesOf(client.bulk.upsert('account', [row], { key: 'accountnumber' }))
  assert.ok(found?.status === 'rejected' && found.column === 'accountid')
})

test('rows are deleted in batches, and one that is not there is told', async () => {
  const made = await outcomesOf(client.bulk.create('account', accounts('x', 30)))
  const ids = made.flatMap((one) => ('id' in one && one.id !== undefined ? [one.id] : []))
  const found = await outcomesOf(client.bulk.delete('account', [...ids, MISSING]))
  assert.equal(found.filter(({ status }) => status === 'deleted').length, 30)
  const last = found.at(-1)
  assert.ok(last?.status === 'rejected' && last.code === 'not_found')
  assert.deepEqual(await namesOf('x'), [])
})

test('an update changes rows that exist, and creates none', async () => {
  await outcomesOf(client.bulk.upsert('account', accounts('p', 10), { key: 'accountnumber' }))
  const rows = accounts('p', 12).map((row) => ({ ...row, name: 'Changed' }))
  const found = await outcomesOf(client.bulk.update('account', rows, { key: 'accountnumber' }))
  const statuses = found.map(({ status }) => status)
  assert.deepEqual(statuses, [
    ...Array.from({ length: 10 }, () => 'updated'),
    'rejected',
    'rejected',
  ])
  assert.deepEqual(new Set(await namesOf('p')), new Set(['Changed']))
})

test('work that is called off names every row that was taken, and goes on from its checkpoint', async () => {
  const stop = new AbortController()
  let taken = 0
  function* rows() {
    for (const row of accounts('s', 3_000)) {
      taken += 1
      yield row
    }
  }
  const seen: BulkOutcome[] = []
  const options = { key: 'accountnumber', chunk: { rows: 50, mostRows: 50 } }
  await assert.rejects(
    async () => {
      const { signal } = stop
      for await (const one of client.bulk.upsert('account', rows(), { ...options, signal })) {
        seen.push(one)
        if (seen.length === 400) stop.abort()
      }
    },
    { code: 'aborted' },
  )
  assert.equal(new Set(seen.map(({ index }) => index)).size, taken)
  const written = seen.filter(({ status }) => status === 'written')
  assert.ok(written.length >= 400 && taken < 3_000, `${written.length} of ${taken}`)
  const skip = seen.findLast(({ status }) => status === 'written')?.checkpoint ?? 0
  const more = client.bulk.upsert('account', accounts('s', 3_000), { ...options, skip: 0 + skip })
  const rest = await outcomesOf(more)
  assert.equal(rest[0]?.index, skip)
  assert.equal((await namesOf('s')).length, 3_000)
})

test('work that is too late ends by name, after the outcomes of all rows that were taken', async () => {
  let taken = 0
  async function* slow() {
    for (const row of accounts('t', 3)) {
      taken += 1
      yield row
    }
    await new Promise(() => undefined)
  }
  const found: BulkOutcome[] = []
  const punctual = clientOf(sandbox.description.orgUrl, { clock: systemClock })
  const writing = async () => {
    const options = { key: 'accountnumber', deadlineMs: 300 }
    for await (const one of punctual.bulk.upsert('account', slow(), options)) found.push(one)
  }
  await assert.rejects(writing(), { code: 'timeout' })
  assert.equal(found.length, taken)
  const none = client.bulk.create('account', [], { deadlineMs: 1 })
  await assert.rejects(outcomesOf(none), { code: 'timeout' })
})

test('rows that are under way when the work is called off are unknown, not not-sent', async () => {
  const stop = new AbortController()
  const silent = clientOf(sandbox.description.orgUrl, {
    send: (request) => {
      if (!request.url.pathname.endsWith('UpsertMultiple')) return send(request)
      // It reached the service, and the answer never comes.
      setImmediate(() => stop.abort())
      return new Promise((_, reject) => {
        const aborted = () => reject(transportError('aborted', request.url.host))
        request.signal?.addEventListener('abort', aborted)
      })
    },
  })
  const { signal } = stop
  const found: BulkOutcome[] = []
  const writing = async () => {
    const options = { key: 'accountnumber', signal }
    const outcomes = silent.bulk.upsert('account', accounts('g', 5), options)
    for await (const one of outcomes) found.push(one)
  }
  await assert.rejects(writing(), { code: 'aborted' })
  assert.deepEqual(
    found.map(({ status }) => status),
    Array(5).fill('unknown'),
  )
})

test('rows whose answer was lost are unknown where the token is refused from then on', async () => {
  let sent = 0
  const refused = clientOf(sandbox.description.orgUrl, {
    send: async (request) => {
      if (!request.url.pathname.endsWith('UpsertMultiple')) return send(request)
      sent += 1
      if (sent > 1)
        return send({
          ...request,
          headers: { ...request.headers, authorization: 'Bearer worn-out' },
        })
      await (await send(request)).discard()
      throw transportError('connection_lost', request.url.host)
    },
  })
  const found: BulkOutcome[] = []
  const writing = async () => {
    const outcomes = refused.bulk.upsert('account', accounts('w', 5), { key: 'accountnumber' })
    for await (const one of outcomes) found.push(one)
  }
  await assert.rejects(writing(), { code: 'unauthorized' })
  assert.deepEqual(
    found.map(({ status }) => status),
    Array(5).fill('unknown'),
  )
  assert.equal((await namesOf('w')).length, 5)
})

test('who takes few outcomes makes few rows be read', async () => {
  let taken = 0
  function* rows() {
    for (let n = 0; n < 1_000_000; n += 1) {
      taken += 1
      yield { accountnumber: `m-${n % 500}`, name: `${n}` }
    }
  }
  for await (const _ of client.bulk.upsert('account', rows(), { key: 'accountnumber' })) break
  assert.ok(taken < 60_000, `${taken} rows`)
})

test('a table without bulk messages is written in batches, and bad rows are told all the same', async () => {
  const rows = Array.from({ length: 30 }, (_, n) => ({
    name: `Team ${n}`,
    businessunitid: n === 7 ? MISSING : undefined,
  }))
  const found = await outcomesOf(client.bulk.create('team', rows))
  const statuses = found.map(({ status }) => status)
  assert.deepEqual(
    statuses,
    rows.map((_, n) => (n === 7 ? 'rejected' : 'created')),
  )
})

test('where the service refuses the whole table, the load ends by name after a few requests', async () => {
  const error = { code: '0x80040220', message: 'Principal user is missing prvCreateAccount.' }
  const match = { method: 'POST' }
  await fault({ kind: 'respond', status: 403, body: { error }, times: 10_000, match })
  let taken = 0
  function* rows() {
    for (const row of accounts('w', 5_000)) {
      taken += 1
      yield row
    }
  }
  const seen: BulkOutcome[] = []
  await assert.rejects(
    async () => {
      const all = client.bulk.upsert('account', rows(), { key: 'accountnumber' })
      for await (const one of all) seen.push(one)
    },
    { code: 'forbidden', dataverseCode: '0x80040220' },
  )
  assert.ok(taken < 2_000, `${taken} rows were taken`)
  assert.equal(new Set(seen.map(({ index }) => index)).size, taken)
  const statuses = new Set(seen.map(({ status }) => status))
  assert.deepEqual([...statuses].sort(), ['rejected', 'unresolved'].slice(-statuses.size))
})

test('an operation of a batch that is refused for a limit holds back what follows', async () => {
  const code = '0x80072322'
  const part = [
    ...['--b', 'Content-Type: application/http', 'Content-Transfer-Encoding: binary', ''],
    ...['HTTP/1.1 429 Too Many Requests', 'Content-Type: application/json', 'Retry-After: 25', ''],
    ...[JSON.stringify({ error: { code, message: 'Number of requests exceeded' } }), '--b--', ''],
  ]
  const headers = { 'content-type': 'multipart/mixed; boundary=b' }
  const match = { method: 'POST' }
  await fault({ kind: 'respond', status: 200, headers, body: part.join('\r\n'), match })
  const clock = eagerClock()
  const own = clientOf(sandbox.description.orgUrl, { clock })
  const before = clock.now()
  const found = await outcomesOf(own.bulk.create('team', [{ name: 'Held back' }]))
  assert.equal(found[0]?.status, 'created')
  const waited = clock.now() - before
  assert.ok(waited >= 25_000, `It waited ${waited} ms`)
})

test('an unknown table names its neighbours, and a key that is none the keys there are', async () => {
  await assert.rejects(outcomesOf(client.bulk.create('acount', [])), { code: 'unknown_table' })
  await assert.rejects(outcomesOf(client.bulk.upsert('account', [], { key: 'name' })), {
    code: 'invalid_argument',
  })
})
