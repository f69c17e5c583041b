import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { FakeClock } from '../support/fake-clock.ts'
import { type TestHub, testHub } from '../support/hub.ts'
import { Person } from '../support/person.ts'
import { expectNothingStored } from '../support/refused.ts'
import { type Sandbox, startSandbox } from '../support/sandbox.ts'

const clock = new FakeClock(Date.now())
let sandbox: Sandbox
let hub: TestHub
let other: TestHub

before(async () => {
  sandbox = await startSandbox()
  hub = await testHub(sandbox, { clock })
  other = await testHub(sandbox, { clock, beside: hub })
})

after(async () => {
  await other[Symbol.asyncDispose]()
  await hub[Symbol.asyncDispose]()
  await sandbox.close()
})

async function startDevice(starter: TestHub) {
  const { clientId } = sandbox.app('native')
  const client = { clientId, authentication: 'none' } as const
  const { credentialId } = await hub.credential({ client })
  const flow = await starter.connect.startDeviceFlow({ by: hub.by, credentialId })
  return flow
}

// The hub asks in real time while the clock stands still.
async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  const late = AbortSignal.timeout(10_000)
  while (!(await holds())) {
    late.throwIfAborted()
    await setImmediate()
  }
}

test('link, callback and polling of one flow may each meet another hub', async () => {
  const { credentialId } = await hub.credential()
  const { url, flowId } = await hub.connect.startFlow({ by: hub.by, credentialId })
  const { location, cookie } = await other.connect.openTicket(url.split('/').at(-1) ?? '')
  const ending = await new Person(sandbox.user('admin')).visit(location)
  assert.ok(ending.kind === 'callback')
  const visit = { query: ending.url.searchParams, cookies: { [cookie.name]: cookie.value } }
  const results = await Promise.all([hub.connect.finish(visit), other.connect.finish(visit)])
  const outcomes = results.map(({ outcome }) => outcome)
  assert.ok(outcomes.includes('connected') && !outcomes.includes('failed'), outcomes.join())
  assert.equal((await other.connect.flow('default', flowId)).state, 'succeeded')
  const token = await other.vault.tokenSource('default', credentialId).token()
  assert.ok(token.value)
})

test('a hub that stops ends the device code sign-ins that it waits for, and says so', async () => {
  const third = await testHub(sandbox, { clock, beside: hub })
  const { id, credentialId } = await startDevice(third)
  await third[Symbol.asyncDispose]()
  const { state, failure } = await hub.connect.flow('default', id)
  assert.equal(state, 'failed')
  assert.equal(failure?.code, 'flow_interrupted')
  await expectNothingStored(hub, credentialId)
})

test('a flow whose hub was killed is told as interrupted by any other, not only as expired', async () => {
  const { id, credentialId } = await startDevice(hub)
  await hub.store.db
    .updateTable('connect_flows')
    .set({ heard_at: new Date(clock.now() - 151_000) })
    .where('id', '=', id)
    .execute()
  const { state, failure } = await other.connect.flow('default', id)
  assert.equal(state, 'failed')
  assert.equal(failure?.code, 'flow_interrupted')
  await expectNothingStored(hub, credentialId)
})

test('a hub that only stood still does not go on with a flow that another has ended', async () => {
  const { id, credentialId, userCode = '', url = '' } = await startDevice(hub)
  await until(() => clock.sleeping > 0)
  await hub.store.db
    .updateTable('connect_flows')
    .set({ heard_at: new Date(clock.now() - 151_000) })
    .where('id', '=', id)
    .execute()
  await other.connect.flow('default', id)
  await new Person({ ...sandbox.user('admin'), userCode }).visit(url)
  clock.advance(5_000)
  await until(() => hub.log.some((line) => line.includes('flow left') && line.includes(id)))
  await expectNothingStored(hub, credentialId)
})

test('each question for a device code shows that its hub is alive', async () => {
  const { id } = await startDevice(other)
  await until(() => clock.sleeping > 0)
  clock.advance(5_000)
  const now = clock.now()
  const heard = async () =>
    await hub.store.db
      .selectFrom('connect_flows')
      .select('heard_at')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
  await until(async () => (await heard()).heard_at === now)
})
