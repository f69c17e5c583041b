import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { DataverseError } from '../errors/dataverse-error.ts'
import { where } from './filter.ts'
import { formatQuery, hasTop, type Query } from './query.ts'

const refused = (query: Query | string) =>
  assert.throws(
    () => formatQuery(query),
    (error) => error instanceof DataverseError,
  )

test('all options of a typed query are written in OData', () => {
  const query: Query = {
    select: ['name', 'revenue', 'name'],
    filter: where.eq('name', 'A & B'),
    orderby: [{ column: 'revenue', descending: true }, { column: 'name' }],
    expand: [
      { property: 'primarycontactid', select: ['fullname'] },
      {
        property: 'Account_Tasks',
        filter: where.eq('statecode', 1),
        top: 2,
        expand: [{ property: 'createdby' }],
      },
    ],
    top: 10,
    count: true,
  }
  const read = new URLSearchParams(formatQuery(query))
  assert.deepEqual(
    [...read],
    [
      ['$select', 'name,revenue'],
      ['$filter', "name eq 'A & B'"],
      ['$orderby', 'revenue desc,name'],
      ['$top', '10'],
      [
        '$expand',
        'primarycontactid($select=fullname),Account_Tasks($filter=statecode eq 1;$top=2;$expand=createdby)',
      ],
      ['$count', 'true'],
    ],
  )
})

test('plain text options may hold anything, and stay within their option', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }), (text) => {
      const filter = `name eq '${text.replaceAll("'", "''")}'`
      const read = new URLSearchParams(formatQuery({ filter, orderby: text, top: 1 }))
      assert.deepEqual(Object.fromEntries(read), { $filter: filter, $orderby: text, $top: '1' })
    }),
    { numRuns: 200 },
  )
})

test('a whole query may be plain text', () => {
  assert.equal(formatQuery('?$top=3'), '$top=3')
  assert.equal(hasTop('$select=name&$top=3'), true)
  assert.equal(hasTop("$filter=name eq '$top'"), false)
  refused('$top=3#x')
  refused("$filter=name%20eq%20'x&$top=3")
})

test('a number of rows outside of 1 to 5000 is refused', () => {
  for (const top of [0, 5001, 1.5, Number.NaN]) refused({ top })
})

test('a sixteenth expand is refused, nested ones counted', () => {
  const expand = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ property: `p${index}` }))
  assert.ok(formatQuery({ expand: expand(15) }))
  refused({ expand: [{ property: 'q', expand: expand(15) }] })
})

test('an option that is none is refused, with the one that may be meant', () => {
  const wrong = (query: object, words: RegExp) =>
    assert.throws(
      () => formatQuery(query),
      (error) => error instanceof DataverseError && words.test(error.explanation.remedy),
    )
  wrong({ fliter: 'a eq 1' }, /mean filter/)
  wrong({ $select: 'name' }, /mean select/)
  wrong({ skip: 10 }, /Give select, /)
  wrong({ expand: [{ property: 'p', apply: 'x' }] }, /Give select, /)
})
