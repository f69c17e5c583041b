import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DataverseError } from '../errors/dataverse-error.ts'
import type { BulkItem, Chunk, ChunkResult, RowResult } from './chunk.ts'
import { plan } from './plan.ts'
import { Sizer } from './sizer.ts'
import { partsOf } from './split.ts'
import { Verdict } from './verdict.ts'

// What the service takes: for a message and each of its rows, and for a row by itself in a batch.
const MESSAGE_MS = 20
const ROW_MS = 4
const ROWS = 65_000
const AT_ONCE = 4

function refusal(message: string): DataverseError {
  return new DataverseError('bad_request', {
    what: message,
    ...{ why: '', remedy: 'Mend it.', who: 'you', retry: { when: 'never' } },
    status: 400,
    dataverseCode: '0x80040216',
  })
}

const TERSE = refusal('An unexpected error occurred.')

function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

function badRows(count: number, seed: number): ReadonlySet<number> {
  const random = seeded(seed)
  const bad = new Set<number>()
  while (bad.size < count) bad.add(Math.floor(random() * ROWS))
  return bad
}

function item(index: number): BulkItem {
  const row = { body: { name: 'a' }, key: `(n='${index}')` }
  return { index, row, text: '{"name":"a"}', identity: `n=${index}` }
}

/** Writes rows on a service that says of a bad one only that something is wrong. */
function load(bad: ReadonlySet<number>) {
  const sizer = new Sizer({}, 320)
  const verdict = new Verdict('account', 600_000)
  let [spentMs, usefulMs, requests, next, rejected] = [0, 0, 0, 0, 0]
  const send = (chunk: Chunk): ChunkResult => {
    requests += 1
    if (chunk.manner !== 'parts') return message(chunk)
    const parts = partsOf(chunk.items).map((items) => ({
      items,
      result: message({ items, manner: 'together' }),
    }))
    return { kind: 'parts', parts }
  }
  const message = ({ items, manner }: Pick<Chunk, 'items' | 'manner'>): ChunkResult => {
    if (manner === 'each') {
      spentMs += items.length * (MESSAGE_MS + ROW_MS)
      const good = items.filter(({ index }) => !bad.has(index)).length
      usefulMs += good * ROW_MS
      return { kind: 'each', rows: items.map(({ index }) => single(bad.has(index))) }
    }
    const ms = MESSAGE_MS + items.length * ROW_MS
    spentMs += ms
    if (items.some(({ index }) => bad.has(index))) return { kind: 'refused', error: TERSE }
    usefulMs += ms
    sizer.timed(items.length, ms)
    return { kind: 'done', fates: items.map(() => ({ status: 'written' as const })) }
  }
  const again: Chunk[] = []
  const flying: (readonly [Chunk, ChunkResult])[] = []
  const start = (): Chunk | undefined => {
    const waiting = again.shift()
    if (waiting !== undefined || next >= ROWS) return waiting
    const end = Math.min(ROWS, next + sizer.rows)
    const items = Array.from({ length: end - next }, (_, place) => item(next + place))
    next = end
    return { items, manner: sizer.manner, tries: 0, maybeWritten: false }
  }
  for (;;) {
    for (let chunk = start(); chunk !== undefined; chunk = start()) {
      flying.push([chunk, send(chunk)])
      if (flying.length >= AT_ONCE) break
    }
    const landed = flying.shift()
    if (landed === undefined) break
    const [chunk, result] = landed
    const end = verdict.hear(result, chunk)
    if (end !== undefined) return { end, requests, rejected, useful: usefulMs / spentMs }
    const follows = plan('upsert', chunk, result, verdict)
    for (const [{ index }, { status }] of follows.done) {
      assert.equal(status === 'rejected', bad.has(index), `row ${index} is ${status}`)
      if (status !== 'rejected') continue
      rejected += 1
      sizer.refused()
    }
    sizer.taken(follows.done.length)
    again.push(...follows.again)
  }
  return { end: undefined, requests, rejected, useful: usefulMs / spentMs }
}

function single(isBad: boolean): RowResult {
  return isBad ? { kind: 'refused', error: TERSE } : { kind: 'done', fate: { status: 'written' } }
}

for (const [count, least] of [
  [68, 0.89],
  [137, 0.85],
  [650, 0.68],
] as const) {
  test(`with ${count} bad rows of 65,000, of which the service says nothing, at least ${least} of its time is useful`, () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const { end, rejected, useful } = load(badRows(count, seed))
      assert.equal(end, undefined)
      assert.equal(rejected, count)
      assert.ok(useful >= least, `${useful} with seed ${seed}`)
    }
  })
}

test('where every other row is refused, each goes by itself, and the load goes on', () => {
  const bad = new Set(Array.from({ length: ROWS / 2 }, (_, n) => 2 * n))
  const { end, rejected, requests } = load(bad)
  assert.equal(end, undefined)
  assert.equal(rejected, ROWS / 2)
  assert.ok(requests < ROWS / 4, `${requests} requests`)
})

test('where every row is refused in the same words, the load ends within a hundred requests', () => {
  const { end, requests } = load(new Set(Array.from({ length: ROWS }, (_, n) => n)))
  assert.equal(end?.code, 'bad_request')
  assert.ok(requests < 100, `${requests} requests`)
})
