import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { systemClock, toTimestamp } from './clock.ts'

const turn = () => new Promise((resolve) => setImmediate(resolve))

test('a wait that is longer than a timer can hold lasts to its end', async (t) => {
  mock.timers.enable({ apis: ['setTimeout'] })
  t.after(() => mock.timers.reset())
  let over = false
  const waiting = systemClock.sleep(2 ** 31 + 10).then(() => {
    over = true
  })
  mock.timers.tick(2 ** 31 - 1)
  await turn()
  mock.timers.tick(10)
  await turn()
  assert.equal(over, false)
  mock.timers.tick(1)
  await waiting
})

test('a wait that is called off ends with the reason of the signal', async () => {
  const stop = new AbortController()
  const reason = new Error('enough')
  const waiting = systemClock.sleep(60_000, stop.signal)
  stop.abort(reason)
  await assert.rejects(waiting, reason)
  await assert.rejects(systemClock.sleep(0, stop.signal), reason)
})

test('a time leaves the process in UTC', () => {
  assert.equal(toTimestamp(0), '1970-01-01T00:00:00.000Z')
})
