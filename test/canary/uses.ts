import assert from 'node:assert/strict'
import { setTimeout } from 'node:timers/promises'
import type { HubClient } from '../../src/http/client/index.ts'
import { fresh, type Life } from './life.ts'
import type { Registrations } from './registrations.ts'
import { browserFlow, endsAs, newCredential } from './sign-ins.ts'

/** Connects applications, verifies, runs actions and lets every token fail that can. */
export async function uses(
  life: Life,
  client: HubClient,
  { appSecret, certificate, federated }: Registrations,
  id: string,
): Promise<void> {
  for (const authClientId of [appSecret, certificate, federated]) {
    const appId = await newCredential(life, client, authClientId, 'app')
    await client.call('startFlow', { params: { id: appId }, body: { kind: 'app' } })
    life.echo('grant_type=client_credentials')
    await attempt(lookUp(client, appId))
    await attempt(lookUp(client, appId))
  }
  await client.call('verify', { params: { id } })
  assert.ok((await lookUp(client, id)).outputs.length > 0)
  await messages(life, client, id)
  await refusals(life, client, id)
  await client.call('latestVerification', { params: { id } })
}

// A webhook whose messages come in, and strangers that try to send some.
async function messages(life: Life, client: HubClient, credentialId: string): Promise<void> {
  const config = { objectType: 'account', raw: true }
  const { id } = await client.call('createTrigger', {
    body: { name: 'Told', credentialId, trigger: 'webhookTrigger', config },
  })
  const params = { id }
  await client.call('enableTrigger', { params })
  await client.call('runAction', {
    params: { id: credentialId, name: 'makeRawRequest' },
    body: { config: {}, input: { method: 'POST', url: 'accounts', data: { name: 'Told of' } } },
  })
  const address = `${life.hub.url}/hooks/${id}?code=${life.secrets.add('hook key', fresh())}`
  const headers = { 'content-type': 'application/json' }
  const answer = await life.fetch(address, { method: 'POST', headers, body: '{}' })
  assert.equal(answer.status, 404)
  for (let tries = 0; tries < 200; tries += 1) {
    const { items } = await client.call('triggerOutputs', { params })
    if (items.length > 0) break
    await setTimeout(25)
  }
  assert.equal((await client.call('triggerOutputs', { params })).items.length, 1)
  await client.call('getTrigger', { params })
  await client.call('removeTrigger', { params })
}

async function refusals(life: Life, client: HubClient, id: string): Promise<void> {
  const { sandbox } = life
  await raw(client, id, 'WhoAmI')
  for (const path of ['accounts?$top=1', 'https://evil.example/api/data/', '../../x', 'nothing'])
    await attempt(raw(client, id, path))
  await attempt(raw(client, id, 'accounts', { Authorization: 'Bearer x', Cookie: 'y' }))
  life.echo('/api/data/v9.2/contacts')
  await attempt(raw(client, id, 'contacts?$top=1'))
  const status = { target: 'organizations', kind: 'respond', status: 401, times: 2 }
  await life.fault({ ...status, headers: {}, body: 'The token is refused' })
  await attempt(raw(client, id, 'WhoAmI'))
  await sandbox.admin('/revoke', 'POST', { user: sandbox.user('admin').username })
  await attempt(raw(client, id, 'WhoAmI'))
  const { state } = await client.call('getCredential', { params: { id } })
  assert.equal(state, 'needs_reconnect')
  await attempt(client.call('verify', { params: { id } }))
  await endsAs('succeeded', () => browserFlow(life, client, id))
  life.echo('grant_type=refresh_token', 'temporarily_unavailable')
  await attempt(raw(client, id, 'WhoAmI'))
}

function lookUp(client: HubClient, id: string) {
  const config = { objectType: 'account', emitBehavior: 'emitPage', expertMode: true }
  return client.call('runAction', {
    params: { id, name: 'lookupObjects' },
    body: {
      config: { ...config, selectFields: 'name' },
      input: { filterExpression: 'statecode eq 0' },
    },
  })
}

function raw(client: HubClient, id: string, url: string, headers: Record<string, string> = {}) {
  return client.call('runAction', {
    params: { id, name: 'makeRawRequest' },
    body: { config: {}, input: { method: 'GET', url, headers } },
  })
}

/** Lets a call fail: what the failure says is kept, and searched. */
async function attempt(call: Promise<unknown>): Promise<void> {
  await call.catch(() => undefined)
}
