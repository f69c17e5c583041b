import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../../kernel/index.ts'
import { DataverseError } from '../errors/dataverse-error.ts'
import { blame } from './blame.ts'
import type { BulkItem } from './chunk.ts'

const rows = Array.from({ length: 40 }, (_, n) => ({
  name: n === 7 ? 'a name that is too long' : `name ${n}`,
  numberofemployees: n === 9 ? 5_000_000 : n,
  'parentaccountid@odata.bind': `/accounts(00000000-0000-4000-8000-0000000000${10 + n})`,
}))

function items(bodies: readonly JsonObject[]): readonly BulkItem[] {
  return bodies.map((body, index) => ({
    index,
    row: { body, key: `(n='${index}')` },
    text: JSON.stringify(body),
    identity: `n=${index}`,
  }))
}

function told(message: string) {
  const details = { why: '', remedy: '', who: 'you', retry: { when: 'never' } } as const
  const error = new DataverseError('bad_request', { what: message, ...details })
  const { suspects, column } = blame(error, items(rows))
  return [suspects.map(({ index }) => index), column]
}

test('a length that is exceeded leads to the row that exceeds it', () => {
  const message =
    "A validation error occurred.  The length of the 'name' attribute of the 'account' entity exceeded the maximum allowed length of '20'."
  assert.deepEqual(told(message), [[7], 'name'])
})

test('a number out of range leads to the row with such a number', () => {
  const message = "The value of 'numberofemployees' must be at most '1000000'."
  assert.deepEqual(told(message), [[9], 'numberofemployees'])
})

test('an id leads to the row and the column that hold it, in capitals too', () => {
  const message = 'account With Id = 00000000-0000-4000-8000-000000000033 Does Not Exist'
  assert.deepEqual(told(message), [[23], 'parentaccountid'])
  assert.deepEqual(told(message.toUpperCase()), [[23], 'parentaccountid'])
})

test('a message that fits most rows, or none, blames nobody', () => {
  assert.deepEqual(told('An unexpected error occurred.'), [[], undefined])
  assert.deepEqual(told("The attribute 'name' is wrong."), [[], 'name'])
})
