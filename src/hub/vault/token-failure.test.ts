import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { GrantServer, refused } from '../../../test/support/grant-server.ts'
import { connect, freshCredential, testVault } from '../../../test/support/vault.ts'
import { Secret } from '../../kernel/index.ts'

const stateOf = async (workspaceId: string, id: string) =>
  (await made.vault.credentials.get(workspaceId, id)).state

const server = await GrantServer.start()
const made = await testVault(server)
after(async () => {
  await made[Symbol.asyncDispose]()
  await server.close()
})

for (const [fault, answer] of [
  ['an overloaded server', refused(503, 'temporarily_unavailable', 90033)],
  ['a page of HTML', { status: 200, body: '<html>sign in to the network</html>' }],
  ['half a JSON', { status: 200, body: '{"access_token":"acc' }],
  ['an error 500', { status: 500, body: 'oops' }],
] as const)
  test(`${fault} changes no state, and the next try comes after a pause`, async () => {
    const { tokens, id, workspaceId } = await freshCredential(made, server)
    server.faults.push(answer)
    await assert.rejects(tokens.token(), { name: 'OAuthError' })
    await assert.rejects(tokens.token(), { code: 'token_cooling_down' })
    assert.equal(server.requests.length, 1)
    assert.equal(await stateOf(workspaceId, id), 'connected')
    assert.deepEqual(await made.alerts.list(workspaceId), [])
  })

test('the pause is as long as the server asks', async () => {
  const { tokens } = await freshCredential(made, server)
  const busy = refused(429, 'temporarily_unavailable', 90055)
  server.faults.push({ ...busy, headers: { 'retry-after': '120' } })
  await assert.rejects(tokens.token())
  await assert.rejects(
    tokens.token(),
    ({ explanation }) =>
      explanation.retry.afterMs > 100_000 && explanation.retry.afterMs <= 120_000,
  )
})

test('a token that has not ended is used while the server is away', async () => {
  const { tokens } = await freshCredential(made, server)
  const first = await tokens.token()
  made.clock.offset += 3_500_000
  server.faults.push({ status: 500, body: '' }, { status: 500, body: '' })
  assert.equal((await tokens.token()).value.reveal(), first.value.reveal())
  assert.equal((await tokens.token()).value.reveal(), first.value.reveal())
  assert.equal(server.requests.length, 2)
})

test('a refused grant asks for a new sign-in, once, and nothing is sent any more', async () => {
  const { tokens, id, workspaceId } = await freshCredential(made, server)
  server.revokeAll()
  await assert.rejects(tokens.token(), { code: 'needs_reconnect' })
  await assert.rejects(tokens.token(), { code: 'needs_reconnect' })
  assert.equal(server.requests.length, 1)
  assert.equal(await stateOf(workspaceId, id), 'needs_reconnect')
  const [alert, ...others] = await made.alerts.list(workspaceId)
  assert.equal(alert?.kind, 'needs_reconnect')
  assert.deepEqual(others, [])
})

test('a refresh that is refused for want of a second factor keeps the challenge', async () => {
  const { tokens, id, workspaceId } = await freshCredential(made, server)
  const answer = refused(400, 'invalid_grant', 50076, 'basic_action')
  const claims = '{"access_token":{"capolids":{"values":["policy"]}}}'
  const body = JSON.stringify({ ...JSON.parse(answer.body), claims })
  server.faults.push({ ...answer, body })
  await assert.rejects(tokens.token(), { code: 'needs_reconnect' })
  const { claimsDemand } = await made.vault.credentials.get(workspaceId, id)
  assert.equal(claimsDemand, claims)
})

test('signing in again brings the credential back under its id and clears the alert', async () => {
  const { tokens, id, workspaceId, by } = await freshCredential(made, server)
  server.revokeAll()
  await assert.rejects(tokens.token(), { code: 'needs_reconnect' })
  const before = await made.vault.credentials.get(workspaceId, id)
  const { identity } = before
  assert.ok(identity)
  await made.vault.storeGrant(by, id, {
    tokens: {
      accessToken: new Secret('access-expired'),
      refreshToken: new Secret(server.signIn()),
      expiresAt: made.clock.now() - 1,
    },
    identity,
    obtainedFor: before,
  })
  assert.match((await tokens.token()).value.reveal(), /^access-/)
  assert.deepEqual(await made.alerts.list(workspaceId), [])
})

test('a refused client is one alert for all its credentials, and is left alone for a while', async () => {
  const first = await freshCredential(made, server)
  const { workspaceId } = first
  const second = await connect(made, server, first)
  server.secrets.clear()
  await assert.rejects(first.tokens.token(), { code: 'auth_client_failing' })
  await assert.rejects(second.tokens.token(), { code: 'auth_client_failing' })
  assert.equal(server.requests.length, 1)
  assert.equal(await stateOf(workspaceId, second.id), 'auth_client_failing')
  const alerts = await made.alerts.list(workspaceId)
  assert.deepEqual(
    alerts.map(({ subject }) => subject),
    [`auth-client/${first.authClientId}/refused`],
  )
})

test('a corrected secret brings all credentials back at once', async () => {
  const { tokens, id, authClientId, workspaceId, by } = await freshCredential(made, server)
  server.secrets.clear()
  await assert.rejects(tokens.token(), { code: 'auth_client_failing' })
  server.secrets.add('another-secret-value')
  const { version } = await made.vault.authClients.get(workspaceId, authClientId)
  const secret = new Secret('another-secret-value')
  await made.vault.authClients.edit(by, authClientId, { version, secret })
  assert.match((await tokens.token()).value.reveal(), /^access-/)
  assert.equal(await stateOf(workspaceId, id), 'connected')
  assert.deepEqual(await made.alerts.list(workspaceId), [])
})

test('the next secret takes over when the current one is refused', async () => {
  const { tokens, authClientId, workspaceId, by } = await freshCredential(made, server)
  const secret = new Secret('the-next-secret-value')
  await made.vault.authClients.addSecret(by, authClientId, { secret })
  server.secrets.clear()
  server.secrets.add('the-next-secret-value')
  assert.match((await tokens.token()).value.reveal(), /^access-/)
  const { secrets } = await made.vault.authClients.get(workspaceId, authClientId)
  assert.deepEqual(
    secrets.map(({ slot, hint }) => [slot, hint.slice(0, 3)]),
    [['current', 'the']],
  )
  assert.equal(server.requests.length, 2)
})

test('a refused access token is replaced exactly once, however many notice', async () => {
  const { tokens } = await freshCredential(made, server, { strict: true })
  const failed = await tokens.token()
  const got = await Promise.all(Array.from({ length: 200 }, () => tokens.replace(failed)))
  assert.equal(server.requests.length, 2)
  assert.notEqual(got[0]?.value.reveal(), failed.value.reveal())
  assert.equal(new Set(got.map(({ value }) => value.reveal())).size, 1)
})

test('who notices late gets the token that another caller obtained meanwhile', async () => {
  const { tokens } = await freshCredential(made, server)
  const failed = await tokens.token()
  const renewed = await tokens.replace(failed)
  assert.equal((await tokens.replace(failed)).value.reveal(), renewed.value.reveal())
  assert.equal(server.requests.length, 2)
})

test('an environment that refuses every token causes no loop of refreshes', async () => {
  const { tokens } = await freshCredential(made, server)
  const renewed = await tokens.replace(await tokens.token())
  await assert.rejects(tokens.replace(renewed), { code: 'token_rejected' })
  assert.equal(server.requests.length, 2)
})

test('an app has no refresh token and gets its tokens under the same lease', async () => {
  const { id, workspaceId, by } = await freshCredential(made, server)
  const before = await made.vault.credentials.get(workspaceId, id)
  const { version } = before
  const edited = await made.vault.credentials.edit(by, id, { version, grant: 'app' })
  const identity = { ...before.identity, tenantId: 't', organizationId: 'o', userId: 'app' }
  const accessToken = new Secret('access-expired')
  const obtainedFor = edited.credential
  await made.vault.storeGrant(by, id, {
    ...{ tokens: { accessToken, expiresAt: 0 }, identity, obtainedFor },
  })
  const tokens = made.vault.tokenSource(workspaceId, id)
  await Promise.all(Array.from({ length: 20 }, () => tokens.token()))
  assert.deepEqual(
    server.requests.map((form) => [form.get('grant_type'), form.get('scope')]),
    [['client_credentials', 'https://org1.crm4.dynamics.com/.default']],
  )
})
