import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asStoreError, StoreError } from './store-error.ts'

const CASES = [
  ['ECONNREFUSED', 'connect ECONNREFUSED', 'store_unreachable', 'later'],
  ['ENOENT', 'connect ENOENT /tmp/x', 'store_unreachable', 'later'],
  ['57P03', 'the database system is starting up', 'store_unreachable', 'later'],
  ['08006', 'connection failure', 'store_unreachable', 'later'],
  ['', 'Connection terminated unexpectedly', 'store_unreachable', 'later'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'self-signed certificate', 'store_unreachable', 'later'],
  ['53300', 'sorry, too many clients already', 'store_overloaded', 'later'],
  ['', 'timeout exceeded when trying to connect', 'store_overloaded', 'later'],
  ['57014', 'canceling statement due to statement timeout', 'store_timeout', 'later'],
  ['53100', 'could not extend file', 'store_disk_full', 'never'],
  ['28P01', 'password authentication failed', 'store_login_refused', 'never'],
  ['3D000', 'database "x" does not exist', 'store_database_missing', 'never'],
  ['25006', 'cannot execute INSERT', 'store_read_only', 'never'],
  ['42501', 'permission denied for schema public', 'store_not_allowed', 'never'],
  ['', 'driver has already been destroyed', 'store_closed', 'never'],
] as const

for (const [code, message, expected, retry] of CASES)
  test(`"${message}" is ${expected}`, () => {
    const error = asStoreError(Object.assign(new Error(message), { code }), 'db.example:5432')
    assert.ok(error instanceof StoreError)
    assert.equal(error.code, expected)
    assert.equal(error.explanation.retry.when, retry)
    assert.equal(error.facts['server'], 'db.example:5432')
  })

test('a fault of a statement stays what it is', () => {
  const error = Object.assign(new Error('duplicate key value'), { code: '23505' })
  assert.equal(asStoreError(error, 'db.example'), error)
})
