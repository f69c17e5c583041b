import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  type Column,
  type ColumnType,
  formatFilter,
  type TableDefinition,
} from '../../dataverse/index.ts'
import { ConnectorError } from '../connector-error.ts'
import { parseTerms } from './search-terms.ts'

const column = (logicalName: string, type: ColumnType, more: Partial<Column> = {}): Column => ({
  logicalName,
  schemaName: logicalName,
  type,
  required: 'none',
  readable: true,
  creatable: true,
  updatable: true,
  ...more,
})

const table: TableDefinition = {
  logicalName: 'account',
  schemaName: 'Account',
  entitySetName: 'accounts',
  intersect: false,
  isActivity: false,
  changeTracking: false,
  optimisticConcurrency: true,
  oneToMany: [],
  manyToMany: [],
  keys: [],
  columns: [
    column('name', 'string'),
    column('revenue', 'money'),
    column('createdon', 'datetime'),
    column('founded', 'datetime', { dateBehavior: 'dateOnly' }),
    column('ownerid', 'owner'),
    column('statecode', 'state'),
    column('donotemail', 'boolean'),
    column('picture_url', 'virtual'),
  ],
}

const GUID = '0123abcd-89ab-cdef-0123-456789abcdef'

const term = (fieldName: unknown, condition: unknown, fieldValue: unknown) => ({
  fieldName,
  condition,
  fieldValue,
})

const filterOf = (input: Readonly<Record<string, unknown>>, termNumber = 0) => {
  const filter = parseTerms(table, input, termNumber)
  return filter === undefined ? undefined : formatFilter(filter)
}

const one = (fieldName: unknown, condition: unknown, fieldValue: unknown) =>
  filterOf({ sTerm_1: term(fieldName, condition, fieldValue) })

const refused = (run: () => unknown, field: string, code = 'invalid_field') =>
  assert.throws(run, (error) => {
    assert.ok(error instanceof ConnectorError, String(error))
    assert.deepEqual([error.facts['field'], error.code], [field, code])
    return true
  })

test('values are written by the column’s type', () => {
  assert.equal(one('name', 'eq', "O'Bryan"), "name eq 'O''Bryan'")
  assert.equal(one('name', 'eq', 42), "name eq '42'")
  assert.equal(one('revenue', 'gt', '1000.50'), 'revenue gt 1000.50')
  assert.equal(one('createdon', 'GE', '2026-01-31'), 'createdon ge 2026-01-31T00:00:00Z')
  assert.equal(one('founded', 'le', '2026-01-31'), 'founded le 2026-01-31')
  assert.equal(one('ownerid', 'eq', `{${GUID}}`), `_ownerid_value eq ${GUID}`)
  assert.equal(one('_ownerid_value', 'ne', GUID.toUpperCase()), `_ownerid_value ne ${GUID}`)
  assert.equal(one('statecode', 'eq', '1'), 'statecode eq 1')
  assert.equal(one('donotemail', 'eq', 'TRUE'), 'donotemail eq true')
  assert.equal(one('name', 'ne', null), 'name ne null')
})

test('texts are searched, and lists are compared one by one', () => {
  assert.equal(one('name', 'contains', '😀 50%'), "contains(name,'😀 50[%]')")
  assert.equal(one('name', 'startswith', 'A'), "startswith(name,'A')")
  assert.equal(one('statecode', 'in', '0, 1'), 'statecode eq 0 or statecode eq 1')
  assert.equal(one('name', 'in', ['a,b', 'c']), "name eq 'a,b' or name eq 'c'")
})

test('terms are joined as OData binds them, and before or', () => {
  const input = {
    sTerm_1: term('name', 'eq', 'a'),
    link_1_2: 'or',
    sTerm_2: term('name', 'eq', 'b'),
    link_2_3: 'AND',
    sTerm_3: term('statecode', 'eq', 0),
  }
  assert.equal(filterOf(input, 3), "(name eq 'a') or (name eq 'b' and statecode eq 0)")
  assert.equal(filterOf(input, 2), "(name eq 'a') or (name eq 'b')")
  assert.equal(filterOf(input, 0), filterOf(input, 3))
  assert.equal(filterOf({}, 0), undefined)
})

test('terms are taken by their numbers, not by their places, and numbers may be left out', () => {
  const input = {
    sTerm_12: term('name', 'eq', 'c'),
    sTerm_2: term('name', 'eq', 'a'),
    sTerm_10: term('name', 'eq', 'b'),
    link_2_10: 'and',
    link_10_12: 'and',
  }
  assert.equal(filterOf(input), "name eq 'a' and name eq 'b' and name eq 'c'")
})

test('a missing term, operator or part is named', () => {
  refused(() => filterOf({}, 1), 'sTerm_1', 'missing_field')
  const two = { sTerm_1: term('name', 'eq', 'a'), sTerm_2: term('name', 'eq', 'b') }
  refused(() => filterOf(two, 2), 'link_1_2', 'missing_field')
  refused(() => filterOf({ ...two, link_1_2: 'xor' }), 'link_1_2')
  refused(() => filterOf({ sTerm_1: 'name eq 1' }), 'sTerm_1')
  refused(() => one('', 'eq', 'a'), 'sTerm_1.fieldName', 'missing_field')
  refused(() => one('name', undefined, 'a'), 'sTerm_1.condition', 'missing_field')
  refused(() => one('name', 'like', 'a'), 'sTerm_1.condition')
  refused(() => one('name', 'constructor', 'a'), 'sTerm_1.condition')
  refused(() => one('name', 'eq', ''), 'sTerm_1.fieldValue', 'missing_field')
  refused(() => one('name', 'eq', undefined), 'sTerm_1.fieldValue', 'missing_field')
})

test('a value that does not fit its column, or its condition, is named', () => {
  refused(() => one('revenue', 'eq', '1,5'), 'sTerm_1.fieldValue')
  refused(() => one('createdon', 'eq', '31.01.2026'), 'sTerm_1.fieldValue')
  refused(() => one('ownerid', 'eq', 'x or true'), 'sTerm_1.fieldValue')
  refused(() => one('name', 'eq', { a: 1 }), 'sTerm_1.fieldValue')
  refused(() => one('revenue', 'contains', '1'), 'sTerm_1.fieldValue')
  refused(() => one('name', 'gt', null), 'sTerm_1.fieldValue')
  refused(() => one('name', 'contains', null), 'sTerm_1.fieldValue')
  refused(() => one('name', 'contains', '\ud800'), 'sTerm_1.fieldValue')
  refused(() => one('statecode', 'in', []), 'sTerm_1.fieldValue')
  refused(() => one('statecode', 'in', '1,,2'), 'sTerm_1.fieldValue')
  refused(() => one('statecode', 'in', Array(501).fill(0)), 'sTerm_1.fieldValue')
})

test('a column that is unknown, or cannot be searched by, is named', () => {
  refused(() => one('names', 'eq', 'a'), 'sTerm_1.fieldName', 'unknown_column')
  refused(() => one('name eq 1 or name', 'eq', 'a'), 'sTerm_1.fieldName', 'unknown_column')
  refused(() => one('picture_url', 'eq', 'a'), 'sTerm_1.fieldName')
})

test('no value changes the expression', () => {
  const anything = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.double(),
    fc.boolean(),
    fc.constantFrom("' or 1 eq 1", "')", '%', '1) or (1 eq 1'),
  )
  fc.assert(
    fc.property(
      fc.constantFrom('name', 'revenue', 'createdon', 'ownerid', 'statecode'),
      fc.constantFrom('eq', 'contains', 'in', 'ge'),
      anything,
      (name, condition, value) => {
        let text: string | undefined
        try {
          text = one(name, condition, value)
        } catch (error) {
          assert.ok(error instanceof ConnectorError, String(error))
          return
        }
        const outside = (text ?? '').replace(/'(?:[^']|'')*'/g, '?')
        assert.match(
          outside,
          /^(contains\(name,\?\)|_?[a-z]+(_value)? (eq|ge) (\?|[-\w.:]+)( or _?[a-z]+(_value)? eq (\?|[-\w.:]+))*)$/,
        )
      },
    ),
    { numRuns: 500 },
  )
})
