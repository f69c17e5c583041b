import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PendingOutputs } from './pending-outputs.ts'

const MB = 1024 * 1024
const output = (body: string, id?: string) => ({
  ...{ kind: 'data' as const, body },
  ...(id !== undefined && { id }),
})

test('outputs that are known by their ids are stored before their checkpoint once they are many', () => {
  const pending = new PendingOutputs()
  const body = 'x'.repeat(3 * MB)
  pending.add(output(body, 'a'))
  assert.equal(pending.full, false)
  pending.add(output(body, 'b'))
  assert.equal(pending.full, true)
  assert.equal(pending.take().length, 2)
  pending.add(output('', 'c'))
  assert.deepEqual([pending.full, pending.count], [false, 1])
})

test('outputs of which one has no id wait for their checkpoint, and too many are refused', () => {
  const pending = new PendingOutputs()
  const body = 'x'.repeat(16 * MB)
  pending.add(output(body, 'a'))
  pending.add(output(body))
  pending.add(output(body, 'b'))
  assert.equal(pending.full, false)
  assert.throws(() => pending.add(output(body, 'c')), { code: 'page_too_large' })
})

test('an id that no index takes is kept as one that is as good', () => {
  const pending = new PendingOutputs()
  for (const end of ['a', 'a', 'b']) pending.add(output('', 'x'.repeat(5_000) + end))
  const [one, again, other] = pending.take().map(({ id }) => id)
  assert.ok(one != null && one.length < 100)
  assert.deepEqual([again === one, other === one], [true, false])
})
