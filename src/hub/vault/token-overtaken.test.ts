import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { GrantServer } from '../../../test/support/grant-server.ts'
import { freshCredential, testVault } from '../../../test/support/vault.ts'
import { readTokens, takeLease } from '../store/index.ts'

const server = await GrantServer.start()
const made = await testVault(server)
after(async () => {
  await made[Symbol.asyncDispose]()
  await server.close()
})

// Another process takes the lease while the answer is on its way, as if this one had stood still.
async function overtake(strict: boolean) {
  const { tokens, id, workspaceId } = await freshCredential(made, server, { strict })
  const key = { workspaceId, id }
  server.delayMs = 150
  const late = tokens.token()
  while (server.requests.length === 0) await made.clock.sleep(5)
  const end = { lease_expires_at: new Date(0) }
  await made.store.db
    .updateTable('credential_tokens')
    .set(end)
    .where('credential_id', '=', id)
    .execute()
  assert.ok(await takeLease(made.store.db, key, { owner: 'another', leaseMs: 400 }))
  while (server.issued === 0) await made.clock.sleep(5)
  return { late, id, workspaceId, key }
}

test('a late save is refused and leaves a mark that a refresh was sent', async () => {
  const { late, key } = await overtake(false)
  await made.clock.sleep(100)
  const row = await readTokens(made.store.db, key)
  assert.equal(row?.issued_at !== null && row?.version, 1)
  assert.notEqual(row?.refresh_started_at, null)
  // Once the other's lease is over, Entra's rule lets the same refresh token do.
  assert.match((await late).value.reveal(), /^access-/)
  assert.equal(server.requests.length, 2)
})

test('where a strict server then ends the sign-in, the lost refresh is named as the cause', async () => {
  const { late, id, workspaceId } = await overtake(true)
  await assert.rejects(late, { code: 'needs_reconnect' })
  const { state, problem } = await made.vault.credentials.get(workspaceId, id)
  assert.equal(state, 'needs_reconnect')
  assert.equal(problem?.code, 'refresh_interrupted')
  assert.equal(server.requests.length, 2)
})
