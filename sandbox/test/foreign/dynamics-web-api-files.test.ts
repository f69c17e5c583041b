import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startClient } from './dynamics-web-api.ts'

test('dynamics-web-api uploads a file in chunks, downloads and deletes it', async (t) => {
  const { client } = await startClient(t, { accounts: 1, contacts: 1 })
  const file = { collection: 'accounts', key: "accountnumber='A-000001'" }
  const data = Buffer.alloc(5_000_000, 'a sandbox, ')
  await client.uploadFile({ ...file, fieldName: 'sample_filecolumn', fileName: 'notes.txt', data })
  const got = await client.downloadFile({ ...file, property: 'sample_filecolumn' })
  assert.deepEqual([got.fileName, got.fileSize], ['notes.txt', data.length])
  assert.ok(data.equals(Buffer.from(got.data)))
  await client.deleteRecord({ ...file, fieldName: 'sample_filecolumn' })
  const { sample_filecolumn } = await client.retrieve({ ...file, select: ['sample_filecolumn'] })
  assert.equal(sample_filecolumn, null)
})
