import assert from 'node:assert/strict'
import type { HubClient } from '../../src/http/client/index.ts'
import { fresh, type Life } from './life.ts'
import type { Registrations } from './registrations.ts'

/** Signs in by browser and by device code, and goes wrong in every way on the way; answers with a Credential. */
export async function signIns(
  life: Life,
  client: HubClient,
  registrations: Registrations,
): Promise<string> {
  const { sandbox } = life
  const admin = sandbox.user('admin')
  const id = await newCredential(life, client, registrations.secret)
  await endsAs('failed', () => browserFlow(life, client, id, { ...admin, consent: 'cancel' }))
  await life.fault(codeFault({ kind: 'aadsts', number: 70008 }))
  await endsAs('failed', () => browserFlow(life, client, id))
  await life.fault(codeFault({ kind: 'truncate' }))
  await endsAs('failed', () => browserFlow(life, client, id))
  life.echo('grant_type=authorization_code')
  await endsAs('failed', () => browserFlow(life, client, id))
  const wrong = await newCredential(life, client, registrations.wrongSecret)
  await endsAs('failed', () => browserFlow(life, client, wrong))
  await stranger(life, client, id)
  await endsAs('succeeded', () => browserFlow(life, client, id, admin, 'twice'))
  await deviceCode(life, client, registrations.device)
  return id
}

/** Creates a Credential for the sandbox's first organization. */
export async function newCredential(
  { sandbox }: Life,
  client: HubClient,
  authClientId: string,
  grant: 'delegated' | 'app' = 'delegated',
): Promise<string> {
  const baseUrl = sandbox.description.orgUrl
  const body = { authClientId, name: fresh(), baseUrl, grant }
  return (await client.call('createCredential', { body })).id
}

function codeFault(fault: object): object {
  return { target: 'entra', match: { body: 'grant_type=authorization_code' }, ...fault }
}

/** Goes through a flow, which must end in a state. */
export async function endsAs(state: string, flow: () => Promise<{ readonly state: string }>) {
  const ended = await flow()
  assert.equal(ended.state, state, JSON.stringify(ended))
}

/** Signs in by browser, back to the hub's page on how it ended. */
export async function browserFlow(
  life: Life,
  client: HubClient,
  id: string,
  behaviour: Parameters<Life['person']>[0] = life.sandbox.user('admin'),
  times: 'once' | 'twice' = 'once',
) {
  const flow = await client.call('startFlow', { params: { id }, body: {} })
  const url = flow.url ?? ''
  life.secrets.add('ticket', url.split('/').at(-1) ?? '')
  const person = life.person(behaviour)
  const ending = await person.visit(url)
  assert.equal(ending.kind, 'callback', JSON.stringify(ending))
  if (ending.kind === 'callback') {
    await person.open(ending.url)
    if (times === 'twice') await person.open(ending.url)
    await life.fetch(url, { redirect: 'manual' })
  }
  return client.call('getFlow', { params: { id: flow.id } })
}

// Another browser comes back with a state that is not its own, and with a made-up one.
async function stranger(life: Life, client: HubClient, id: string): Promise<void> {
  const { url = '' } = await client.call('startFlow', { params: { id }, body: {} })
  life.secrets.add('ticket', url.split('/').at(-1) ?? '')
  const ending = await life.person(life.sandbox.user('admin')).visit(url)
  assert.equal(ending.kind, 'callback')
  if (ending.kind !== 'callback') return
  const foreign = life.person(life.sandbox.user('admin'))
  assert.match((await foreign.open(ending.url)).text, /cannot be finished here/)
  const made = new URL(ending.url)
  made.searchParams.set('state', fresh())
  made.searchParams.set('error', 'access_denied')
  await foreign.open(made)
}

async function deviceCode(life: Life, client: HubClient, authClientId: string): Promise<void> {
  const id = await newCredential(life, client, authClientId)
  const flow = await client.call('startFlow', { params: { id }, body: { kind: 'device' } })
  const behaviour = { ...life.sandbox.user('admin'), userCode: flow.userCode ?? '' }
  await life.person(behaviour).visit(flow.url ?? '')
  let { state } = flow
  while (state === 'waiting') {
    await new Promise((resolve) => setTimeout(resolve, 200))
    state = (await client.call('getFlow', { params: { id: flow.id } })).state
  }
  assert.equal(state, 'succeeded')
}
