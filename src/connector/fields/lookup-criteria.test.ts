import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accountTable } from '../../../test/support/write-tables.ts'
import { formatFilter } from '../../dataverse/index.ts'
import { ConnectorError } from '../connector-error.ts'
import { criteriaFilter, criteriaSchema } from './lookup-criteria.ts'

const ID = '01234567-89ab-cdef-0123-456789abcdef'
const place = 'name, primarycontactid'

test('a key of several columns has to hold as a whole', () => {
  const written = `name eq 'A' and _primarycontactid_value eq ${ID}`
  for (const value of [
    { name: 'A', primarycontactid: ID },
    { name: 'A', _primarycontactid_value: ID },
  ])
    assert.equal(formatFilter(criteriaFilter(accountTable, place, value)), written)
})

test('what a key of several columns lacks is named', () => {
  for (const [value, field] of [
    ['A', 'lookupCriteriaValue'],
    [{ name: 'A' }, 'lookupCriteriaValue.primarycontactid'],
  ] as const)
    assert.throws(
      () => criteriaFilter(accountTable, place, value),
      (error) => error instanceof ConnectorError && error.facts['field'] === field,
    )
})

test('the form of a key of several columns asks for each of them', () => {
  const { required, properties } = Object(criteriaSchema(accountTable, place, { optional: false }))
  assert.deepEqual(required, ['name', '_primarycontactid_value'])
  assert.deepEqual(Object.keys(properties), required)
})
