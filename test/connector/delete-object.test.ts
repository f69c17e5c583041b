import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { collect, DataverseError } from '../../src/dataverse/index.ts'
import { startSandboxClient } from '../dataverse/sandbox-client.ts'
import { refused, runEntry } from './run-entry.ts'

const { client } = await startSandboxClient({ after }, { rows: 5 })

const remove = (idValue: unknown, objectType = 'account') =>
  runEntry(client, 'deleteObjectById', { objectType }, { idValue })

test('a row is deleted by its id, however that is spelt, and is not there a second time', async () => {
  const [account] = await collect(client.rows('accounts', { top: 1 }), 1)
  const id = Object(account).accountid
  assert.deepEqual(await remove(`{${id.toUpperCase()}}`), [{ id }])
  await assert.rejects(remove(id), (error) => {
    assert.ok(error instanceof DataverseError)
    assert.deepEqual([error.code, error.status], ['not_found', 404])
    return true
  })
})

test('what is no id is named before anything is sent', async () => {
  for (const nothing of [undefined, null, '', ' ']) {
    await refused(remove(nothing), 'idValue', 'missing_field')
  }
  for (const wrong of ['x', 7, {}, "' or 1 eq 1", '🚀']) {
    await refused(remove(wrong), 'idValue', 'invalid_field')
  }
  await refused(remove('x', 'nothing'), 'idValue')
})
