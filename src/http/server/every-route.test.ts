import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { PASSWORD } from '../../../test/support/access.ts'
import { testHttp } from '../../../test/support/http.ts'
import { SCOPES } from '../../hub/access/principal.ts'
import { contract, type Route, scopes } from '../contract/index.ts'
import { operationsOf } from '../routes/index.ts'

const hub = await testHttp()
after(() => hub[Symbol.asyncDispose]())
const cookie = await hub.signIn()
const session = cookie.split('=')[1] ?? ''
const admin = await hub.client('admin')
const key = await hub.key('admin')

const CLIENT_SECRET = 'Zq8~canary-of-the-client-secret-1234567'
const SECOND_SECRET = 'Yw7~canary-of-the-second-secret-7654321'
const PRIVATE = 'canary-of-a-private-key'

const { authClient } = await admin.call('createAuthClient', {
  body: {
    name: 'CRM',
    clientId: crypto.randomUUID(),
    clientSecret: CLIENT_SECRET,
    authorizationEndpoint: 'https://login.windows.net/common/oauth2/authorize',
    tokenEndpoint: 'https://login.windows.net/common/oauth2/token',
  },
})
await admin.call('addSecret', {
  params: { id: authClient.id },
  body: { clientSecret: SECOND_SECRET },
})
const credential = await admin.call('createCredential', {
  body: { authClientId: authClient.id, name: 'CRM', baseUrl: 'https://org1.crm4.dynamics.com' },
})

const routes = Object.entries<Route>(contract)

function pathOf({ path }: Route): string {
  const id = path.includes('/auth-clients/') ? authClient.id : credential.id
  return path.replace('{id}', id).replace('{name}', 'lookupObjects')
}

test('the API and the hub speak of the same scopes', () => {
  assert.deepEqual(scopes, SCOPES)
})

test('every route of the contract is bound, once', () => {
  const bound = operationsOf(hub.hub).map(({ route }) => `${route.method} ${route.path}`)
  const named = routes.map(([, { method, path }]) => `${method} ${path}`)
  assert.deepEqual(bound.toSorted(), named.toSorted())
  assert.equal(new Set(named).size, named.length)
})

test('every route but those to come in by refuses a caller who is not signed in', async () => {
  for (const [name, route] of routes) {
    const response = await hub.call(pathOf(route), { method: route.method })
    if (route.access === 'public') assert.notEqual(response.status, 404, name)
    else assert.equal(response.status, 401, name)
  }
  const open = routes.filter(([, { access }]) => access === 'public').map(([name]) => name)
  assert.deepEqual(open, ['setUp', 'signIn', 'signOut'])
})

test('every route that writes refuses a session from a page of another origin', async () => {
  for (const [name, route] of routes.filter(([, { method }]) => method !== 'GET')) {
    const headers = { cookie, origin: 'https://evil.example', 'content-type': 'application/json' }
    const response = await hub.call(pathOf(route), { method: route.method, headers, body: '{}' })
    assert.equal(response.status, 403, name)
  }
})

test('no secret is in any answer of any route, whatever is sent', async () => {
  const sent = [
    undefined,
    {},
    { clientSecret: CLIENT_SECRET, privateKeyPem: PRIVATE, unknown: SECOND_SECRET },
    { name: 'Ada', password: PASSWORD.reveal(), token: key.reveal() },
    { name: { clientSecret: CLIENT_SECRET }, text: 5, secret: SECOND_SECRET },
    { clientSecret: 'short', authentication: 'certificate', privateKeyPem: PRIVATE, version: 1 },
  ]
  const secrets = [CLIENT_SECRET, SECOND_SECRET, PRIVATE, PASSWORD.reveal(), key.reveal(), session]
  // What removes things goes last, so that the others have something to show.
  const order = routes.toSorted(([, a], [, b]) => rank(a) - rank(b))
  let answers = 0
  for (const [name, route] of order)
    for (const body of route.method === 'GET' ? [undefined] : sent)
      for (const accept of route.line ? ['application/json', 'application/x-ndjson'] : ['*/*']) {
        const response = await hub.call(pathOf(route), {
          method: route.method,
          headers: {
            authorization: `Bearer ${key.reveal()}`,
            'content-type': 'application/json',
            accept,
          },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        })
        const text = `${await response.text()}\n${[...response.headers].join('\n')}`
        assert.notEqual(response.status, 500, `${name} ${text}`)
        for (const secret of secrets)
          for (const piece of pieces(secret)) assert.ok(!text.includes(piece), `${name}: ${text}`)
        answers += 1
      }
  assert.ok(answers > 100, `${answers} answers`)
})

test('no secret is in the log of all that', () => {
  const all = hub.log.join('\n')
  for (const secret of [CLIENT_SECRET, SECOND_SECRET, PRIVATE, PASSWORD.reveal(), key.reveal()])
    for (const piece of pieces(secret)) assert.ok(!all.includes(piece))
})

function rank({ method, path }: Route): number {
  if (method !== 'DELETE') return 0
  return path.includes('auth-clients') ? 2 : 1
}

function pieces(secret: string): readonly string[] {
  const length = 12
  return Array.from({ length: secret.length - length + 1 }, (_, at) =>
    secret.slice(at, at + length),
  )
}
