import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { FakeClock } from '../../test/support/fake-clock.ts'
import { Deadlines } from './deadlines.ts'

const turn = () => new Promise((resolve) => setImmediate(resolve))

test('what has ended is not expired, and leaves no timer that keeps the process alive', async () => {
  const clock = new FakeClock(0)
  const deadlines = new Deadlines(clock)
  const expired: string[] = []
  const ends = ['a', 'b'].map((name) => deadlines.start(100, () => expired.push(name)))
  assert.equal(clock.sleeping, 1)
  for (const end of ends) end()
  assert.equal(clock.sleeping, 0)
  clock.advance(1_000)
  await turn()
  assert.deepEqual(expired, [])
})

test('everything expires at its own time, whatever was started or ended in between', async () => {
  const steps = fc.array(fc.record({ ms: fc.integer({ min: 0, max: 50 }), ends: fc.boolean() }), {
    minLength: 1,
    maxLength: 20,
  })
  await fc.assert(
    fc.asyncProperty(steps, async (started) => {
      const clock = new FakeClock(0)
      const deadlines = new Deadlines(clock)
      const due = new Map<number, number>()
      for (const [id, { ms, ends }] of started.entries()) {
        const end = deadlines.start(ms, () => due.set(id, clock.now()))
        if (ends) end()
      }
      for (let now = 0; now <= 50; now += 1) {
        clock.advance(now === 0 ? 0 : 1)
        await turn()
      }
      const expected = started.flatMap(({ ms, ends }, id) => (ends ? [] : [[id, ms] as const]))
      assert.deepEqual(due, new Map(expected))
      assert.equal(clock.sleeping, 0)
    }),
    { numRuns: 30 },
  )
})

test('one that expires may start another', async () => {
  const clock = new FakeClock(0)
  const deadlines = new Deadlines(clock)
  const expired: number[] = []
  deadlines.start(10, () => {
    expired.push(clock.now())
    deadlines.start(30, () => expired.push(clock.now()))
  })
  for (const ms of [10, 20]) {
    clock.advance(ms)
    await turn()
  }
  assert.deepEqual(expired, [10, 30])
})
