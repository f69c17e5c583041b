import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseExactJson } from './exact-json.ts'

test('whole numbers beyond 2^53 become texts of their digits, wherever they stand', () => {
  assert.deepEqual(
    parseExactJson('{"a":9007199254740993,"b":[-9223372036854775808, 638026228410163830],"c":1}'),
    { a: '9007199254740993', b: ['-9223372036854775808', '638026228410163830'], c: 1 },
  )
  assert.equal(parseExactJson('12345678901234567890'), '12345678901234567890')
})

test('no place hides a number, nor one that stands before it', () => {
  const digits = '9007199254740993'
  for (let before = 0; before < 40; before += 1) {
    for (let between = 0; between < 40; between += 1) {
      const text = `[${' '.repeat(before)}${digits},${' '.repeat(between)}-${digits}]`
      assert.deepEqual(parseExactJson(text), [digits, `-${digits}`])
    }
  }
})

test('numbers that JavaScript holds stay numbers, and so do fractions', () => {
  const text =
    '[9007199254740991, 1234567890123456, 0.12345678901234567, 12345678901234567.5, 1e300, 1E+0000000000000000001]'
  assert.deepEqual(parseExactJson(text), JSON.parse(text))
})

test('digits in texts are left alone', () => {
  const values = ['9007199254740993', '\\"9007199254740993', 'a\\', ':9007199254740993,', '🚀']
  const text = JSON.stringify({ values, number: 1, ':9007199254740993': null })
  assert.deepEqual(parseExactJson(text), JSON.parse(text))
})

test('whatever JSON says is read as JSON.parse reads it, but for long whole numbers', () => {
  const pieces = fc.oneof(
    fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
    fc.bigInt({ min: -(2n ** 54n), max: 2n ** 54n }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(2 ** 53, -(2 ** 53), 2 ** 53 - 1, 1e20),
    fc.string({ unit: 'grapheme' }),
    fc.stringMatching(/^[0-9"\\]{0,40}$/),
    fc.constant(null),
  )
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string(), pieces)), (entries) => {
      const text = `[${entries.map(([key, value]) => `{${JSON.stringify(key)}:${written(value)}}`).join()}]`
      const expected = entries.map(([key, value]) => Object.fromEntries([[key, exact(value)]]))
      assert.deepEqual(parseExactJson(text), expected)
    }),
  )
})

function written(value: unknown): string {
  return typeof value === 'bigint' ? String(value) : JSON.stringify(value)
}

// A double may be a long whole number, too.
function exact(value: unknown): unknown {
  const text = written(value)
  const whole = typeof value !== 'string' && /^-?\d+$/.test(text)
  return whole && !Number.isSafeInteger(Number(text)) ? text : JSON.parse(text)
}

test('what is no JSON is refused', () => {
  for (const text of ['{"a":9007199254740993', '{"a:9007199254740993}', ''])
    assert.throws(() => parseExactJson(text), SyntaxError)
})
