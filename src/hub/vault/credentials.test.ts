import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { sql } from 'kysely'
import { GrantServer } from '../../../test/support/grant-server.ts'
import {
  clientInput,
  environmentUrl,
  expiredCredential,
  identity,
  newActor,
  testVault,
  vaultOver,
} from '../../../test/support/vault.ts'
import { Secret } from '../../kernel/index.ts'
import type { Actor } from '../audit/index.ts'

const server = await GrantServer.start()
const made = await testVault(server)
after(async () => {
  await made[Symbol.asyncDispose]()
  await server.close()
})

async function withClient(resource?: string) {
  const by = await newActor(made.store)
  const query = resource === undefined ? '' : `?resource=${encodeURIComponent(resource)}`
  const { authClient } = await made.vault.authClients.create(by, {
    ...clientInput(),
    authorizationEndpoint: `https://login.windows.net/common/oauth2/authorize${query}`,
  })
  return { by, authClientId: authClient.id }
}

for (const [baseUrl, version] of [
  ['https://org1.crm4.dynamics.com/api/data/v9.1', 'v9.1'],
  ['https://org1.crm4.dynamics.com/api/data', 'v9.2'],
  ['org1.crm4.dynamics.com', 'v9.2'],
  ['https://org1.crm4.dynamics.com/main.aspx?appid=1&pagetype=entitylist', 'v9.2'],
] as const)
  test(`${baseUrl} is kept as typed and means version ${version}`, async () => {
    const { by, authClientId } = await withClient()
    const { credential } = await made.vault.credentials.create(by, {
      ...{ name: 'CRM', authClientId, baseUrl },
    })
    assert.equal(credential.baseUrl, baseUrl)
    assert.equal(credential.environmentUrl, environmentUrl)
    assert.equal(credential.apiVersion, version)
    assert.equal(credential.state, 'new')
  })

test('where a credential leads is told without the rest of it, and only in its own workspace', async () => {
  const { by, authClientId } = await withClient()
  const { credential } = await made.vault.credentials.create(by, {
    ...{ name: 'CRM', authClientId, baseUrl: `${environmentUrl}/api/data/v9.1` },
  })
  const { id } = credential
  assert.deepEqual(await made.vault.credentials.target(by.workspaceId, id), {
    ...{ id, environmentUrl, apiVersion: 'v9.1' },
  })
  await assert.rejects(made.vault.credentials.target('default', id), {
    code: 'credential_not_found',
  })
})

test('an auth client that asks for another environment is an error that names both', async () => {
  const { by, authClientId } = await withClient('https://org2.crm4.dynamics.com/')
  const input = { name: 'CRM', authClientId, baseUrl: environmentUrl }
  await assert.rejects(
    made.vault.credentials.create(by, input),
    ({ code, message }) => code === 'resource_contradiction' && /org2.*org1/.test(message),
  )
})

test('an auth client that asks for the same environment is fine', async () => {
  const { by, authClientId } = await withClient('https://org1.crm4.dynamics.com/')
  const input = { name: 'CRM', authClientId, baseUrl: environmentUrl }
  assert.equal((await made.vault.credentials.create(by, input)).credential.state, 'new')
})

test('a credential that was never connected gives no token, and says so', async () => {
  const { by, authClientId } = await withClient()
  const { credential } = await made.vault.credentials.create(by, {
    ...{ name: 'CRM', authClientId, baseUrl: environmentUrl },
  })
  await assert.rejects(made.vault.tokenSource(by.workspaceId, credential.id).token(), {
    code: 'credential_not_connected',
  })
})

for (const part of ['tenantId', 'organizationId'] as const)
  test(`a credential is pinned to its ${part}`, async () => {
    const by = await newActor(made.store)
    const { id } = await expiredCredential(made, server, by)
    const obtainedFor = await made.vault.credentials.get(by.workspaceId, id)
    const grant = {
      obtainedFor,
      tokens: { accessToken: new Secret('access-elsewhere'), expiresAt: made.clock.now() },
      identity: { ...identity, [part]: '99999999-9999-4999-8999-999999999999' },
    }
    await assert.rejects(made.vault.storeGrant(by, id, grant), { code: 'identity_changed' })
  })

test('another user is not taken for the one a credential is pinned to', async () => {
  const by = await newActor(made.store)
  const { id } = await expiredCredential(made, server, by)
  const obtainedFor = await made.vault.credentials.get(by.workspaceId, id)
  const grant = {
    obtainedFor,
    tokens: { accessToken: new Secret('access-of-bob'), expiresAt: made.clock.now() + 3_600_000 },
    identity: { ...identity, userId: '99999999-9999-4999-8999-999999999999' },
  }
  await assert.rejects(made.vault.storeGrant(by, id, grant), { code: 'identity_changed' })
  assert.deepEqual((await made.vault.credentials.get(by.workspaceId, id)).identity, identity)
  await made.vault.storeGrant(by, id, { ...grant, acceptIdentity: true })
  const { identity: pinned } = await made.vault.credentials.get(by.workspaceId, id)
  assert.equal(pinned?.userId, grant.identity.userId)
})

test('a sign-in that ends after the credential was moved is not kept', async () => {
  const by = await newActor(made.store)
  const { id } = await expiredCredential(made, server, by)
  const before = await made.vault.credentials.get(by.workspaceId, id)
  const { version } = before
  const baseUrl = 'https://org2.crm4.dynamics.com'
  await made.vault.credentials.edit(by, id, { version, baseUrl })
  const grant = {
    ...{ identity, obtainedFor: before },
    tokens: { accessToken: new Secret('access-of-org1'), expiresAt: made.clock.now() + 3_600_000 },
  }
  await assert.rejects(made.vault.storeGrant(by, id, grant), { code: 'changed_meanwhile' })
  assert.equal((await made.vault.credentials.get(by.workspaceId, id)).state, 'new')
})

test('a credential moved to another environment has to be connected anew', async () => {
  const by = await newActor(made.store)
  const { id, tokens } = await expiredCredential(made, server, by)
  await tokens.token()
  const { version } = await made.vault.credentials.get(by.workspaceId, id)
  const baseUrl = 'https://org2.crm4.dynamics.com'
  const { credential } = await made.vault.credentials.edit(by, id, { version, baseUrl })
  assert.equal(credential.state, 'new')
  assert.equal(credential.identity, undefined)
  await assert.rejects(tokens.token(), { code: 'credential_not_connected' })
})

async function reconnectElsewhere(by: Actor, id: string): Promise<string> {
  const { vault, clock } = made
  const baseUrl = 'https://org2.crm4.dynamics.com'
  const { version } = await vault.credentials.get(by.workspaceId, id)
  const { credential } = await vault.credentials.edit(by, id, { version, baseUrl })
  const accessToken = new Secret('access-of-org2')
  await vault.storeGrant(by, id, {
    tokens: { accessToken, expiresAt: clock.now() + 3_600_000 },
    ...{ identity, obtainedFor: credential },
  })
  return baseUrl
}

test('no token of the new environment is given to who still works with the one before', async () => {
  const by = await newActor(made.store)
  const { id } = await expiredCredential(made, server, by)
  const { vault } = made
  const former = vault.tokenSource(by.workspaceId, id, environmentUrl)
  await former.token()
  const baseUrl = await reconnectElsewhere(by, id)
  const now = await vault.tokenSource(by.workspaceId, id, baseUrl).token()
  assert.equal(now.value.reveal(), 'access-of-org2')
  await assert.rejects(former.token(), { code: 'changed_meanwhile' })
})

test('a token remembered of the environment before is not given for the new one', async () => {
  const by = await newActor(made.store)
  const { id } = await expiredCredential(made, server, by)
  const { clock } = made
  const elsewhere = await vaultOver(made.store, { clock, allow: [server.origin] })
  await elsewhere.vault.tokenSource(by.workspaceId, id, environmentUrl).token()
  const baseUrl = await reconnectElsewhere(by, id)
  const got = await elsewhere.vault.tokenSource(by.workspaceId, id, baseUrl).token()
  await elsewhere.close()
  assert.equal(got.value.reveal(), 'access-of-org2')
})

test('a credential that is only renamed stays connected', async () => {
  const by = await newActor(made.store)
  const { id } = await expiredCredential(made, server, by)
  const { version } = await made.vault.credentials.get(by.workspaceId, id)
  const { credential } = await made.vault.credentials.edit(by, id, { version, name: 'Renamed' })
  assert.equal(credential.name, 'Renamed')
  assert.equal(credential.state, 'connected')
})

test('what works until when is told from the last refresh and the end of the secret', async () => {
  const by = await newActor(made.store)
  const { id, tokens, authClientId } = await expiredCredential(made, server, by)
  await tokens.token()
  const day = 86_400_000
  const before = await made.vault.credentials.get(by.workspaceId, id)
  assert.equal(before.worksUntilAtLeast, (before.refreshedAt ?? 0) + 90 * day)
  const secretExpiresAt = Math.round(made.clock.now() + 10 * day)
  const { version } = await made.vault.authClients.get(by.workspaceId, authClientId)
  await made.vault.authClients.edit(by, authClientId, { version, secretExpiresAt })
  const after = await made.vault.credentials.get(by.workspaceId, id)
  assert.equal(after.worksUntilAtLeast, secretExpiresAt)
})

test('nothing that is shown of a credential holds a token', async () => {
  const by = await newActor(made.store)
  const { tokens } = await expiredCredential(made, server, by)
  await tokens.token()
  const told = JSON.stringify(await made.vault.credentials.list(by.workspaceId))
  assert.doesNotMatch(told, /access-|refresh-/)
})

test('nothing secret is in the database in clear, nor any piece of it', async () => {
  const by = await newActor(made.store)
  const { tokens } = await expiredCredential(made, server, by)
  const { value } = await tokens.token()
  const { rows } = await sql<{ all: string }>`
    select query_to_xml('select * from auth_clients', true, false, '')::text
      || query_to_xml('select * from auth_client_secrets', true, false, '')::text
      || query_to_xml('select * from credentials', true, false, '')::text
      || query_to_xml('select * from credential_tokens', true, false, '')::text
      || query_to_xml('select * from audit_entries', true, false, '')::text as all`.execute(
    made.store.db,
  )
  const all = rows[0]?.all ?? ''
  assert.match(all, /f1\.k1\./)
  const secrets = [value.reveal(), clientInput().secret?.reveal() ?? '']
  for (const secret of [...secrets, ...server.requests.map((form) => form.get('refresh_token'))])
    for (let at = 0; secret && at + 12 <= secret.length; at += 1)
      assert.ok(!all.includes(secret.slice(at, at + 12)))
})
