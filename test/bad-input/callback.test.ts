import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { FlowResult } from '../../src/hub/connect/index.ts'
import { CodedError, randomToken, systemRandom } from '../../src/kernel/index.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { Person } from '../support/person.ts'
import { expectNoSecret, expectNothingStored } from '../support/refused.ts'
import { sandboxHub } from '../support/sandbox-hub.ts'

const clock = new FakeClock(Date.now())
const { sandbox, hub } = await sandboxHub({ clock })

// A sign-in that has come as far as the callback, which nobody has delivered yet.
async function almostDone() {
  const { credentialId, authClientId } = await hub.credential()
  const { flowId, url } = await hub.connect.startFlow({ by: hub.by, credentialId })
  const { location, cookie } = await hub.connect.openTicket(url.split('/').at(-1) ?? '')
  const ending = await new Person(sandbox.user('admin')).visit(location)
  assert.equal(ending.kind, 'callback')
  const query = ending.kind === 'callback' ? ending.url.searchParams : new URLSearchParams()
  const cookies = { [cookie.name]: cookie.value }
  return { credentialId, authClientId, flowId, query, cookies }
}

function failureCode(result: FlowResult): string {
  return result.outcome === 'failed' ? result.failure.code : result.outcome
}

test('a link is good for once', async () => {
  const { credentialId } = await hub.credential()
  const { url } = await hub.connect.startFlow({ by: hub.by, credentialId })
  const ticket = url.split('/').at(-1) ?? ''
  await hub.connect.openTicket(ticket)
  for (const spent of [ticket, randomToken(systemRandom), '', '../x', 'x'.repeat(5000)]) {
    const error: unknown = await hub.connect.openTicket(spent).catch((reason: unknown) => reason)
    assert.ok(error instanceof CodedError)
    assert.equal(error.code, 'ticket_invalid')
  }
})

test('a link that lay for ten minutes is of no use', async () => {
  const { credentialId } = await hub.credential()
  const { url, flowId } = await hub.connect.startFlow({ by: hub.by, credentialId })
  clock.advance(600_000)
  await assert.rejects(hub.connect.openTicket(url.split('/').at(-1) ?? ''), /cannot be used/)
  assert.equal((await hub.connect.flow('default', flowId)).state, 'expired')
})

test('a link that was begun by another user than the one signed in here is refused', async () => {
  const { credentialId } = await hub.credential()
  const by = { workspaceId: 'default', kind: 'user', id: 'anna' } as const
  const { url } = await hub.connect.startFlow({ by, credentialId })
  const ticket = url.split('/').at(-1) ?? ''
  await assert.rejects(hub.connect.openTicket(ticket, { userId: 'bert' }), /cannot be used/)
})

test('a callback that comes twice shows the same end twice, and redeems the code once', async () => {
  const { query, cookies, credentialId } = await almostDone()
  const [first, second] = await Promise.all([
    hub.connect.finish({ query, cookies }),
    hub.connect.finish({ query, cookies }),
  ])
  const outcomes = [first.outcome, second.outcome].sort()
  assert.ok(outcomes.includes('connected'), outcomes.join())
  assert.ok(!outcomes.includes('failed'), outcomes.join())
  const third = await hub.connect.finish({ query, cookies })
  assert.equal(third.outcome, 'connected')
  const credential = await hub.vault.credentials.get('default', credentialId)
  assert.equal(credential.state, 'connected')
})

test('another browser gets the general answer, and the own one can still finish', async () => {
  const { query, cookies, credentialId } = await almostDone()
  const other = { 'fairlead-flow-x': randomToken(systemRandom) }
  assert.equal(failureCode(await hub.connect.finish({ query, cookies: other })), 'callback_invalid')
  assert.equal(failureCode(await hub.connect.finish({ query, cookies: {} })), 'callback_invalid')
  await expectNothingStored(hub, credentialId)
  assert.equal((await hub.connect.finish({ query, cookies })).outcome, 'connected')
})

test('a foreign, missing or doubled state gets the general answer and stores nothing', async () => {
  const { query, cookies, credentialId } = await almostDone()
  const code = query.get('code') ?? ''
  for (const wrong of [
    `code=${code}`,
    `code=${code}&state=${randomToken(systemRandom)}`,
    `${query}&state=${query.get('state')}`,
    `code=${code}&state=`,
  ]) {
    const result = await hub.connect.finish({ query: new URLSearchParams(wrong), cookies })
    assert.equal(failureCode(result), 'callback_invalid')
    expectNoSecret(hub, sandbox, result, code)
  }
  await expectNothingStored(hub, credentialId)
})

test('an old state gets the general answer and stores nothing', async () => {
  const { query, cookies, credentialId, flowId } = await almostDone()
  clock.advance(600_000)
  assert.equal(failureCode(await hub.connect.finish({ query, cookies })), 'callback_invalid')
  await expectNothingStored(hub, credentialId)
  assert.equal((await hub.connect.flow('default', flowId)).state, 'expired')
})

test('a state without a code ends the flow, and is told', async () => {
  const { query, cookies, credentialId } = await almostDone()
  const bare = new URLSearchParams({ state: query.get('state') ?? '' })
  const result = await hub.connect.finish({ query: bare, cookies })
  assert.equal(failureCode(result), 'authorization_response_invalid')
  await expectNothingStored(hub, credentialId)
})

test('an Auth Client that was edited meanwhile is not redeemed with', async () => {
  const { query, cookies, credentialId, authClientId } = await almostDone()
  const { version } = await hub.vault.authClients.get('default', authClientId)
  await hub.vault.authClients.edit(hub.by, authClientId, { name: 'Renamed', version })
  assert.equal(failureCode(await hub.connect.finish({ query, cookies })), 'auth_client_changed')
  await expectNothingStored(hub, credentialId)
})

test('nothing that a browser sends makes the callback throw', async () => {
  const name = fc.constantFrom(
    'state',
    'code',
    'error',
    'error_description',
    'iss',
    'admin_consent',
  )
  const value = fc.oneof(
    fc.string(),
    fc.constantFrom('AADSTS50011: x', '%00', 'é', 'x'.repeat(9000)),
  )
  const query = fc.array(fc.tuple(name, value), { maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(query, fc.dictionary(fc.string(), fc.string()), async (pairs, cookies) => {
      const result = await hub.connect.finish({ query: new URLSearchParams(pairs), cookies })
      assert.ok(result.outcome === 'failed' || result.outcome === 'consented')
    }),
    { numRuns: 100 },
  )
})
