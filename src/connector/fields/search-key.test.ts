import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accountTable as table } from '../../../test/support/write-tables.ts'
import { ConnectorError } from '../connector-error.ts'
import { searchKey } from './search-key.ts'

const ID = '01234567-89ab-cdef-0123-456789abcdef'

const refused = (run: () => unknown, field: string, code: string) =>
  assert.throws(run, (error) => {
    assert.ok(error instanceof ConnectorError, String(error))
    assert.deepEqual([error.facts['field'], error.code], [field, code])
    return true
  })

test('a row is named by its id, under that name or under its own', () => {
  for (const idToSearchOn of ['id', 'accountid']) {
    const { keyOf, rest } = searchKey(table, idToSearchOn)
    assert.equal(keyOf({ id: `{${ID.toUpperCase()}}`, name: 'A' }), ID)
    assert.equal(keyOf({ accountid: ID, name: 'A' }), ID)
    assert.equal(keyOf({ id: ' ', name: 'A' }), undefined)
    assert.deepEqual(rest({ id: ID, accountid: ID, name: 'A' }), { name: 'A' })
  }
})

test('a key of several columns is named by them in any order, or by its own name', () => {
  for (const idToSearchOn of [
    'new_code,primarycontactid',
    'PrimaryContactId, new_code',
    'new_pair',
  ])
    assert.deepEqual(searchKey(table, idToSearchOn).columns, ['new_code', 'primarycontactid'])
  refused(() => searchKey(table, 'name'), 'idToSearchOn', 'invalid_field')
})

test('a lookup of a key is given as an id or as a row, under either of its names', () => {
  const { keyOf, rest } = searchKey(table, 'new_pair')
  const key = { new_code: 7, primarycontactid: ID }
  assert.deepEqual(keyOf(key), key)
  assert.deepEqual(keyOf({ new_code: 7, primarycontactid: { table: 'contact', id: ID } }), key)
  assert.deepEqual(keyOf({ new_code: 7, _primarycontactid_value: ID }), key)
  assert.deepEqual(rest({ ...key, _primarycontactid_value: ID, revenue: 5 }), { revenue: 5 })
})

test('a row without any value of its key is new, and one with some of them is refused', () => {
  const { keyOf } = searchKey(table, 'new_pair')
  assert.equal(keyOf({ new_code: ' ', primarycontactid: null, revenue: 5 }), undefined)
  refused(
    () => keyOf({ new_code: 7 }, 'inputObjects.3.'),
    'inputObjects.3.primarycontactid',
    'missing_field',
  )
  refused(() => keyOf({ new_code: true, primarycontactid: ID }), 'new_code', 'invalid_field')
})
