import assert from 'node:assert/strict'
import { fresh, type Life } from './life.ts'

/** Sets the first user up, signs in and out, with wrong passwords too, and makes an API key. */
export async function arrive(life: Life): Promise<string> {
  const { hub, secrets, fetch } = life
  const password = secrets.add('password', fresh())
  const setUpToken = /\/setup\/([\w-]+)/.exec(hub.stderr())?.[1] ?? ''
  const link = `${hub.url}/setup/${setUpToken}`
  const post = (path: string, fields: Record<string, string>, cookie = '') =>
    fetch(new URL(path, hub.url), {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: hub.url, cookie },
      body: new URLSearchParams(fields),
    })
  assert.equal((await fetch(link)).status, 200)
  assert.equal((await post(link, { name: 'Ada', password: password.slice(0, 11) })).status, 422)
  assert.equal((await post(link, { name: 'Ada', password })).status, 303)
  assert.notEqual((await post(link, { name: 'Ada', password })).status, 303)
  const wrong = secrets.add('wrong password', fresh())
  assert.equal((await post('/login', { name: 'Ada', password: wrong })).status, 401)
  assert.equal((await api(life, 'session', { name: 'Ada', password: wrong })).status, 401)
  const signedIn = await api(life, 'session', { name: 'Ada', password })
  assert.equal(signedIn.status, 201)
  const cookie = cookieOf(signedIn)
  for (const path of ['/', '/guide', '/docs', '/api/v1/openapi.json', '/api/v1/session', '/errors'])
    assert.equal((await fetch(new URL(path, hub.url), { headers: { cookie } })).status, 200, path)
  const wish = { name: 'Programs', scopes: ['read', 'run', 'manage', 'admin'] }
  const made = await api(life, 'api-keys', wish, { cookie, origin: hub.url })
  const { key } = (await made.json()) as { readonly key: string }
  secrets.add('API key', key)
  // Somebody pastes secrets where they do not belong.
  const pasted = { text: `AADSTS7000215 client_secret=${wrong}&code=${wrong}` }
  assert.equal((await api(life, 'explanations', { ...pasted, key }, { cookie })).status, 403)
  await api(life, 'session', { name: password, password, token: key })
  const refused = { authorization: `Bearer ${key}${wrong}` }
  assert.equal((await fetch(new URL('/api/v1/session', hub.url), { headers: refused })).status, 401)
  await post('/logout', {}, cookieOf(await api(life, 'session', { name: 'Ada', password })))
  return key
}

function api({ hub, fetch }: Life, path: string, body: object, headers = {}): Promise<Response> {
  return fetch(new URL(`/api/v1/${path}`, hub.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
}

/** The cookies that an answer sets, as the next request sends them. */
function cookieOf(response: Response): string {
  return response.headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; ')
}
