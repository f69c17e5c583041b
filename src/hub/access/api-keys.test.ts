import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { testAccess } from '../../../test/support/access.ts'
import { allows, type Scope } from './principal.ts'

const hub = await testAccess()
after(() => hub[Symbol.asyncDispose]())
const { access, clock, store } = hub
const { principal: ada } = await hub.begin('Ada')

const DAY = 86_400_000
const wanted = (...scopes: Scope[]) => ({ name: 'a key', scopes, validMs: DAY })

test('a key speaks with its scopes, and its use is noted', async () => {
  const { key, apiKey } = await access.createApiKey(ada, wanted('run'))
  const principal = await access.identify({ kind: 'key', key })
  assert.deepEqual(principal.scopes, ['run'])
  assert.deepEqual([allows(principal, 'read'), allows(principal, 'manage')], [true, false])
  const shown = (await access.listApiKeys(ada)).find(({ id }) => id === apiKey.id)
  assert.equal(shown?.lastUsedAt, clock.now())
})

test('a key makes no further keys, nor lists or revokes them, unless it is an administrator', async () => {
  const { key } = await access.createApiKey(ada, wanted('manage'))
  const principal = await access.identify({ kind: 'key', key })
  await assert.rejects(access.createApiKey(principal, wanted('read')), { code: 'scope_missing' })
  await assert.rejects(access.listApiKeys(principal), { code: 'scope_missing' })
  await assert.rejects(access.revokeApiKey(principal, principal.id), { code: 'scope_missing' })
})

test('a key that has ended or was revoked is unknown', async () => {
  const { key } = await access.createApiKey(ada, wanted('read'))
  const other = await access.createApiKey(ada, { ...wanted('read'), validMs: 10 * DAY })
  clock.advance(DAY)
  await assert.rejects(access.identify({ kind: 'key', key }), { code: 'not_signed_in' })
  await access.identify({ kind: 'key', key: other.key })
  await access.revokeApiKey(ada, other.apiKey.id)
  await assert.rejects(access.identify({ kind: 'key', key: other.key }), { code: 'not_signed_in' })
  await assert.rejects(access.revokeApiKey(ada, other.apiKey.id), { code: 'api_key_not_found' })
})

test('a key of another workspace can neither be seen nor revoked', async () => {
  const { apiKey } = await access.createApiKey(ada, wanted('read'))
  const stranger = { ...ada, workspaceId: 'another' }
  assert.deepEqual(await access.listApiKeys(stranger), [])
  await assert.rejects(access.revokeApiKey(stranger, apiKey.id), { code: 'api_key_not_found' })
})

test('the database holds no more of a key than its hint', async () => {
  const { key, apiKey } = await access.createApiKey(ada, wanted('read'))
  const rows = JSON.stringify(await store.db.selectFrom('api_keys').selectAll().execute())
  assert.ok(rows.includes(apiKey.hint))
  assert.ok(!rows.includes(key.reveal().slice(0, apiKey.hint.length + 1)))
})
