import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startDataverseServer } from '../../test/support/dataverse-server.ts'
import { DataverseError } from '../dataverse/index.ts'
import { verifyConnection } from './verify-connection.ts'

const ID = '11111111-aaaa-bbbb-cccc-000000000001'

test('a working connection tells user and organization', async (t) => {
  const server = await startDataverseServer(t, ({ path }) => ({
    body: path.endsWith('WhoAmI')
      ? { UserId: ID, BusinessUnitId: ID, OrganizationId: ID }
      : { Detail: { OrganizationId: ID, FriendlyName: 'Org' } },
  }))
  assert.deepEqual(await verifyConnection(server.client()), {
    user: { userId: ID, businessUnitId: ID, organizationId: ID },
    organization: { id: ID, name: 'Org' },
  })
})

test('a user who is no member ends in the error that says so', async (t) => {
  const message = 'The user is not a member of the organization.'
  const server = await startDataverseServer(t, () => ({
    status: 403,
    body: { error: { code: '0x80072560', message } },
  }))
  await assert.rejects(verifyConnection(server.client()), (error) => {
    assert.ok(error instanceof DataverseError)
    assert.deepEqual([error.code, error.dataverseCode], ['forbidden', '0x80072560'])
    assert.ok(error.message.includes(message))
    return true
  })
})
