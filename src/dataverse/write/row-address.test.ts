import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accountTable } from '../../../test/support/write-tables.ts'
import { addressOfKey } from './row-address.ts'
import { Refusal } from './values/refusal.ts'

const [key = assert.fail('The table has a key.')] = accountTable.keys
const [column = ''] = key.columns

test('a key names a row by a value of each of its columns', () => {
  assert.deepEqual(key.columns, [column])
  assert.equal(addressOfKey({ [column]: "O'1" }, accountTable), `(${column}='O''1')`)
  for (const nothing of ['', null, undefined]) {
    const refusal = addressOfKey({ [column]: nothing }, accountTable)
    assert.ok(refusal instanceof Refusal && refusal.problem.includes(column))
  }
})

test('a key whose index is not built names no row', () => {
  const table = { ...accountTable, keys: [{ ...key, active: false }] }
  const refusal = addressOfKey({ [column]: 'A' }, table)
  assert.ok(refusal instanceof Refusal && /not active/.test(refusal.problem))
})
