import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { MovingSum } from './moving-sum.ts'

const WINDOW = 100
const additions = fc.array(
  fc.record({ after: fc.integer({ min: 0, max: 60 }), amount: fc.integer({ min: 1, max: 9 }) }),
  { maxLength: 30 },
)

test('the sum is that of the window, and the wait the shortest that brings it down', () => {
  fc.assert(
    fc.property(additions, fc.integer({ min: 0, max: 40 }), (steps, most) => {
      const sum = new MovingSum()
      const all: { at: number; amount: number }[] = []
      let now = 0
      for (const { after, amount } of steps) {
        now += after
        sum.add(now, amount)
        all.push({ at: now, amount })
      }
      const naive = (at: number) =>
        all.filter((one) => one.at > at - WINDOW).reduce((total, one) => total + one.amount, 0)
      assert.equal(sum.at(now, WINDOW), naive(now))
      const wait = sum.waitUntil(most, now, WINDOW)
      assert.ok(naive(now + wait) <= most)
      if (wait > 0) assert.ok(naive(now + wait - 1) > most)
      assert.equal(sum.at(now + 200, WINDOW), 0)
    }),
    { numRuns: 300 },
  )
})

test('what has left the window is not kept', () => {
  const sum = new MovingSum()
  for (let now = 0; now < 20_000; now += 1) {
    sum.add(now, 1)
    assert.equal(sum.at(now, WINDOW), Math.min(now + 1, WINDOW))
  }
})
