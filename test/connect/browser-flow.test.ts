import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expectNoSecret } from '../support/refused.ts'
import { sandboxHub } from '../support/sandbox-hub.ts'

const { sandbox, hub } = await sandboxHub()

test('a person signs in, consents, and the Credential is connected as that person', async () => {
  const { credentialId } = await hub.credential()
  const { result, flowId } = await hub.signIn(credentialId, sandbox.user('admin'))
  assert.equal(result?.outcome, 'connected', JSON.stringify(result))
  const credential = await hub.vault.credentials.get('default', credentialId)
  assert.equal(credential.state, 'connected')
  assert.equal(credential.identity?.tenantId, sandbox.description.tenantId)
  assert.equal((await hub.connect.flow('default', flowId)).state, 'succeeded')
})

test('success and failure are both in the audit log, without anything secret', async () => {
  const { credentialId } = await hub.credential()
  await hub.signIn(credentialId, { ...sandbox.user('member'), consent: 'cancel' })
  await hub.signIn(credentialId, sandbox.user('member'))
  const rows = await hub.store.db
    .selectFrom('audit_entries')
    .select(['action', 'facts'])
    .where('subject_id', '=', credentialId)
    .orderBy('sequence')
    .execute()
  assert.deepEqual(
    rows.map(({ action }) => action),
    ['credential.created', 'credential.connect_failed', 'credential.connected'],
  )
  expectNoSecret(hub, sandbox, rows)
})
