import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { SlidingSum } from './sliding-sum.ts'

const WINDOW = 6_000
const WIDTH = WINDOW / 600

const steps = fc.array(
  fc.record({ after: fc.nat(3_000), value: fc.integer({ min: 1, max: 99 }) }),
  {
    maxLength: 200,
  },
)

test('the sum holds all of the window, and nothing older than a bucket more', () => {
  fc.assert(
    fc.property(steps, (list) => {
      const sum = new SlidingSum(WINDOW)
      const all: { readonly at: number; readonly value: number }[] = []
      let now = 1_000_000
      for (const { after, value } of list) {
        now += after
        sum.add(now, value)
        all.push({ at: now, value })
        const within = (ms: number) =>
          all.reduce((total, one) => total + (one.at > now - ms ? one.value : 0), 0)
        const total = sum.total(now)
        assert.ok(total >= within(WINDOW) && total <= within(WINDOW + WIDTH), `${total}`)
      }
    }),
  )
})

test('it tells when it will have fallen', () => {
  fc.assert(
    fc.property(steps, fc.nat(500), (list, level) => {
      const sum = new SlidingSum(WINDOW)
      let now = 1_000_000
      for (const { after, value } of list) {
        now += after
        sum.add(now, value)
      }
      const at = sum.fallsTo(level, now)
      if (at > now) assert.ok(sum.total(Math.ceil(at) - 1) > level)
      assert.ok(sum.total(Math.ceil(at)) <= level)
    }),
  )
})

test('what was added can be corrected while it is remembered, and not afterwards', () => {
  const sum = new SlidingSum(WINDOW)
  sum.add(0, 100)
  sum.add(0, -40)
  assert.equal(sum.total(10), 60)
  assert.equal(sum.total(WINDOW + 2 * WIDTH), 0)
  sum.add(0, -60)
  assert.equal(sum.total(WINDOW + 2 * WIDTH), 0)
})
