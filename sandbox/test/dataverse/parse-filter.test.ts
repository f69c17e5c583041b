import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Expression, Literal, Operand, Path } from '../../src/dataverse/query/expression.ts'
import { parseFilter } from '../../src/dataverse/query/parse-filter.ts'
import { printFilter } from './print-filter.ts'

const RESERVED = new Set([
  'and',
  'or',
  'not',
  'eq',
  'ne',
  'gt',
  'ge',
  'lt',
  'le',
  'any',
  'all',
  'true',
  'false',
  'null',
])
const word = fc
  .stringMatching(/^[a-z_][a-z0-9_]{0,12}$/)
  .filter((text) => !RESERVED.has(text) && !/^[0-9]/.test(text))
const literal: fc.Arbitrary<Literal> = fc.oneof(
  fc.string({ unit: 'grapheme' }).map((value): Literal => ({ kind: 'string', value })),
  fc.integer().map((value): Literal => ({ kind: 'number', value, text: String(value) })),
  fc.boolean().map((value): Literal => ({ kind: 'boolean', value })),
  fc.uuid().map((value): Literal => ({ kind: 'guid', value })),
  fc
    .date({ min: new Date('1900-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
    .map((date): Literal => ({ kind: 'time', value: date.getTime(), text: date.toISOString() })),
  fc.constant<Literal>({ kind: 'null' }),
  fc.record({ kind: fc.constant('enum' as const), type: word, value: fc.string() }),
)
const path: fc.Arbitrary<Path> = fc
  .array(word, { minLength: 1, maxLength: 3 })
  .map((segments) => ({ kind: 'path', segments }))
const operand: fc.Arbitrary<Operand> = fc.oneof(
  path,
  literal,
  word.map((name): Operand => ({ kind: 'alias', name: `@${name}` })),
)
const items = fc.array(fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)), {
  maxLength: 4,
})

const { expression } = fc.letrec<{ expression: Expression; leaf: Expression }>((tie) => ({
  leaf: fc.oneof(
    fc.record({
      kind: fc.constant('compare' as const),
      operator: fc.constantFrom('eq', 'ne', 'gt', 'ge', 'lt', 'le'),
      left: operand,
      right: operand,
    }),
    fc.record({
      kind: fc.constant('text' as const),
      name: fc.constantFrom('contains', 'startswith', 'endswith'),
      subject: operand,
      search: operand,
    }),
  ),
  expression: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    tie('leaf'),
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      left: tie('expression'),
      right: tie('expression'),
    }),
    fc.record({ kind: fc.constant('not' as const), inner: tie('leaf') }),
    fc.record({
      kind: fc.constant('function' as const),
      name: word,
      parameters: items.map(
        (values) => new Map([['PropertyValues', { kind: 'list' as const, items: values }]]),
      ),
    }),
    fc.record({
      kind: fc.constant('lambda' as const),
      path: fc.array(word, { minLength: 1, maxLength: 2 }),
      quantifier: fc.constantFrom('any' as const, 'all' as const),
      variable: word,
      body: tie('expression'),
    }),
  ),
}))

test('what is printed parses to the same expression', () => {
  fc.assert(
    fc.property(expression, (original) => {
      assert.deepEqual(parseFilter(printFilter(original)), structuredClone(original))
    }),
    { numRuns: 300 },
  )
})

test('a string can never change the expression around it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (value) => {
      const parsed = parseFilter(`name eq '${value.replaceAll("'", "''")}' and statecode eq 0`)
      assert.equal(parsed.kind, 'and')
    }),
    { numRuns: 200 },
  )
})

test('any text either parses or is refused with a fault of the service', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      try {
        parseFilter(text)
      } catch (error) {
        assert.ok(error instanceof Error && error.name === 'Fault', String(error))
      }
    }),
    { numRuns: 300 },
  )
})

test('and binds tighter than or, not tighter than both', () => {
  const parsed = parseFilter('not a eq 1 or b eq 2 and c eq 3')
  assert.equal(parsed.kind, 'or')
  assert.equal(parsed.kind === 'or' && parsed.left.kind, 'not')
  assert.equal(parsed.kind === 'or' && parsed.right.kind, 'and')
})

test('parentheses nested without end are refused, not overflowed', () => {
  assert.throws(() => parseFilter('('.repeat(20_000)), /Recursion depth exceeded/)
  assert.throws(() => parseFilter(`${'not '.repeat(20_000)}a eq 1`), /Recursion depth exceeded/)
})
