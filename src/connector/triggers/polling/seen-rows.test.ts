import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { SeenRows, type Stamped, stamped } from './seen-rows.ts'

const second = fc.integer({ min: 0, max: 400 }).map((n) => Date.UTC(2026, 0, 1) + n * 1000)
const row = fc.tuple(second, fc.nat(50)).map(([at, id]) => stamped(at, `row ${id}`))
const rows = fc.array(row, { maxLength: 200 })

const seen = (all: readonly Stamped[]) =>
  SeenRows.none.with(
    all.toSorted((a, b) => a.at - b.at),
    0,
  )

const isSeen = (among: SeenRows, one: Stamped) => among.tell([one]).fresh.length === 0

/** Rows by their stamps, each once. */
function groupsOf(all: readonly Stamped[]): ReadonlyMap<number, readonly Stamped[]> {
  const distinct = [...new Map(all.map((one) => [`${one.at} ${one.hash}`, one])).values()]
  return Map.groupBy(distinct, ({ at }) => at)
}

function readBack(all: readonly Stamped[], mostCharacters: number) {
  const { text, forgotten } = seen(all).write(mostCharacters)
  assert.ok(text.length <= mostCharacters)
  const read = SeenRows.read(text)
  assert.ok(read !== undefined)
  return { read, forgotten }
}

test('what is written is read again', () => {
  fc.assert(
    fc.property(rows, (all) => {
      const { read, forgotten } = readBack(all, 100_000)
      assert.deepEqual([read.stamps, forgotten], [groupsOf(all).size, 0])
      for (const one of all) assert.ok(isSeen(read, one))
    }),
  )
})

test('what does not fit apart is remembered by stamps, and then forgotten, the oldest first', () => {
  fc.assert(
    fc.property(rows, fc.integer({ min: 0, max: 900 }), (all, most) => {
      const { read, forgotten } = readBack(all, most)
      const groups = [...groupsOf(all)].sort(([a], [b]) => b - a)
      const known = groups.filter(([, group]) => read.tell(group).fresh.length === 0)
      assert.equal(known.length, read.stamps)
      assert.deepEqual(known, groups.slice(0, read.stamps))
      const lost = groups.slice(read.stamps).flatMap(([, group]) => group)
      assert.equal(forgotten, lost.length)
    }),
  )
})

test('no row is taken for one that was put out, whatever came and went beside it', () => {
  fc.assert(
    fc.property(rows, rows, fc.integer({ min: 0, max: 900 }), (before, now, most) => {
      const { read } = readBack(before, most)
      const unseen = new Set(read.tell(now).fresh)
      const known = new Set(before.map(({ at, hash }) => `${at} ${hash}`))
      for (const [position, { at, hash }] of now.entries()) {
        if (!known.has(`${at} ${hash}`)) assert.ok(unseen.has(position))
      }
    }),
  )
})

test('a stamp with more rows than six bytes tell apart takes longer hashes, or one digest', () => {
  for (const count of [256, 257, 70_000]) {
    const tied = Array.from({ length: count }, (_, n) => stamped(1_000, `${n}`))
    const more = stamped(1_000, 'another')
    const { read: apart } = readBack(tied, 1_000_000)
    assert.deepEqual(apart.tell([...tied, more]).fresh, [count])
    const { read: together, forgotten } = readBack(tied, 12)
    assert.deepEqual([together.tell(tied).fresh, forgotten], [[], 0])
    assert.equal(together.tell([...tied, more]).fresh.length, count + 1)
    assert.equal(together.tell(tied.slice(1)).fresh.length, count - 1)
  }
})

test('rows of one stamp on two pages are remembered together', () => {
  const tied = Array.from({ length: 300 }, (_, n) => stamped(1_000, `${n}`))
  const first = seen(tied.slice(0, 200)).write(10_000)
  const both = SeenRows.read(first.text)?.with(tied.slice(200), 0)
  // The first page's hashes are too short for so many.
  assert.deepEqual(both?.tell(tied).fresh.length, 200)
  const few = seen(tied.slice(0, 100)).with(tied.slice(100, 200), 0)
  assert.deepEqual(few.tell(tied.slice(0, 200)).fresh, [])
})

test('rows stamped before the frontier are not kept', () => {
  const [old, young] = [stamped(1000, 'a'), stamped(2000, 'b')]
  const kept = seen([old]).with([stamped(500, 'c'), young], 2000)
  assert.deepEqual([isSeen(kept, old), isSeen(kept, young), kept.stamps], [false, true, 1])
})

test('another version of a row is another row', () => {
  assert.notDeepEqual(stamped(1, 'a W/"1"'), stamped(1, 'a W/"2"'))
})

test('no text makes the reader fail, nor remember what cannot be', () => {
  fc.assert(
    fc.property(fc.oneof(fc.base64String(), fc.string()), (text) => {
      const read = SeenRows.read(text)
      assert.ok(read === undefined || read.stamps * 6 <= text.length)
    }),
  )
})
