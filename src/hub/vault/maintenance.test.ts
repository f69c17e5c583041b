import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { GrantServer, refused } from '../../../test/support/grant-server.ts'
import { untilEnd } from '../../../test/support/until-end.ts'
import {
  ada,
  clientInput,
  connect,
  expiredCredential,
  testVault,
  vaultOver,
} from '../../../test/support/vault.ts'
import { thresholdOf } from './secret-expiry.ts'

const DAY = 86_400_000
const server = await GrantServer.start()
after(() => server.close())

async function fresh() {
  server.reset()
  return await testVault(server)
}

test('a credential used within the last month is left alone', async (t) => {
  const keep = untilEnd(t)
  const made = keep(await fresh())
  await expiredCredential(made, server)
  made.clock.offset += 29 * DAY
  assert.equal((await made.vault.tick()).touched, 0)
})

test('an idle credential is refreshed long before its 90 days end', async (t) => {
  const keep = untilEnd(t)
  const made = keep(await fresh())
  const { id } = await expiredCredential(made, server)
  for (let days = 0; days < 365; days += 7) {
    made.clock.offset += 7 * DAY
    await made.vault.tick()
    const { refreshedAt = 0 } = await made.vault.credentials.get('default', id)
    assert.ok(made.clock.now() - refreshedAt < 45 * DAY)
  }
  assert.ok(server.requests.length >= 8 && server.requests.length <= 12)
})

test('credentials connected together are not all refreshed on the same day', async (t) => {
  const keep = untilEnd(t)
  const made = keep(await fresh())
  const first = await expiredCredential(made, server)
  for (let index = 0; index < 15; index += 1) await connect(made, server, first)
  const daily: number[] = []
  for (let days = 30; days < 36; days += 1) {
    made.clock.offset = days * DAY
    daily.push((await made.vault.tick()).touched)
  }
  assert.equal(
    daily.reduce((sum, count) => sum + count),
    16,
  )
  assert.ok(Math.max(...daily) < 12)
})

test('more idle credentials than are read at once are all refreshed', async (t) => {
  const keep = untilEnd(t)
  const made = keep(await fresh())
  const first = await expiredCredential(made, server)
  await Promise.all(Array.from({ length: 200 }, () => connect(made, server, first)))
  made.clock.offset += 40 * DAY
  assert.equal((await made.vault.tick()).touched, 201)
})

test('two processes that tick at the same time refresh an idle credential once', async (t) => {
  const keep = untilEnd(t)
  const made = keep(await fresh())
  const { id } = await expiredCredential(made, server)
  const { clock } = made
  const other = await vaultOver(await made.database.open(), { clock, allow: [server.origin] })
  clock.offset += 40 * DAY
  server.delayMs = 100
  await Promise.all([made.vault.tick(), other.vault.tick()])
  await other.close()
  await other.store.close()
  assert.equal(server.requests.length, 1)
  assert.equal((await made.vault.credentials.get('default', id)).state, 'connected')
})

test('one idle credential that fails does not keep the others from being refreshed', async (t) => {
  const keep = untilEnd(t)
  const made = keep(await fresh())
  const first = await expiredCredential(made, server)
  await connect(made, server, first)
  made.clock.offset += 40 * DAY
  server.faults.push(refused(400, 'invalid_grant', 700082, 'bad_token'))
  const { touched, failed } = await made.vault.tick()
  assert.deepEqual({ touched, failed }, { touched: 1, failed: 1 })
})

test('the end of a secret is announced once at 60, 30, 14, 7 and 1 days, and when it has come', async (t) => {
  const keep = untilEnd(t)
  const made = keep(await fresh())
  const secretExpiresAt = Math.round(made.clock.now() + 70 * DAY)
  await made.vault.authClients.create(ada, { ...clientInput(), secretExpiresAt })
  const announced: unknown[] = []
  for (let days = 0; days < 75; days += 0.5) {
    made.clock.offset = days * DAY
    const { warned } = await made.vault.tick()
    const [alert] = await made.alerts.list('default')
    if (warned > 0) announced.push(alert?.facts['days'])
  }
  assert.deepEqual(announced, [60, 30, 14, 7, 1, 0])
})

test('a later secret takes the warning back', async (t) => {
  const keep = untilEnd(t)
  const made = keep(await fresh())
  const secretExpiresAt = Math.round(made.clock.now() + 5 * DAY)
  const { authClient } = await made.vault.authClients.create(ada, {
    ...clientInput(),
    secretExpiresAt,
  })
  await made.vault.tick()
  assert.equal((await made.alerts.list('default')).length, 1)
  const { secret } = clientInput()
  assert.ok(secret)
  const expiresAt = Math.round(made.clock.now() + 700 * DAY)
  await made.vault.authClients.addSecret(ada, authClient.id, { secret, expiresAt })
  await made.vault.tick()
  assert.deepEqual(await made.alerts.list('default'), [])
})

test('each threshold begins on its day', () => {
  assert.deepEqual(
    [61, 60, 30.5, 30, 8, 7, 1.5, 1, 0, -1].map((days) => thresholdOf(days * DAY, 0)),
    [undefined, 60, 60, 30, 14, 7, 7, 1, 0, 0],
  )
})
