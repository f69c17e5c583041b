import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { answerDefinitions } from '../../../test/support/account-definitions.ts'
import { type Reply, startDataverseServer } from '../../../test/support/dataverse-server.ts'
import { eagerClock } from '../../../test/support/eager-clock.ts'
import { DataverseError } from '../errors/dataverse-error.ts'

const ID = '01234567-89ab-cdef-0123-456789abcdef'

// The first answer to the creation is lost; the second finds the row there.
async function createTwice(t: TestContext, found: Reply) {
  let posts = 0
  const server = await startDataverseServer(t, (request) => {
    if (request.method === 'POST') {
      posts += 1
      if (posts === 1) return { status: 504, body: '' }
      return { status: 412, body: { error: { code: '0x80040237', message: 'Cannot insert.' } } }
    }
    return answerDefinitions(request) ?? found
  })
  return server.client({ clock: eagerClock() }).create('account', { accountid: ID, name: 'Mine' })
}

test('a row that is there as it was sent was created by the first sending', async (t) => {
  const created = await createTwice(t, { body: { accountid: ID, name: 'Mine' } })
  assert.deepEqual(created, { id: ID })
})

test('a row that is there otherwise is not claimed', async (t) => {
  await assert.rejects(
    createTwice(t, { body: { accountid: ID, name: 'Other' } }),
    (error) => error instanceof DataverseError && error.code === 'outcome_unknown',
  )
})
