import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { SeenRows, type Stamped, stamped } from './seen-rows.ts'

const second = fc.integer({ min: 0, max: 400 }).map((n) => Date.UTC(2026, 0, 1) + n * 1000)
const row = fc.tuple(second, fc.nat(50)).map(([at, id]) => stamped(at, `row ${id}`))
const rows = fc.array(row, { maxLength: 200 })

const seen = (all: readonly Stamped[]) => SeenRows.none.with(all, 0)

test('what is written is read again', () => {
  fc.assert(
    fc.property(rows, (all) => {
      const read = SeenRows.read(seen(all).write(100_000))
      assert.equal(read?.size, seen(all).size)
      for (const one of all) assert.ok(read?.has(one))
    }),
  )
})

test('what does not fit is forgotten, the oldest first, and nothing else is taken for it', () => {
  fc.assert(
    fc.property(rows, fc.integer({ min: 0, max: 900 }), (all, most) => {
      const text = seen(all).write(most)
      assert.ok(text.length <= most)
      const read = SeenRows.read(text)
      assert.ok(read !== undefined)
      const kept = all.filter((one) => read.has(one))
      const lost = all.filter((one) => !read.has(one))
      const oldestKept = Math.min(...kept.map(({ at }) => at))
      for (const { at } of lost) assert.ok(at <= oldestKept)
      assert.equal(new Set(kept.map(({ at, hash }) => `${at} ${hash}`)).size, read.size)
    }),
  )
})

test('rows stamped before the frontier are not kept', () => {
  const [old, young] = [stamped(1000, 'a'), stamped(2000, 'b')]
  const kept = seen([old]).with([young, stamped(500, 'c')], 2000)
  assert.deepEqual([kept.has(old), kept.has(young), kept.size], [false, true, 1])
})

test('another version of a row is another row', () => {
  assert.notDeepEqual(stamped(1, 'a W/"1"'), stamped(1, 'a W/"2"'))
})

test('no text makes the reader fail, nor remember what cannot be', () => {
  fc.assert(
    fc.property(fc.oneof(fc.base64String(), fc.string()), (text) => {
      const read = SeenRows.read(text)
      assert.ok(read === undefined || read.size * 6 <= text.length)
    }),
  )
})
