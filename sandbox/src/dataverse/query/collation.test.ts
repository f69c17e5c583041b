import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { comparePlain, compareText, isPlain } from './collation.ts'
import { firstOf } from './first.ts'

const printable = fc.string({
  unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
  maxLength: 6,
})

test('plain texts are compared as the collator compares them', () => {
  fc.assert(
    fc.property(printable, printable, (left, right) => {
      assert.ok(isPlain(left))
      assert.equal(Math.sign(comparePlain(left, right)), Math.sign(compareText(left, right)))
    }),
    { numRuns: 3_000 },
  )
})

test('text beyond printable ASCII is not plain', () => {
  assert.equal(isPlain('Málaga'), false)
  assert.equal(isPlain('a\tb'), false)
})

test('the first of an order are those that sorting all puts first', () => {
  const compare = (left: number, right: number) => left - right
  fc.assert(
    fc.property(fc.array(fc.integer({ max: 50, min: 0 })), fc.nat(60), (items, count) => {
      assert.deepEqual(firstOf(items, count, compare), items.toSorted(compare).slice(0, count))
    }),
    { numRuns: 500 },
  )
})
