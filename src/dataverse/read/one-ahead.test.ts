import assert from 'node:assert/strict'
import { test } from 'node:test'
import { oneAhead } from './one-ahead.ts'

const turn = () => new Promise((resolve) => setImmediate(resolve))

test('one item is begun while another is used, and the rest is called off with the consumer', async () => {
  const begun: number[] = []
  let seen: AbortSignal | undefined
  async function* numbers(signal: AbortSignal) {
    seen = signal
    for (let number = 1; ; number += 1) {
      begun.push(number)
      yield number
    }
  }
  const items = oneAhead(numbers, undefined)
  assert.deepEqual(begun, [])
  for await (const number of items) {
    await turn()
    assert.deepEqual(begun.length, number + 1)
    if (number === 3) break
  }
  assert.equal(seen?.aborted, true)
})

test('a failure on the way is told after the items before it, and to nobody who has stopped', async () => {
  async function* failing() {
    yield 1
    throw new Error('second')
  }
  const taken: number[] = []
  await assert.rejects(async () => {
    for await (const number of oneAhead(failing, undefined)) {
      await turn()
      taken.push(number)
    }
  }, /second/)
  assert.deepEqual(taken, [1])
  // The test runner fails on a rejection that nobody handles.
  for await (const _ of oneAhead(failing, undefined)) break
  await turn()
})

test('what is on its way ends with the signal of whoever reads', async () => {
  const reading = new AbortController()
  const signals: AbortSignal[] = []
  async function* numbers(signal: AbortSignal) {
    signals.push(signal)
    yield 1
  }
  await oneAhead(numbers, reading.signal).next()
  reading.abort()
  assert.deepEqual(
    signals.map(({ aborted }) => aborted),
    [true],
  )
})
