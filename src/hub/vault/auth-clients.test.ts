import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { GrantServer } from '../../../test/support/grant-server.ts'
import { certificatePath } from '../../../test/support/local-server.ts'
import {
  clientInput,
  connect,
  expiredCredential,
  newActor,
  testVault,
} from '../../../test/support/vault.ts'
import { Secret } from '../../kernel/index.ts'

const server = await GrantServer.start()
const made = await testVault(server)
after(async () => {
  await made[Symbol.asyncDispose]()
  await server.close()
})

const codesOf = (warnings: readonly { readonly code: string }[]) => warnings.map(({ code }) => code)

test('the endpoints of the guide are kept byte for byte', async () => {
  const by = await newActor(made.store)
  const authorizationEndpoint =
    'https://login.windows.net/common/oauth2/authorize?resource=https%3A%2F%2Forgfb974624.crm4.dynamics.com%2F'
  const { authClient, warnings } = await made.vault.authClients.create(by, {
    ...clientInput(),
    authorizationEndpoint,
  })
  assert.equal(authClient.authorizationEndpoint, authorizationEndpoint)
  assert.equal(authClient.tokenEndpoint, 'https://login.windows.net/common/oauth2/token')
  assert.deepEqual(warnings, [])
})

test('invisible characters around pasted values are left out', async () => {
  const by = await newActor(made.store)
  const input = clientInput()
  const { authClient } = await made.vault.authClients.create(by, {
    ...input,
    name: '  CRM app\t',
    clientId: `\u200b${input.clientId}\ufeff\n`,
  })
  assert.equal(authClient.name, 'CRM app')
  assert.equal(authClient.clientId, input.clientId)
})

test('a Secret ID in the place of the secret is noticed', async () => {
  const by = await newActor(made.store)
  const secret = new Secret('0b0f0a0d-1111-4222-8333-444455556666')
  const { warnings } = await made.vault.authClients.create(by, { ...clientInput(), secret })
  assert.deepEqual(codesOf(warnings), ['secret_is_secret_id'])
})

test('a client id that is no GUID is noticed', async () => {
  const by = await newActor(made.store)
  const { warnings } = await made.vault.authClients.create(by, {
    ...clientInput(),
    clientId: 'my app',
  })
  assert.deepEqual(codesOf(warnings), ['client_id_not_guid'])
})

test('the same client id stored twice is noticed, with another secret more sharply', async () => {
  const by = await newActor(made.store)
  await made.vault.authClients.create(by, clientInput())
  const same = await made.vault.authClients.create(by, clientInput())
  const secret = new Secret('a-newer-secret-value')
  const other = await made.vault.authClients.create(by, { ...clientInput(), secret })
  assert.deepEqual(codesOf(same.warnings), ['client_id_stored_twice'])
  assert.deepEqual(codesOf(other.warnings), ['client_id_stored_with_other_secret'])
})

test('no secret is ever given back, and of a short one not even its beginning', async () => {
  const by = await newActor(made.store)
  const long = await made.vault.authClients.create(by, clientInput())
  const secret = new Secret('shorty')
  const short = await made.vault.authClients.create(by, { ...clientInput(), secret })
  assert.equal(long.authClient.secrets[0]?.hint, 'sec… usual length')
  assert.equal(short.authClient.secrets[0]?.hint, 'short (under 16 characters)')
  const told = JSON.stringify([long, short, await made.vault.authClients.list(by.workspaceId)])
  assert.doesNotMatch(told, /secret-value|shorty/)
})

test('a secret that is missing is an error that names the field', async () => {
  const by = await newActor(made.store)
  const { secret: _, ...input } = clientInput()
  await assert.rejects(made.vault.authClients.create(by, input), {
    code: 'field_invalid',
    facts: { field: 'secret' },
  })
})

test('an edit on an old version is refused and changes nothing', async () => {
  const by = await newActor(made.store)
  const { authClient } = await made.vault.authClients.create(by, clientInput())
  const { id, version } = authClient
  await made.vault.authClients.edit(by, id, { version, name: 'First' })
  await assert.rejects(made.vault.authClients.edit(by, id, { version, name: 'Second' }), {
    code: 'changed_meanwhile',
  })
  assert.equal((await made.vault.authClients.get(by.workspaceId, id)).name, 'First')
})

test('a stored secret is not sent to another server than it was entered for', async () => {
  const by = await newActor(made.store)
  const { authClient } = await made.vault.authClients.create(by, clientInput())
  const { id, version } = authClient
  const tokenEndpoint = 'https://login.microsoftonline.us/common/oauth2/token'
  const moved = {
    version,
    tokenEndpoint,
    authorizationEndpoint: tokenEndpoint.replace('token', 'authorize'),
  }
  await assert.rejects(made.vault.authClients.edit(by, id, moved), { code: 'field_invalid' })
  await made.vault.authClients.edit(by, id, { ...moved, secret: new Secret('entered-again') })
})

test('another login host of the same cloud takes the stored secret along', async () => {
  const by = await newActor(made.store)
  const { authClient } = await made.vault.authClients.create(by, clientInput())
  const { id, version } = authClient
  const tokenEndpoint = 'https://login.microsoftonline.com/common/oauth2/token'
  const moved = {
    version,
    tokenEndpoint,
    authorizationEndpoint: tokenEndpoint.replace('token', 'authorize'),
  }
  const { authClient: edited } = await made.vault.authClients.edit(by, id, moved)
  assert.equal(edited.tokenEndpoint, tokenEndpoint)
})

test('every field can be edited', async () => {
  const by = await newActor(made.store)
  const { authClient } = await made.vault.authClients.create(by, clientInput())
  const changes = {
    name: 'Renamed',
    clientId: '55555555-5555-4555-8555-555555555555',
    authorizationEndpoint: 'https://login.microsoftonline.com/contoso.com/oauth2/v2.0/authorize',
    tokenEndpoint: 'https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token',
    deviceEndpoint: 'https://login.microsoftonline.com/contoso.com/oauth2/v2.0/devicecode',
    scopes: 'offline_access',
  }
  const { id, version } = authClient
  const edited = await made.vault.authClients.edit(by, id, { version, ...changes })
  assert.deepEqual({ ...edited.authClient, ...changes }, edited.authClient)
})

test('a certificate is shown by its thumbprint and end, and its key never', async () => {
  const by = await newActor(made.store)
  const { secret: _, ...input } = clientInput()
  const { authClient } = await made.vault.authClients.create(by, {
    ...input,
    authentication: 'certificate',
    certificatePem: readFileSync(certificatePath('client'), 'utf8'),
    privateKeyPem: new Secret(readFileSync(certificatePath('client', true), 'utf8')),
  })
  assert.match(authClient.certificate?.thumbprint ?? '', /^[0-9A-F]{40}$/)
  assert.doesNotMatch(JSON.stringify(authClient), /PRIVATE KEY/)
})

test('an auth client in use is not removed, and the error names who uses it', async () => {
  const by = await newActor(made.store)
  const { authClientId } = await expiredCredential(made, server, by)
  await connect(made, server, { by, authClientId, name: 'Sales' })
  await assert.rejects(made.vault.authClients.remove(by, authClientId), (error: Error) =>
    /"CRM", "Sales"/.test(JSON.stringify(error).replaceAll('\\', '')),
  )
  const { credentials } = await made.vault.authClients.whereUsed(by.workspaceId, authClientId)
  assert.deepEqual(
    credentials.map(({ name }) => name),
    ['CRM', 'Sales'],
  )
  for (const { id } of credentials) await made.vault.credentials.remove(by, id)
  await made.vault.authClients.remove(by, authClientId)
  assert.deepEqual(await made.vault.authClients.list(by.workspaceId), [])
})

test('another workspace sees nothing of an auth client', async () => {
  const by = await newActor(made.store)
  const { authClient } = await made.vault.authClients.create(by, clientInput())
  assert.deepEqual(await made.vault.authClients.list('other'), [])
  await assert.rejects(made.vault.authClients.get('other', authClient.id), {
    code: 'auth_client_not_found',
  })
})

test('a test tells which of two secrets the server takes', async () => {
  const by = await newActor(made.store)
  const { authClient } = await made.vault.authClients.create(by, clientInput(server))
  const secret = new Secret('not-yet-known-to-the-server')
  await made.vault.authClients.addSecret(by, authClient.id, { secret })
  const { tests } = await made.vault.authClients.test(by, authClient.id)
  assert.deepEqual(
    tests.map(({ slot, outcome }) => [slot, outcome]),
    [
      ['current', 'accepted'],
      ['next', 'refused'],
    ],
  )
  assert.match(tests[1]?.explanation?.remedy ?? '', /Value/)
})

test('every change is in the audit log by the names of its fields only', async () => {
  const by = await newActor(made.store)
  const { authClient } = await made.vault.authClients.create(by, clientInput())
  const { id, version } = authClient
  const secret = new Secret('a-newer-secret-value')
  await made.vault.authClients.edit(by, id, { version, secret })
  await made.vault.authClients.remove(by, id)
  const { entries } = await made.audit.list(by.workspaceId)
  assert.deepEqual(
    entries.map(({ action, actor, fields }) => [action, actor.id, fields.includes('secret')]),
    [
      ['auth_client.removed', 'ada', false],
      ['auth_client.edited', 'ada', true],
      ['auth_client.created', 'ada', true],
    ],
  )
  assert.doesNotMatch(JSON.stringify(entries), /secret-value/)
})
