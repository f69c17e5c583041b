import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Person } from '../support/person.ts'
import { sandboxHub } from '../support/sandbox-hub.ts'

const { sandbox, hub } = await sandboxHub()

async function connected() {
  const { credentialId } = await hub.credential()
  await hub.signIn(credentialId, sandbox.user('admin'))
  return await hub.vault.credentials.get('default', credentialId)
}

async function reconnectAs(credentialId: string, state: string, acceptIdentity?: boolean) {
  const { url } = await hub.connect.startFlow({
    by: hub.by,
    credentialId,
    prompt: 'select_account',
    ...(acceptIdentity === undefined ? {} : { acceptIdentity }),
  })
  const { location, cookie } = await hub.connect.openTicket(url.split('/').at(-1) ?? '')
  const ending = await new Person(sandbox.user(state)).visit(location)
  assert.equal(ending.kind, 'callback')
  const query = ending.kind === 'callback' ? ending.url.searchParams : new URLSearchParams()
  return await hub.connect.finish({ query, cookies: { [cookie.name]: cookie.value } })
}

test('a Credential is reconnected in place by the same person', async () => {
  const before = await connected()
  const result = await reconnectAs(before.id, 'admin')
  assert.equal(result.outcome, 'connected', JSON.stringify(result))
  const now = await hub.vault.credentials.get('default', before.id)
  assert.deepEqual(now.identity, before.identity)
})

test('another person is refused, and what was connected stays', async () => {
  const before = await connected()
  const result = await reconnectAs(before.id, 'member')
  assert.equal(result.outcome, 'failed')
  assert.equal(result.outcome === 'failed' && result.failure.code, 'identity_changed')
  const now = await hub.vault.credentials.get('default', before.id)
  assert.equal(now.state, 'connected')
  assert.deepEqual(now.identity, before.identity)
  const token = await hub.vault.tokenSource('default', before.id).token()
  assert.ok(token.value)
})

test('another person is taken over when that was accepted beforehand', async () => {
  const before = await connected()
  const result = await reconnectAs(before.id, 'member', true)
  assert.equal(result.outcome, 'connected', JSON.stringify(result))
  const now = await hub.vault.credentials.get('default', before.id)
  assert.notEqual(now.identity?.userId, before.identity?.userId)
})

test('the sign-in page is told whom to expect, unless another account was asked for', async () => {
  const { id } = await connected()
  const hintOf = async (prompt?: 'select_account') => {
    const { url } = await hub.connect.startFlow({
      by: hub.by,
      credentialId: id,
      ...(prompt === undefined ? {} : { prompt }),
    })
    const { location } = await hub.connect.openTicket(url.split('/').at(-1) ?? '')
    return location.searchParams.get('login_hint')
  }
  assert.equal(await hintOf(), sandbox.user('admin').username)
  assert.equal(await hintOf('select_account'), null)
})
