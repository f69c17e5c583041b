import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { HubClient } from '../../src/http/client/index.ts'
import { fresh, type Life } from './life.ts'
import { endpoints, type Registrations } from './registrations.ts'

/** Explains what people paste, uses the command line, rotates the keys, and removes what there is. */
export async function operate(
  life: Life,
  client: HubClient,
  key: string,
  { secret, wrongSecret }: Registrations,
): Promise<void> {
  const pasted = life.secrets.add('pasted secret', fresh())
  const url = `https://login.windows.net/common/oauth2/authorize?code=${pasted}&state=${pasted}`
  const text = `AADSTS7000215: Invalid client secret ${pasted} at ${url}. Trace ID: ${pasted}`
  await client.call('explain', { body: { text } })
  const page = await life.fetch(new URL('/explain', life.hub.url), {
    method: 'POST',
    headers: { origin: life.hub.url },
    body: new URLSearchParams({ text }),
  })
  assert.equal(page.status, 200)
  await life.verb(['explain', text])
  await commands(life, client, key, secret)
  await attemptRemovals(client, wrongSecret)
  await client.call('listAudit', { query: { limit: 500 } })
  await client.call('listAlerts', { query: { all: 'true' } })
  const reset = await life.verb(['users', 'reset', 'Ada'])
  assert.equal(reset.code, 0, reset.stderr)
  life.secrets.add('set-up token', /\/setup\/([\w-]+)/.exec(reset.stdout)?.[1] ?? '')
  const rotated = await life.verb(['keys', 'rotate'])
  assert.equal(rotated.code, 0, rotated.stderr)
}

async function commands(
  life: Life,
  client: HubClient,
  key: string,
  authClientId: string,
): Promise<void> {
  const { clientId, orgUrl } = life.sandbox.description
  const { authorizationEndpoint, tokenEndpoint } = endpoints(life)
  const file = join(life.folder, 'secret')
  writeFileSync(file, life.secrets.add('client secret', fresh()))
  const { name } = await client.call('getAuthClient', { params: { id: authClientId } })
  const places = ['--authorization-endpoint', authorizationEndpoint, '--token-endpoint']
  const named = ['--client-id', clientId, ...places, tokenEndpoint]
  const verbs: readonly (readonly [number, ...string[]])[] = [
    [0, 'auth-clients', 'add', 'By file', ...named, '--secret-file', file],
    [0, 'auth-clients', 'add', 'By pipe', ...named],
    [3, 'auth-clients', 'test', 'By file', '--json'],
    [0, 'connect', orgUrl, '--auth-client', name, '--app', '--name', 'Again'],
    [0, 'verify', 'Again', '--json'],
    [0, 'raw', 'WhoAmI', '--credential', 'Again'],
    [1, 'raw', 'nothing', '--credential', 'Again', '--json'],
  ]
  for (const [code, ...words] of verbs) {
    const input = `${life.secrets.add('client secret', fresh())}\n`
    const ended = await life.verb(words, { key, input })
    assert.equal(ended.code, code, `${words.join(' ')}: ${ended.stderr}`)
  }
  await life.verb(['credentials', 'list', '--json'], { key: life.secrets.add('API key', fresh()) })
}

// Refused while it is used, then possible.
async function attemptRemovals(client: HubClient, authClientId: string): Promise<void> {
  await assert.rejects(client.call('removeAuthClient', { params: { id: authClientId } }))
  const { items } = await client.call('listCredentials', {})
  for (const { id } of items) await client.call('removeCredential', { params: { id } })
  await client.call('removeAuthClient', { params: { id: authClientId } })
}
