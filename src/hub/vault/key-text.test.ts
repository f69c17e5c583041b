import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { systemRandom } from '../../kernel/index.ts'
import { checkValue, formatKeys, generateKey, parseKeys } from './key-text.ts'

test('keys that were written are read again in the same order', () => {
  fc.assert(
    fc.property(fc.nat(5), (count) => {
      const keys = Array.from({ length: count }, (_, at) => generateKey(systemRandom, at))
      assert.deepEqual(parseKeys(formatKeys(keys)), keys)
    }),
    { numRuns: 10 },
  )
})

test('a setting may separate keys by commas', () => {
  const [one, two] = [generateKey(systemRandom, 0), generateKey(systemRandom, 1)]
  const text = formatKeys([one, two]).trim().replace('\n', ', ')
  assert.deepEqual(parseKeys(text), [one, two])
})

for (const [fault, text] of [
  ['too short', 'k1:c2hvcnQ='],
  ['a placeholder', `k1:${Buffer.alloc(32).toString('base64')}`],
  ['without an id', Buffer.alloc(32, 'ab').toString('base64')],
  ['without an id, in base64url', Buffer.alloc(32, 'ab').toString('base64url')],
])
  test(`a key that is ${fault} is refused without being quoted`, () => {
    assert.throws(
      () => parseKeys(text ?? ''),
      (error: Error & { code?: string }) =>
        error.code === 'keys_invalid' &&
        !JSON.stringify(error).includes(text?.replace('k1:', '') ?? ''),
    )
  })

test('two keys of one id are refused', () => {
  const key = generateKey(systemRandom, 0)
  assert.throws(() => parseKeys(formatKeys([key, key])), { code: 'keys_invalid' })
})

test('the check value tells keys of one id apart', () => {
  const key = generateKey(systemRandom, 0)
  assert.notEqual(checkValue(key), checkValue({ ...key, bytes: systemRandom.bytes(32) }))
})
