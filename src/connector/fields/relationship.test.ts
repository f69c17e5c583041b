import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accountTable } from '../../../test/support/write-tables.ts'
import { findRelationship } from './relationship.ts'

test('a way is found in any case, and two that differ in nothing else are told apart', () => {
  const property = 'PrimaryContactId'
  const way = { property, target: 'contact', schemaName: 'new_way', column: 'new_accountid' }
  const many = { ...accountTable, oneToMany: [way] }
  assert.equal(findRelationship(many, property).many, true)
  assert.equal(findRelationship(many, 'primarycontactid').many, false)
  assert.equal(findRelationship(accountTable, property).property, 'primarycontactid')
})
