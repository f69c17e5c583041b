import assert from 'node:assert/strict'
import { test } from 'node:test'
import { beginPoll } from './poll-state.ts'
import { SeenRows, stamped } from './seen-rows.ts'
import { placeIn, readSnapshot, writeSnapshot } from './snapshot.ts'

const OF = 'account/modifiedon'
const TIME = '2026-01-31T13:45:00.000Z'
const WINDOW = 300_000
const read = (snapshot: unknown) => readSnapshot(snapshot, OF, WINDOW)

test('a snapshot says where the walk goes on and what was put out', () => {
  const row = stamped(Date.parse(TIME) + 1_000, 'a')
  const seen = SeenRows.none.with([row], 0)
  const walk = { low: Date.parse(TIME), link: 'accounts?$skiptoken=x', end: WINDOW, held: true }
  const state = { of: OF, ...walk, seen }
  const again = read(JSON.parse(JSON.stringify(writeSnapshot(state, 5_000).cursor)))
  assert.ok(again.kind === 'ours')
  assert.deepEqual({ ...again.state, seen: undefined }, { ...state, seen: undefined })
  assert.deepEqual(again.state.seen.tell([row]).fresh, [])
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

test('a snapshot is never larger than allowed, however much it remembers and however long its links', () => {
  const rows = Array.from({ length: 20_000 }, (_, n) => stamped(1_767_000_000_000 + n, `${n}`))
  const seen = SeenRows.none.with(rows, 0)
  for (const length of [100, 1_500, 2_200, 4_000]) {
    const long = (name: string) => `${name}?$skiptoken=${'%'.repeat(length)}`
    const place = { since: long('changes'), more: true, passing: 1_767_000_000_000 }
    const state = { ...beginPoll(OF, 0), link: long('walk'), end: 4_000_000_000_000, seen }
    const { cursor, forgotten, state: kept } = writeSnapshot(state, 5_000, place)
    const again: unknown = JSON.parse(JSON.stringify(cursor))
    assert.ok(JSON.stringify(cursor).length <= 5_000)
    assert.equal(forgotten, 20_000 - kept.seen.stamps)
    const found = read(again)
    assert.equal(found.kind === 'ours' && found.state.link, state.link)
    // Remembered rows go first, then the place in the changes.
    assert.deepEqual(placeIn(again, OF), length === 4_000 ? undefined : place)
  }
})

test('a place in the changes is read from a snapshot of the same poll alone', () => {
  const place = { since: 'accounts?$deltatoken=1', more: false }
  const { cursor } = writeSnapshot(beginPoll(OF, 0), 5_000, place)
  assert.deepEqual(placeIn(cursor, OF), place)
  for (const other of [
    cursor,
    null,
    'soon',
    { ...cursor, changes: 7 },
    { ...cursor, changes: {} },
  ]) {
    assert.equal(placeIn(other, other === cursor ? 'contact/modifiedon' : OF), undefined)
  }
})
