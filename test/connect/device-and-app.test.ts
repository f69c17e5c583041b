import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { Secret } from '../../src/kernel/index.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { testHub } from '../support/hub.ts'
import { Person } from '../support/person.ts'
import { expectNothingStored } from '../support/refused.ts'
import { sandboxHub } from '../support/sandbox-hub.ts'

const clock = new FakeClock(Date.now())
const { sandbox, hub } = await sandboxHub({ clock })

async function startDevice() {
  const { clientId } = sandbox.app('native')
  const { credentialId } = await hub.credential({ client: { clientId, authentication: 'none' } })
  const flow = await hub.connect.startDeviceFlow({ by: hub.by, credentialId })
  return { credentialId, flow }
}

// Lets the hub ask once more; the sandbox answers in real time, so the clock then stands still.
async function ended(flowId: string) {
  const late = AbortSignal.timeout(10_000)
  while (clock.sleeping === 0 && !late.aborted) await setImmediate()
  clock.advance(5_000)
  while (!late.aborted) {
    const flow = await hub.connect.flow('default', flowId)
    if (flow.state !== 'waiting') return flow
    await setImmediate()
  }
  throw new Error('The flow does not end.')
}

test('a person enters the device code elsewhere, and the Credential is connected', async () => {
  const { credentialId, flow } = await startDevice()
  assert.equal(flow.state, 'waiting')
  assert.ok(flow.userCode && flow.url)
  await new Person({ ...sandbox.user('admin'), userCode: flow.userCode }).visit(flow.url)
  const { state, failure } = await ended(flow.id)
  assert.equal(state, 'succeeded', JSON.stringify(failure))
  assert.equal((await hub.vault.credentials.get('default', credentialId)).state, 'connected')
})

test('a device code sign-in that is cancelled ends as that, with nothing stored', async () => {
  const { credentialId, flow } = await startDevice()
  const person = {
    ...sandbox.user('admin'),
    userCode: flow.userCode ?? '',
    signIn: 'cancel',
  } as const
  await new Person(person).visit(flow.url ?? '')
  const { state, failure } = await ended(flow.id)
  assert.equal(state, 'failed')
  assert.equal(failure?.facts['error'], 'authorization_declined')
  await expectNothingStored(hub, credentialId)
})

test('an app that is no public client is told where to allow device codes', async () => {
  const { credentialId } = await hub.credential()
  const flow = await hub.connect.startDeviceFlow({ by: hub.by, credentialId })
  await new Person({ ...sandbox.user('admin'), userCode: flow.userCode ?? '' }).visit(
    flow.url ?? '',
  )
  const { failure } = await ended(flow.id)
  assert.equal(failure?.facts['aadsts'], 'AADSTS7000218')
  assert.match(failure.remedy, /Allow public client flows/)
  await expectNothingStored(hub, credentialId)
})

test('an Auth Client that is edited while a person enters the code is not connected with', async () => {
  const { credentialId, flow } = await startDevice()
  const { authClientId } = await hub.vault.credentials.get('default', credentialId)
  const { version } = await hub.vault.authClients.get('default', authClientId)
  await hub.vault.authClients.edit(hub.by, authClientId, { name: 'Renamed', version })
  await new Person({ ...sandbox.user('admin'), userCode: flow.userCode ?? '' }).visit(
    flow.url ?? '',
  )
  assert.equal((await ended(flow.id)).failure?.code, 'auth_client_changed')
  await expectNothingStored(hub, credentialId)
})

test('a hub that closes stops asking for the person', async () => {
  const other = await testHub(sandbox, { clock })
  const { clientId } = sandbox.app('native')
  const { credentialId } = await other.credential({
    client: { clientId, authentication: 'none' },
  })
  await other.connect.startDeviceFlow({ by: other.by, credentialId })
  await other[Symbol.asyncDispose]()
})

test('an application user is connected at once', async () => {
  const { credentialId } = await hub.credential({ grant: 'app' })
  const flow = await hub.connect.connectApp({ by: hub.by, credentialId })
  assert.equal(flow.state, 'succeeded', JSON.stringify(flow.failure))
  const credential = await hub.vault.credentials.get('default', credentialId)
  assert.equal(credential.state, 'connected')
  assert.ok(credential.identity?.userId)
})

test('an application user needs endpoints that name the directory', async () => {
  const { authority } = sandbox.description
  const { credentialId } = await hub.credential({
    grant: 'app',
    client: {
      authorizationEndpoint: `${authority}/common/oauth2/authorize`,
      tokenEndpoint: `${authority}/common/oauth2/token`,
    },
  })
  const flow = await hub.connect.connectApp({ by: hub.by, credentialId })
  assert.equal(flow.failure?.code, 'shared_tenant_refused')
  await expectNothingStored(hub, credentialId)
})

test('the kinds of grant are not mixed up', async () => {
  const person = await hub.credential()
  const app = await hub.credential({
    grant: 'app',
    client: { secret: new Secret(sandbox.description.clientSecret) },
  })
  const by = hub.by
  await assert.rejects(
    hub.connect.connectApp({ by, credentialId: person.credentialId }),
    /for a person/,
  )
  const { credentialId } = app
  await assert.rejects(hub.connect.startFlow({ by, credentialId }), /for an application/)
  await assert.rejects(hub.connect.startDeviceFlow({ by, credentialId }), /for an application/)
})
