import assert from 'node:assert/strict'
import { test } from 'node:test'
import { beginPoll } from './poll-state.ts'
import { SeenRows, stamped } from './seen-rows.ts'
import { readSnapshot, writeSnapshot } from './snapshot.ts'

const OF = 'account/modifiedon'
const TIME = '2026-01-31T13:45:00.000Z'
const WINDOW = 300_000
const read = (snapshot: unknown) => readSnapshot(snapshot, OF, WINDOW)

test('a snapshot says where the walk goes on and what was put out', () => {
  const row = stamped(Date.parse(TIME) + 1_000, 'a')
  const seen = SeenRows.none.with([row], 0)
  const state = { of: OF, low: Date.parse(TIME), link: 'accounts?$skiptoken=x', held: true, seen }
  const again = read(JSON.parse(JSON.stringify(writeSnapshot(state, 5_000).cursor)))
  assert.ok(again.kind === 'ours')
  assert.deepEqual({ ...again.state, seen: undefined }, { ...state, seen: undefined })
  assert.equal(again.state.seen.has(row), true)
})

test('the snapshots of the components before this one are gone on from, a window early', () => {
  const older = [
    TIME,
    { startTime: TIME },
    { startTime: new Date(TIME), pageNumber: 3 },
    { nextStartTime: TIME },
    { previousLastModified: TIME, pageNumber: 2 },
    { lastModificationTime: TIME, lastSeenId: 'x' },
  ]
  for (const snapshot of older) {
    const state = beginPoll(OF, Date.parse(TIME) - WINDOW)
    assert.deepEqual(read(snapshot), { kind: 'ours', state })
  }
})

test('no snapshot is none, and one of another table or shape is foreign', () => {
  for (const none of [undefined, null, {}]) assert.equal(read(none).kind, 'none')
  const other = writeSnapshot(beginPoll('contact/modifiedon', 0), 5_000).cursor
  for (const foreign of [other, { ...other, of: OF, seen: '!' }, { a: 1 }, 'soon', 7, []]) {
    const { kind } = read(foreign)
    assert.ok(kind === 'foreign' || (kind === 'ours' && foreign !== other))
  }
  assert.equal(read(other).kind, 'foreign')
})

test('a snapshot is never larger than allowed, however much it remembers', () => {
  const rows = Array.from({ length: 20_000 }, (_, n) => stamped(1_767_000_000_000 + n, `${n}`))
  const state = { ...beginPoll(OF, 0), link: 'x'.repeat(1_500), seen: SeenRows.none.with(rows, 0) }
  assert.ok(JSON.stringify(writeSnapshot(state, 5_000).cursor).length <= 5_000)
})
