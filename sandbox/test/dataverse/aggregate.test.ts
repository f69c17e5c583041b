import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Fault } from '../../src/dataverse/fault.ts'
import { aggregate, decimalText, type Measure } from '../../src/dataverse/query/aggregate.ts'

const frames = (values: readonly number[]) => values.map((_, index) => [index])
const measure = (values: readonly (number | null)[], method: Measure['method'], edm: string) => ({
  method,
  edm,
  get: ([slot = 0]: number[]) => values[slot] ?? null,
})

test('decimal sums are exact to the nine decimals that are written', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -1e12, max: 1e12 })), (tenThousandths) => {
      const values = tenThousandths.map((value) => value / 10_000)
      const [group] = aggregate(frames(values), [], [measure(values, 'sum', 'Edm.Decimal')])
      const exact = tenThousandths.reduce((sum, value) => sum + BigInt(value), 0n)
      assert.equal(group?.values[0], exact * 100_000n)
    }),
  )
})

test('a decimal is written with its sign and nine decimals', () => {
  assert.equal(decimalText(-5n), '-0.000000005')
  assert.equal(decimalText(440_000_000_000_000n), '440000.000000000')
})

test('nothing to add up is 0, nothing to average is no value', () => {
  const values = [null, null]
  const measures = (['sum', 'average', 'min', 'count', 'countcolumn'] as const).map((method) =>
    measure(values, method, 'Edm.Int32'),
  )
  assert.deepEqual(aggregate(frames([0, 0]), [], measures)[0]?.values, [0, null, null, 2, 0])
})

test('more rows than the limit end in the documented error', () => {
  assert.throws(
    () => aggregate(frames([1, 2, 3]), [], [], 2),
    (error) =>
      error instanceof Fault &&
      error.code === '0x8004e023' &&
      error.message === 'AggregateQueryRecordLimit exceeded. Cannot perform this operation.',
  )
})
