import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { GrantServer, refused } from '../../../test/support/grant-server.ts'
import {
  connect,
  freshCredential,
  identity,
  testVault,
  vaultOver,
} from '../../../test/support/vault.ts'
import { Secret } from '../../kernel/index.ts'
import { readTokens } from '../store/index.ts'

const server = await GrantServer.start()
const made = await testVault(server)
after(async () => {
  await made[Symbol.asyncDispose]()
  await server.close()
})

test('a thousand calls on an expired token and a slow server make one refresh', async () => {
  const { tokens } = await freshCredential(made, server, { strict: true })
  server.delayMs = 300
  const got = await Promise.all(Array.from({ length: 1_000 }, () => tokens.token()))
  assert.equal(server.requests.length, 1)
  assert.equal(new Set(got.map(({ value }) => value.reveal())).size, 1)
})

test('four vaults on one database make one refresh between them', async () => {
  const { id, workspaceId } = await freshCredential(made, server, { strict: true })
  const others = await Promise.all(
    [1, 2, 3].map(async () => vaultOver(await made.database.open(), { allow: [server.origin] })),
  )
  server.delayMs = 200
  const got = await Promise.all(
    [made, ...others].flatMap(({ vault }) =>
      Array.from({ length: 50 }, () => vault.tokenSource(workspaceId, id).token()),
    ),
  )
  for (const other of others) {
    await other.close()
    await other.store.close()
  }
  assert.equal(server.requests.length, 1)
  assert.equal(new Set(got.map(({ value }) => value.reveal())).size, 1)
})

test('a token is used until shortly before its end, then renewed', async () => {
  const { tokens } = await freshCredential(made, server)
  const first = await tokens.token()
  made.clock.offset += 3_400_000
  assert.equal((await tokens.token()).value.reveal(), first.value.reveal())
  made.clock.offset += 150_000
  assert.notEqual((await tokens.token()).value.reveal(), first.value.reveal())
  assert.equal(server.requests.length, 2)
})

test('a token that lives shortly is not renewed at every use', async () => {
  const { tokens } = await freshCredential(made, server)
  server.lifetimeS = 60
  await tokens.token()
  await tokens.token()
  assert.equal(server.requests.length, 1)
})

test('the newest refresh token is used next, and the former is kept for one turn', async () => {
  const { tokens, id, workspaceId } = await freshCredential(made, server, { strict: true })
  for (let round = 0; round < 4; round += 1) {
    await tokens.token()
    made.clock.offset += 3_600_000
  }
  const sent = server.requests.map((form) => form.get('refresh_token'))
  assert.equal(new Set(sent).size, 4)
  const row = await readTokens(made.store.db, { workspaceId, id })
  const column = 'former_refresh_token'
  const place = { workspaceId, table: 'credential_tokens', row: id, column }
  assert.equal(made.keyring.open(row?.[column] ?? '', place).reveal(), sent.at(-1))
})

test('the former refresh token is tried once when the newest is refused', async () => {
  const { tokens } = await freshCredential(made, server)
  await tokens.token()
  made.clock.offset += 3_600_000
  server.faults.push(refused(400, 'invalid_grant', 70000))
  assert.match((await tokens.token()).value.reveal(), /^access-/)
  const sent = server.requests.map((form) => form.get('refresh_token'))
  assert.equal(sent.length, 3)
  assert.equal(sent[2], sent[0])
})

test('a server that gives no new refresh token keeps the old one in use', async () => {
  const { tokens } = await freshCredential(made, server)
  const body = JSON.stringify({ token_type: 'Bearer', access_token: 'a1', expires_in: 3600 })
  server.faults.push({ status: 200, body })
  await tokens.token()
  made.clock.offset += 3_600_000
  await tokens.token()
  const sent = server.requests.map((form) => form.get('refresh_token'))
  assert.equal(sent[1], sent[0])
})

test('a caller that gives up does not stop the refresh for the others', async () => {
  const { tokens } = await freshCredential(made, server)
  server.delayMs = 200
  const leaving = new AbortController()
  const left = tokens.token(leaving.signal)
  const staying = tokens.token()
  leaving.abort(new Error('gone'))
  await assert.rejects(left, { message: 'gone' })
  assert.match((await staying).value.reveal(), /^access-/)
  assert.equal(server.requests.length, 1)
})

test('a grant stored while a refresh is under way is not overwritten by it', async () => {
  const { tokens, id, by } = await freshCredential(made, server)
  server.delayMs = 300
  const refreshing = tokens.token()
  while (server.requests.length === 0) await made.clock.sleep(5)
  await made.vault.storeGrant(by, id, {
    tokens: {
      accessToken: new Secret('access-of-the-new-sign-in'),
      refreshToken: new Secret(server.signIn()),
      expiresAt: made.clock.now() + 3_600_000,
    },
    identity,
    obtainedFor: await made.vault.credentials.get(by.workspaceId, id),
  })
  assert.equal((await refreshing).value.reveal(), 'access-of-the-new-sign-in')
})

test('a deleted credential gives no token a few seconds later, not even from memory', async () => {
  const other = await vaultOver(await made.database.open(), {
    clock: made.clock,
    allow: [server.origin],
  })
  const { id, workspaceId, by } = await freshCredential(made, server)
  const elsewhere = other.vault.tokenSource(workspaceId, id)
  await elsewhere.token()
  await made.vault.credentials.remove(by, id)
  made.clock.offset += 5_000
  await assert.rejects(elsewhere.token(), { code: 'credential_not_found' })
  await other.close()
  await other.store.close()
})

test('credentials do not wait for one another', async () => {
  const first = await freshCredential(made, server)
  const second = await connect(made, server, first)
  server.delayMs = 300
  const answered: string[] = []
  const both = [first, second].map(({ id, tokens }) => tokens.token().then(() => answered.push(id)))
  while (server.requests.length < 2) await made.clock.sleep(5)
  assert.deepEqual(answered, [])
  await Promise.all(both)
})
