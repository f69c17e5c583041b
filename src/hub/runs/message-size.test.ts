import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Json } from '../../kernel/index.ts'
import { sizeBeyond } from './message-size.ts'

const values: readonly Json[] = [
  ...[null, true, false, 0, -1.7976931348623157e308, 5e-324, 'x', '', {}, []],
  ...['\u0000\u001f', '"\\"', '🙂', '\ud800', 'ä'.repeat(100)],
  { name: 'A', '\u0001key': [1, 'two', { three: null }], empty: {} },
]

test('a value is told to be too large from one byte on, and with its size', () => {
  for (const value of values) {
    const bytes = Buffer.byteLength(JSON.stringify(value))
    assert.equal(sizeBeyond(value, bytes), undefined)
    assert.equal(sizeBeyond(value, bytes - 1), bytes)
  }
})

test('what is far from too large is not written out to see that', () => {
  const body = { toJSON: () => assert.fail('it was written out') }
  assert.equal(sizeBeyond(Object(body), 1000), undefined)
})
