import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeClock } from '../../../test/support/fake-clock.ts'
import { accountTable, contactTable } from '../../../test/support/write-tables.ts'
import type { CallOptions } from '../call-options.ts'
import { DataverseError } from '../errors/dataverse-error.ts'
import { suggestNames } from './suggest-names.ts'

const names = {
  tables: async () => [accountTable, contactTable],
  definition: async () => accountTable,
}

const refused = (facts: Readonly<Record<string, string>>) =>
  new DataverseError('bad_request', {
    what: 'Dataverse answered with 400.',
    ...{ why: '', remedy: 'Look.', who: 'you', retry: { when: 'never' } },
    status: 400,
    dataverseCode: '0x8006088a',
    requestId: 'request-1',
    facts,
  })

const suggested = async (facts: Readonly<Record<string, string>>, from = names) => {
  const error = await suggestNames(refused(facts), from, {}, new FakeClock())
  assert.ok(error instanceof DataverseError)
  assert.deepEqual([error.status, error.requestId], [400, 'request-1'])
  return error.explanation.remedy
}

test('the near names of a table or column are suggested, and what a lookup is called', async () => {
  assert.match(await suggested({ segment: 'acounts' }), /^Did you mean accounts/)
  assert.match(await suggested({ segment: 'contact' }), /^The entity set of contact is contacts/)
  assert.match(await suggested({ table: 'account', column: 'nmae' }), /^Did you mean name/)
  const lookup = await suggested({ table: 'account', column: 'primarycontactid' })
  assert.match(lookup, /called _primarycontactid_value/)
})

test('an error that is about no name, or whose names cannot be read, stays as it is', async () => {
  assert.equal(await suggested({}), 'Look.')
  assert.equal(await suggested({ segment: 'xyzxyzxyz' }), 'Look.')
  const silent = { ...names, tables: () => Promise.reject(new Error('down')) }
  assert.equal(await suggested({ segment: 'acounts' }, silent), 'Look.')
  const other = new Error('other')
  assert.equal(await suggestNames(other, names, {}, new FakeClock()), other)
})

test('looking for names takes five seconds at most, and no longer than its call may', async () => {
  const clock = new FakeClock()
  const seen: CallOptions[] = []
  const watched = {
    ...names,
    tables: async (call: CallOptions) => {
      seen.push(call)
      return []
    },
  }
  const { signal } = new AbortController()
  const error = refused({ segment: 'acounts' })
  await suggestNames(error, watched, { signal }, clock)
  await suggestNames(error, watched, { deadlineAt: clock.now() + 70 }, clock)
  assert.deepEqual(seen, [
    { signal, deadlineAt: clock.now() + 5_000 },
    { deadlineAt: clock.now() + 70 },
  ])
})
