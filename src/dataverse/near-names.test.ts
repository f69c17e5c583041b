import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nearNames } from './near-names.ts'

const names = ['address1_name', 'address1_primarycontactname', 'fax', 'name', 'revenue', 'sic']

test('of the names that hold a part the shortest comes first', () => {
  assert.deepEqual(nearNames('nam', names), [
    'name',
    'address1_name',
    'address1_primarycontactname',
  ])
})

test('another case and a slip or two are found', () => {
  assert.equal(nearNames('Revenue', names)[0], 'revenue')
  assert.equal(nearNames('revneue', names)[0], 'revenue')
  assert.deepEqual(nearNames('fxa', names), [])
})

test('a name of two or three letters is like those alone that differ in one', () => {
  assert.deepEqual(nearNames('id', names), [])
  assert.deepEqual(nearNames('fix', names), ['fax'])
})
