import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DataverseError, type DataverseErrorCode } from '../errors/dataverse-error.ts'
import { rejectionOf, unresolvedFate } from './outcome.ts'

function failure(code: DataverseErrorCode, what: string, when: 'later' | 'never') {
  const explanation = { what, why: '', remedy: 'Mend it.', who: 'you' } as const
  return new DataverseError(code, { ...explanation, retry: { when }, dataverseCode: '0x8' })
}

test('a row that was hindered may be sent again as it is where its error passes', () => {
  for (const when of ['later', 'never'] as const) {
    assert.deepEqual(unresolvedFate(failure('throttled', 'Slower.', when)), {
      status: 'unresolved',
      ...{ code: 'throttled', dataverseCode: '0x8', reason: 'Slower.', remedy: 'Mend it.' },
      retryable: when === 'later',
    })
  }
})

test('a reason is no longer than 500 characters, however long the service’s own words are', () => {
  const error = failure('bad_request', 'x'.repeat(30_000), 'never')
  for (const fate of [rejectionOf(error, 'name'), unresolvedFate(error)])
    assert.ok('reason' in fate && fate.reason.length === 500)
})
