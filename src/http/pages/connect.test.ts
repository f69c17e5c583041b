import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { testHttp } from '../../../test/support/http.ts'
import { type Behaviour, Person } from '../../../test/support/person.ts'
import { startSandbox } from '../../../test/support/sandbox.ts'

const sandbox = await startSandbox()
const { authority, organizations, orgUrl, clientId, clientSecret, tenantId } = sandbox.description
const hub = await testHttp({ allow: [authority, ...organizations.map(({ url }) => url)] })
after(async () => {
  await hub[Symbol.asyncDispose]()
  await sandbox.close()
})
const session = await hub.signIn()
const admin = await hub.client('admin')
const { username, password } = sandbox.user('admin')
const origin = hub.publicUrl.origin

test('a sign-in leads through Microsoft and back to a page at a clean address', async () => {
  const back = await goThrough(await credentialOf(tenantId), { username, password })
  assert.equal(back.callback.status, 303)
  assert.match(back.location, /^\/callback\/oauth2\/result\/[\w-]{16}$/)
  assert.equal(back.page.status, 200)
  assert.match(back.text, /<h1>Connected<\/h1>/)
  for (const answer of [back.door, back.callback, back.page]) {
    assert.equal(answer.headers.get('referrer-policy'), 'no-referrer')
    assert.equal(answer.headers.get('cache-control'), 'no-store')
  }
  const code = back.callbackUrl.searchParams.get('code') ?? ''
  assert.ok(code.length > 20)
  assert.ok(!`${back.text}${back.location}${back.cookies}`.includes(code))
})

test('the cookie with the result goes back to its own page only', async () => {
  const stray = await hub.call('/callback/oauth2?error=access_denied')
  const location = stray.headers.get('location')
  assert.match(String(stray.headers.get('set-cookie')), new RegExp(`; Path=${location};`))
})

test('the result is shown in the browser that signed in, and in no other', async () => {
  const back = await goThrough(await credentialOf(tenantId), { username, password })
  const elsewhere = await hub.call(back.location)
  assert.match(await elsewhere.text(), /Nothing to show/)
})

test('a callback in another browser connects nothing', async () => {
  const id = await credentialOf(tenantId)
  const { callbackUrl } = await visitMicrosoft(id, { username, password })
  const stolen = await hub.call(`${callbackUrl.pathname}${callbackUrl.search}`)
  const page = await follow(stolen, '')
  assert.match(page.text, /cannot be finished here/)
  assert.equal((await admin.call('getCredential', { params: { id } })).state, 'new')
})

test('Cancel is explained, with what Microsoft’s support asks for folded away', async () => {
  const behaviour = { username, password, consent: 'cancel', signIn: 'cancel' } as const
  const { text } = await goThrough(await credentialOf(tenantId), behaviour)
  assert.match(text, /<h2>What to do<\/h2>/)
  assert.match(text, /<details class="card"><summary>Technical details<\/summary>/)
})

test('who is signed in here may authenticate again from the page; who is not is told where', async () => {
  const behaviour = { username, password, consent: 'cancel', signIn: 'cancel' } as const
  const { location, cookies, text } = await goThrough(await credentialOf(tenantId), behaviour)
  assert.doesNotMatch(text, /action="\/connect\/again"/)
  const signedIn = await hub.call(location, { headers: { cookie: `${cookies}; ${session}` } })
  assert.match(await signedIn.text(), /action="\/connect\/again"/)
})

test('a link is not used up by a preview, but by being opened; then it says what to do', async () => {
  const { url = '' } = await admin.call('startFlow', {
    params: { id: await credentialOf(tenantId) },
    body: {},
  })
  const { pathname } = new URL(url)
  assert.equal((await hub.call(pathname, { method: 'HEAD' })).status, 204)
  assert.equal((await hub.call(pathname, { headers: { 'sec-purpose': 'prefetch' } })).status, 204)
  assert.equal((await hub.call(pathname)).status, 302)
  const again = await hub.call(pathname)
  assert.notEqual(again.status, 302)
  assert.match(await again.text(), /each link is good for once/)
})

test('AADSTS50194 is foreseen, explained when it is pasted, and put right in one step', async () => {
  const id = await credentialOf('common')
  const begun = await form('/connect/again', { credential: id })
  assert.match(begun, /will probably refuse this with AADSTS50194/)
  const flow = /data-page="(\/flows\/[0-9a-f-]+)"/.exec(begun)?.[1] ?? ''
  const text = "AADSTS50194: Application 'x' is not configured as a multi-tenant application."
  const explained = await form(`${flow}/explain`, { text })
  assert.match(explained, /<code>AADSTS50194<\/code>/)
  assert.match(explained, /action="\/connect\/fix"/)
  const fixed = await form('/connect/fix', { credential: id })
  assert.doesNotMatch(fixed, /will probably refuse/)
  const credential = await admin.call('getCredential', { params: { id } })
  const client = await admin.call('getAuthClient', { params: { id: credential.authClientId } })
  assert.equal(client.tokenEndpoint, `${authority}/${tenantId}/oauth2/token`)
  assert.match(client.authorizationEndpoint ?? '', new RegExp(`^${authority}/${tenantId}/`))
  const { text: result } = await goThrough(id, { username, password })
  assert.match(result, /<h1>Connected<\/h1>/)
})

test('a key or user without the scope cannot change endpoints by the form', async () => {
  const id = await credentialOf('common')
  const authorization = `Bearer ${(await hub.key('run')).reveal()}`
  for (const path of ['/connect/fix', '/connect/again']) {
    const body = new URLSearchParams({ credential: id })
    const response = await hub.call(path, { method: 'POST', body, headers: { authorization } })
    assert.equal(response.status, 403, path)
  }
})

async function credentialOf(tenant: string): Promise<string> {
  const resource = encodeURIComponent(`${orgUrl}/`)
  const { authClient } = await admin.call('createAuthClient', {
    body: {
      name: `Hub ${crypto.randomUUID()}`,
      clientId,
      clientSecret,
      authorizationEndpoint: `${authority}/${tenant}/oauth2/authorize?resource=${resource}`,
      tokenEndpoint: `${authority}/${tenant}/oauth2/token`,
    },
  })
  const body = { authClientId: authClient.id, name: 'Vertriebsdaten', baseUrl: orgUrl }
  return (await admin.call('createCredential', { body })).id
}

async function visitMicrosoft(id: string, behaviour: Behaviour) {
  const { url = '' } = await admin.call('startFlow', { params: { id }, body: {} })
  const door = await hub.call(new URL(url).pathname)
  const [cookie = ''] = door.headers.getSetCookie()
  assert.match(cookie, /; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/)
  const ending = await new Person(behaviour).visit(door.headers.get('location') ?? '')
  assert.ok(ending.kind === 'callback')
  return { door, cookie: cookie.split(';')[0] ?? '', callbackUrl: ending.url }
}

async function goThrough(id: string, behaviour: Behaviour) {
  const { door, cookie, callbackUrl } = await visitMicrosoft(id, behaviour)
  const callback = await hub.call(`${callbackUrl.pathname}${callbackUrl.search}`, {
    headers: { cookie },
  })
  return { door, callback, callbackUrl, ...(await follow(callback, cookie)) }
}

async function follow(response: Response, cookie: string) {
  const kept = response.headers.getSetCookie().map((line) => line.split(';')[0] ?? '')
  const cookies = [cookie, ...kept].filter((one) => one !== '').join('; ')
  const location = response.headers.get('location') ?? ''
  const page = await hub.call(location, { headers: { cookie: cookies } })
  return { location, cookies, page, text: await page.text() }
}

async function form(path: string, fields: Record<string, string>): Promise<string> {
  const response = await hub.call(path, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers: { cookie: session, origin },
  })
  assert.equal(response.status, 200, path)
  return await response.text()
}
