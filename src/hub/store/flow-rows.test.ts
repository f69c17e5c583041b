import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts'
import {
  bindFlow,
  consumeState,
  deleteOldFlows,
  endFlow,
  findConsumed,
  insertAuthClient,
  insertCredential,
  insertFlow,
  insertVerification,
  readFlow,
  readLatestVerification,
  type Store,
  takeTicket,
} from './index.ts'

const NOW = Date.UTC(2026, 0, 1)
const workspaceId = 'default'
const bound = { stateHash: 'state', cookieHash: 'cookie', codeVerifier: 'f1.k.a.b' }
let database: TestDatabase
let store: Store
let counter = 0

before(async () => {
  database = await testDatabase()
  store = await database.open()
  await insertAuthClient(
    store.db,
    { workspaceId, id: 'client', at: NOW },
    {
      name: 'app',
      client_id: 'c',
      authentication: 'none',
      certificate_pem: null,
      certificate_expires_at: null,
      private_key: null,
      assertion_file: null,
      authorization_endpoint: 'https://login.example/authorize',
      token_endpoint: 'https://login.example/token',
      device_endpoint: null,
      scopes: null,
    },
  )
  await insertCredential(
    store.db,
    { workspaceId, id: 'credential', at: NOW },
    {
      name: 'c',
      auth_client_id: 'client',
      base_url: 'https://org1.crm4.dynamics.com',
      environment_url: 'https://org1.crm4.dynamics.com',
      api_version: 'v9.2',
      grant_kind: 'delegated',
    },
  )
})

after(async () => {
  await store.close()
  await database.drop()
})

async function begin(expiresAt = NOW + 1000): Promise<{ id: string; ticketHash: string }> {
  counter += 1
  const [id, ticketHash] = [`flow${counter}`, `ticket${counter}`]
  await insertFlow(store.db, {
    workspaceId,
    id,
    ticketHash,
    expiresAt,
    credentialId: 'credential',
    kind: 'browser',
    stage: 'started',
    initiator: { kind: 'user', id: 'u' },
    authClientId: 'client',
    authClientVersion: 1,
    redirectUri: 'http://localhost:4000/callback/oauth2',
    acceptIdentity: false,
    createdAt: NOW,
  })
  return { id, ticketHash }
}

async function beginOpened() {
  const { id, ticketHash } = await begin()
  await takeTicket(store.db, ticketHash, NOW)
  const state = { stateHash: `state-${id}`, cookieHash: `cookie-${id}` }
  await bindFlow(store.db, { workspaceId, id }, { ...bound, ...state, expiresAt: NOW + 1000 })
  return { id, ...state }
}

test('of many who take one ticket at once, one gets it', async () => {
  const { ticketHash } = await begin()
  const takes = Array.from({ length: 8 }, () => takeTicket(store.db, ticketHash, NOW))
  const taken = (await Promise.all(takes)).filter((flow) => flow !== undefined)
  assert.equal(taken.length, 1)
  assert.equal(taken[0]?.stage, 'opened')
})

test('an expired ticket is not taken', async () => {
  const { ticketHash } = await begin(NOW)
  assert.equal(await takeTicket(store.db, ticketHash, NOW), undefined)
})

test('of many who consume one state at once, one gets the flow with its verifier', async () => {
  const { stateHash, cookieHash } = await beginOpened()
  const ask = { stateHash, cookieHashes: ['other', cookieHash], now: NOW }
  const answers = await Promise.all(Array.from({ length: 8 }, () => consumeState(store.db, ask)))
  const flows = answers.filter((flow) => flow !== undefined)
  assert.equal(flows.length, 1)
  assert.equal(flows[0]?.codeVerifier, bound.codeVerifier)
})

test('a browser without the cookie of the flow consumes nothing', async () => {
  const { stateHash, cookieHash } = await beginOpened()
  const ask = { stateHash, now: NOW }
  assert.equal(await consumeState(store.db, { ...ask, cookieHashes: [] }), undefined)
  assert.equal(await consumeState(store.db, { ...ask, cookieHashes: ['other'] }), undefined)
  assert.ok(await consumeState(store.db, { ...ask, cookieHashes: [cookieHash] }))
})

test('an old state is not consumed', async () => {
  const { stateHash, cookieHash } = await beginOpened()
  const late = { stateHash, cookieHashes: [cookieHash], now: NOW + 1000 }
  assert.equal(await consumeState(store.db, late), undefined)
})

test('a consumed state leads its own browser, and no other, to how it ended', async () => {
  const { id, stateHash, cookieHash } = await beginOpened()
  assert.equal(await findConsumed(store.db, stateHash, [cookieHash]), undefined)
  await consumeState(store.db, { stateHash, cookieHashes: [cookieHash], now: NOW })
  assert.equal((await findConsumed(store.db, stateHash, [cookieHash]))?.id, id)
  assert.equal(await findConsumed(store.db, stateHash, ['other']), undefined)
})

test('a flow ends once, and its verifier is erased', async () => {
  const { id } = await beginOpened()
  const key = { workspaceId, id }
  assert.equal(await endFlow(store.db, key, { at: NOW }), true)
  assert.equal(await endFlow(store.db, key, { at: NOW }), false)
  const flow = await readFlow(store.db, workspaceId, id)
  assert.equal(flow?.stage, 'succeeded')
  assert.equal(flow.codeVerifier, null)
  assert.equal(flow.finishedAt, NOW)
})

test('another workspace does not see a flow', async () => {
  const { id } = await begin()
  assert.equal(await readFlow(store.db, 'other', id), undefined)
})

test('old flows are erased', async () => {
  const { id } = await begin()
  await deleteOldFlows(store.db, NOW)
  assert.ok(await readFlow(store.db, workspaceId, id))
  await deleteOldFlows(store.db, NOW + 1)
  assert.equal(await readFlow(store.db, workspaceId, id), undefined)
})

test('the newest of a Credential’s reports is found, and 20 are kept', async () => {
  const place = { workspaceId, credentialId: 'credential' }
  for (let run = 0; run < 25; run += 1) {
    const report = { verified: true, startedAt: NOW + run, ms: 1, stages: [] }
    const verification = { id: `v${run}`, startedAt: NOW + run, report, summary: { run } }
    await store.transaction((db) => insertVerification(db, place, verification))
  }
  assert.equal((await readLatestVerification(store.db, place))?.startedAt, NOW + 24)
  const kept = await store.db.selectFrom('verifications').select('id').execute()
  assert.equal(kept.length, 20)
})
