import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { DataverseError } from '../errors/dataverse-error.ts'
import { type Filter, where } from './filter.ts'
import { formatFilter } from './format-filter.ts'
import { literal } from './literal.ts'

const refused = (filter: Filter) =>
  assert.throws(
    () => formatFilter(filter),
    (error) => error instanceof DataverseError,
  )

test('values are written by their own type', () => {
  assert.equal(formatFilter(where.eq('name', "O'Bryan")), "name eq 'O''Bryan'")
  assert.equal(formatFilter(where.ne('revenue', 1.5)), 'revenue ne 1.5')
  assert.equal(
    formatFilter(where.ge('versionnumber', 9007199254740993n)),
    'versionnumber ge 9007199254740993',
  )
  assert.equal(formatFilter(where.eq('donotemail', true)), 'donotemail eq true')
  assert.equal(formatFilter(where.eq('telephone1', null)), 'telephone1 eq null')
  assert.equal(
    formatFilter(where.lt('createdon', new Date(0))),
    'createdon lt 1970-01-01T00:00:00Z',
  )
  assert.equal(
    formatFilter(
      where.eq('_ownerid_value', literal('guid', '{0123ABCD-89ab-cdef-0123-456789abcdef}')),
    ),
    '_ownerid_value eq 0123abcd-89ab-cdef-0123-456789abcdef',
  )
})

test('nested conditions keep their grouping', () => {
  const filter = where.and(
    where.or(where.eq('a', 1), where.eq('b', 2)),
    where.not(where.contains('name', 'x')),
    where.in('c', ['u', 'v']),
  )
  assert.equal(
    formatFilter(filter),
    "(a eq 1 or b eq 2) and (not (contains(name,'x'))) and (c eq 'u' or c eq 'v')",
  )
})

test('wildcards in a searched text stand for themselves', () => {
  assert.equal(formatFilter(where.contains('name', '50%_[x]')), "contains(name,'50[%][_][[]x]')")
})

test('a related row is reached through a path of names', () => {
  assert.equal(
    formatFilter(where.eq('primarycontactid/fullname', 'Ann')),
    "primarycontactid/fullname eq 'Ann'",
  )
})

test('a column that is no name, and a group without conditions, are refused', () => {
  refused(where.eq("name eq 'x' or a", 1))
  refused(where.eq('', 1))
  refused(where.eq('a//b', 1))
  refused(where.and())
  refused(where.in('a', []))
})

test('a condition written by hand cannot leave its place', () => {
  assert.equal(
    formatFilter(where.and(where.text("name eq ')'"), where.eq('a', 1))),
    "(name eq ')') and a eq 1",
  )
  refused(where.text('a eq 1) or (b eq 2'))
  refused(where.text("name eq 'x"))
  refused(where.text('  '))
})

test('no value changes the expression: outside of its quotes the text stays the same', () => {
  const outside = (text: string) => text.replace(/'(?:[^']|'')*'/g, '?')
  fc.assert(
    fc.property(fc.string({ maxLength: 40 }), fc.string({ maxLength: 40 }), (left, right) => {
      fc.pre(!`${left}${right}`.includes('\0'))
      const filter = where.or(
        where.and(where.eq('a', left), where.startswith('b', right)),
        where.ne('c', left),
      )
      assert.equal(outside(formatFilter(filter)), '(a eq ? and startswith(b,?)) or c ne ?')
    }),
    { numRuns: 200 },
  )
})
