import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeClock } from '../../test/support/fake-clock.ts'
import { TransportError } from '../transport/index.ts'
import { waitFor } from './wait-for.ts'

const never = new Promise<never>(() => undefined)
const named = (code: string) => (error: unknown) =>
  error instanceof TransportError && error.code === code && /for a guest/.test(error.message)

test('what comes in time is given, and nothing is left behind', async () => {
  const clock = new FakeClock()
  const stop = new AbortController()
  const patience = { signal: stop.signal, deadlineAt: clock.now() + 10 }
  assert.equal(await waitFor(Promise.resolve(1), 'a guest', patience, clock), 1)
  await assert.rejects(waitFor(Promise.reject(new Error('no')), 'a guest', patience, clock), /no/)
  assert.equal(clock.sleeping, 0)
})

test('a wait ends by its signal and by its deadline, each by name', async () => {
  const clock = new FakeClock()
  const stop = new AbortController()
  const stopped = waitFor(never, 'a guest', { signal: stop.signal }, clock)
  stop.abort('enough')
  await assert.rejects(stopped, named('aborted'))
  await assert.rejects(waitFor(never, 'a guest', { signal: stop.signal }, clock), named('aborted'))
  const late = waitFor(never, 'a guest', { deadlineAt: clock.now() + 50 }, clock)
  await clock.advance(50)
  await assert.rejects(late, named('timeout'))
})

test('a failure that comes after the wait has ended is told to nobody', async (t) => {
  const unhandled: unknown[] = []
  const note = (error: unknown) => unhandled.push(error)
  process.on('unhandledRejection', note)
  t.after(() => process.off('unhandledRejection', note))
  const guest = Promise.withResolvers<never>()
  const ended = waitFor(guest.promise, 'a guest', { signal: AbortSignal.abort() }, new FakeClock())
  await assert.rejects(ended, named('aborted'))
  guest.reject(new Error('too late'))
  await new Promise((resolve) => setImmediate(resolve))
  assert.deepEqual(unhandled, [])
})
