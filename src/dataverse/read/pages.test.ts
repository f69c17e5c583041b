import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { startDataverseServer } from '../../../test/support/dataverse-server.ts'
import { systemClock } from '../../kernel/index.ts'
import { DataverseError } from '../errors/dataverse-error.ts'
import { collect } from './collect.ts'
import { refuseRepeated } from './pages.ts'

const code = (expected: string) => (error: unknown) =>
  error instanceof DataverseError && error.code === expected

/** Answers with `total` rows in the pages that the Prefer header asks for. */
async function startTable(t: Parameters<typeof startDataverseServer>[0], total: number) {
  return startDataverseServer(t, ({ query, headers }, origin) => {
    const size = Number(/maxpagesize=(\d+)/.exec(String(headers['prefer']))?.[1] ?? 5000)
    const start = Number(query.get('$skiptoken') ?? 0)
    const end = Math.min(start + size, total)
    const value = Array.from({ length: end - start }, (_, index) => ({ number: start + index }))
    const next = `${origin}/api/data/v9.2/things?$skiptoken=${end}`
    return {
      body: { '@odata.count': total, value, ...(end < total ? { '@odata.nextLink': next } : {}) },
    }
  })
}

test('every page asks for the page size and annotations anew, and links are followed to the end', async (t) => {
  const server = await startTable(t, 7)
  const rows = await collect(
    server.client().rows('things', {}, { pageSize: 3, annotations: '*' }),
    100,
  )
  assert.deepEqual(
    rows.map(({ number }) => number),
    [0, 1, 2, 3, 4, 5, 6],
  )
  assert.deepEqual(
    server.requests.map(({ headers }) => headers['prefer']),
    Array(3).fill('odata.maxpagesize=3,odata.include-annotations="*"'),
  )
})

test('a page is as of a time of the service’s own clock, whatever the time here', async (t) => {
  const answeredAt = 'Thu, 01 Jan 2037 00:00:07 GMT'
  const server = await startDataverseServer(t, ({ query }) => ({
    headers: { date: query.has('$top') ? 'soon' : answeredAt },
    body: { value: [] },
  }))
  const { value: page } = await server.client().pages('things', {}).next()
  const beforeMs = Date.parse(answeredAt) - (page?.servedAt ?? 0)
  assert.ok(beforeMs >= 0 && beforeMs < 30_000, `${beforeMs}`)
  const { value: undated } = await server.client().pages('things', { top: 1 }).next()
  assert.deepEqual(undated, { rows: [] })
})

test('a clock that is set back during a request makes no page later than its answer', async (t) => {
  const answeredAt = 'Thu, 01 Jan 2037 00:00:07 GMT'
  let setBackMs = 0
  const server = await startDataverseServer(t, () => {
    setBackMs = 3_600_000
    return { headers: { date: answeredAt }, body: { value: [] } }
  })
  const clock = { ...systemClock, now: () => systemClock.now() - setBackMs }
  const { value: page } = await server.client({ clock }).pages('things', {}).next()
  assert.equal(page?.servedAt, Date.parse(answeredAt))
})

test('with $top no page size is asked for, typed or in plain text', async (t) => {
  const server = await startTable(t, 2)
  await collect(server.client().rows('things', { top: 2 }, { pageSize: 3 }), 10)
  await collect(server.client().rows('things', '$top=2', { pageSize: 3 }), 10)
  await collect(server.client().rows('things', ' ?%24top=2', { pageSize: 3 }), 10)
  assert.deepEqual(
    server.requests.map(({ headers }) => headers['prefer']),
    [undefined, undefined, undefined],
  )
})

test('one page is read ahead of whoever takes them, and no more', async (t) => {
  const server = await startTable(t, 50)
  const pages = server.client().pages('things', { count: true }, { pageSize: 10 })
  assert.equal(server.requests.length, 0)
  const { value: first } = await pages.next()
  assert.deepEqual([first?.count, first?.rows.length], [50, 10])
  while (server.requests.length < 2) await new Promise((resolve) => setImmediate(resolve))
  await new Promise((resolve) => setTimeout(resolve, 30))
  assert.equal(server.requests.length, 2)
  await pages.return()
})

test('without reading ahead a page is asked for when it is taken', async (t) => {
  const server = await startTable(t, 30)
  const options = { pageSize: 10, readAhead: false }
  for await (const page of server.client().pages('things', {}, options)) {
    assert.equal(page.rows.length, 10)
    await new Promise((resolve) => setTimeout(resolve, 20))
    break
  }
  assert.equal(server.requests.length, 1)
})

test('a page’s link, kept, resumes the reading', async (t) => {
  const server = await startTable(t, 7)
  const client = server.client()
  const first = await client.pages('things', {}, { pageSize: 5 }).next()
  assert.ok(first.done !== true && first.value.nextLink !== undefined)
  const rest = await collect(
    client.rows('things', {}, { pageSize: 5, from: first.value.nextLink }),
    10,
  )
  assert.deepEqual(
    rest.map(({ number }) => number),
    [5, 6],
  )
})

test('a link to a page that was read before is refused, the first page’s own included', async (t) => {
  let link = ''
  const server = await startDataverseServer(t, (_, origin) => ({
    body: { value: [{}], '@odata.nextLink': `${origin}/api/data/v9.2/things${link}` },
  }))
  for (link of ['', '?$skiptoken=a']) {
    await assert.rejects(collect(server.client().rows('things'), 100), code('repeated_page'))
  }
})

test('of a long reading the last ten thousand links are remembered', () => {
  const seen = new Set<string>()
  const page = (number: number) => new URL(`https://org1.crm4.dynamics.com/things?page=${number}`)
  for (let number = 0; number < 10_500; number += 1)
    refuseRepeated(seen, page(number + 1), page(number))
  assert.equal(seen.size, 10_000)
  assert.throws(() => refuseRepeated(seen, page(501), page(10_500)), code('repeated_page'))
  refuseRepeated(seen, page(500), page(10_500))
})

test('a link that leads away is not followed, and its rows are given first', async (t) => {
  const away = await startDataverseServer(t, () => ({ body: { value: [] } }))
  const server = await startDataverseServer(t, () => ({
    body: { value: [{ number: 1 }], '@odata.nextLink': `${away.origin}/api/data/v9.2/things` },
  }))
  const rows: unknown[] = []
  await assert.rejects(async () => {
    for await (const row of server.client().rows('things')) rows.push(row)
  }, code('unsafe_link'))
  assert.equal(rows.length, 1)
  assert.equal(away.requests.length, 0)
})

test('an answer without rows is no page', async (t) => {
  const bodies: unknown[] = [{ value: 'x' }, {}, [], { value: [1] }]
  const server = await startDataverseServer(t, () => ({ body: bodies.shift() }))
  for (let round = 0; round < 4; round += 1) {
    await assert.rejects(collect(server.client().rows('things'), 1), code('unexpected_answer'))
  }
})

test('a link to another table is no place to go on from', async (t) => {
  const server = await startTable(t, 2)
  const from = `${server.origin}/api/data/v9.2/others?$skiptoken=1`
  await assert.rejects(
    collect(server.client().rows('things', {}, { from }), 10),
    code('invalid_argument'),
  )
  assert.equal(server.requests.length, 0)
})

test('collecting needs a limit that is a number', async (t) => {
  const server = await startTable(t, 2)
  const collecting = collect(server.client().rows('things'), Number.NaN)
  await assert.rejects(collecting, code('invalid_argument'))
})

test('collecting more than the limit is an error, never a cut', async (t) => {
  const server = await startTable(t, 5)
  assert.equal((await collect(server.client().rows('things'), 5)).length, 5)
  await assert.rejects(collect(server.client().rows('things'), 4), code('too_many_rows'))
})

test('all rows come once and in order, whatever the page size', async (t) => {
  const server = await startTable(t, 60)
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 70 }), async (pageSize) => {
      const rows = await collect(server.client().rows('things', {}, { pageSize }), 100)
      assert.deepEqual(
        rows.map(({ number }) => number),
        Array.from({ length: 60 }, (_, index) => index),
      )
    }),
    { numRuns: 10 },
  )
})
