import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { DataverseError } from '../errors/dataverse-error.ts'
import { type LiteralType, literal } from './literal.ts'

const write = (type: LiteralType, value: unknown) => String(literal(type, value, 'thefield'))

const refused = (type: LiteralType, value: unknown) =>
  assert.throws(
    () => literal(type, value, 'thefield'),
    (error) =>
      error instanceof DataverseError &&
      error.code === 'invalid_argument' &&
      error.facts['field'] === 'thefield',
    `${type} ${String(value)}`,
  )

test('a text is quoted, and its quotes are doubled', () => {
  assert.equal(write('string', "O'Bryan"), "'O''Bryan'")
  assert.equal(write('string', ''), "''")
  assert.equal(write('string', '😀 % and #'), "'😀 % and #'")
})

test('half a character and U+0000 are refused', () => {
  refused('string', '\ud83d')
  refused('string', 'a\0b')
  refused('string', {})
})

test('a GUID loses its braces and capitals', () => {
  const guid = '0123abcd-89ab-cdef-0123-456789abcdef'
  assert.equal(write('guid', `{${guid.toUpperCase()}}`), guid)
  refused('guid', `${guid} or true`)
  refused('guid', `{${guid}`)
})

test('whole numbers keep their size, given as text too', () => {
  assert.equal(write('int32', ' 42 '), '42')
  assert.equal(write('int32', -2147483648), '-2147483648')
  assert.equal(write('int64', '9007199254740993'), '9007199254740993')
  for (const wrong of [2147483648, 1.5, '1e3', '', null, '1,000', 'x', Number.NaN]) {
    refused('int32', wrong)
  }
})

test('a decimal keeps every digit', () => {
  assert.equal(write('decimal', '12345678901234567890.0001'), '12345678901234567890.0001')
  assert.equal(write('decimal', -0.5), '-0.5')
  assert.equal(write('decimal', '+007.50'), '7.50')
  refused('decimal', '1,5')
  refused('decimal', '1e5')
})

test('a double may have an exponent, which is written without a plus', () => {
  assert.equal(write('double', '6.02e+23'), '6.02e23')
  refused('double', 'Infinity')
  refused('double', '0x10')
})

test('a date and time is written in UTC', () => {
  assert.equal(write('datetime', '2026-01-31T13:45:00+01:00'), '2026-01-31T12:45:00Z')
  assert.equal(write('datetime', '2026-01-31'), '2026-01-31T00:00:00Z')
  assert.equal(write('datetime', new Date(1)), '1970-01-01T00:00:00.001Z')
})

test('a date in a local form, without a zone, or not in the calendar is refused', () => {
  for (const wrong of [
    '31.01.2026',
    '01/31/2026',
    '2026-01-31T13:45:00',
    '2026-02-30',
    '2026-02-30T13:45:00Z',
    '2026-13-01',
    'now',
  ]) {
    refused('datetime', wrong)
  }
  refused('datetime', new Date(Number.NaN))
})

test('a date without a time refuses one', () => {
  const midnight = '2026-01-31T00:00:00Z'
  for (const whole of ['2026-01-31', midnight, '2026-01-31T00:00Z', new Date(midnight)])
    assert.equal(write('date', whole), '2026-01-31')
  refused('date', '2026-01-31T00:00:00.001Z')
  refused('date', '2026-01-31T10:00:00Z')
})

test('yes and no are true and false in any case', () => {
  assert.equal(write('boolean', 'TRUE'), 'true')
  assert.equal(write('boolean', 0), 'false')
  refused('boolean', 'yes or 1 eq 1')
})

test('any text is exactly one quoted literal that reads back as itself', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      fc.pre(text.isWellFormed() && !text.includes('\0'))
      const written = write('string', text)
      assert.match(written, /^'(?:[^']|'')*'$/u)
      assert.equal(written.slice(1, -1).replaceAll("''", "'"), text)
    }),
    { numRuns: 300 },
  )
})

test('whatever is given, an unquoted literal has no character that could begin another token', () => {
  const types: readonly LiteralType[] = [
    'boolean',
    'date',
    'datetime',
    'decimal',
    'double',
    'guid',
    'int32',
    'int64',
  ]
  const likely = fc.stringMatching(/^[-+0-9a-fTZ:. {}'()eo]{0,30}$/)
  const values = fc.oneof(likely, fc.string(), fc.double(), fc.date(), fc.uuid(), fc.anything())
  fc.assert(
    fc.property(fc.constantFrom(...types), values, (type, value) => {
      let written: string
      try {
        written = write(type, value)
      } catch (error) {
        assert.ok(error instanceof DataverseError)
        return
      }
      assert.match(written, /^[-\w.:]+$/)
    }),
    { numRuns: 500 },
  )
})
