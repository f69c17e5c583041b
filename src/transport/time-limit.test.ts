import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { test } from 'node:test'
import { FakeClock } from '../../test/support/fake-clock.ts'
import { startTimeLimit } from './time-limit.ts'

const start = (clock: FakeClock, signal?: AbortSignal) =>
  startTimeLimit({ clock, ms: 100, host: 'org1', signals: [undefined, signal] })

const turn = () => new Promise((resolve) => setImmediate(resolve))

test('an exchange that has ended leaves nothing waiting, nor listening to its caller', () => {
  const clock = new FakeClock()
  const { signal } = new AbortController()
  const limit = start(clock, signal)
  assert.deepEqual([clock.sleeping, getEventListeners(signal, 'abort').length], [1, 1])
  limit.end()
  assert.deepEqual([clock.sleeping, getEventListeners(signal, 'abort').length], [0, 0])
})

test('the limit ends an exchange as timeout, the caller as aborted, whichever comes first', async () => {
  const clock = new FakeClock()
  const caller = new AbortController()
  const late = start(clock)
  const stopped = start(clock, caller.signal)
  const begunTooLate = start(clock, AbortSignal.abort())
  caller.abort()
  clock.advance(100)
  await turn()
  assert.deepEqual(
    [late, stopped, begunTooLate].map(({ signal }) => signal.reason.code),
    ['timeout', 'aborted', 'aborted'],
  )
})

test('an exchange that has ended is not ended again', async () => {
  const clock = new FakeClock()
  const limit = start(clock)
  limit.end()
  clock.advance(100)
  await turn()
  assert.equal(limit.signal.aborted, false)
})
