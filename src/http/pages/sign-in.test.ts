import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { PASSWORD, tokenOf } from '../../../test/support/access.ts'
import { testHttp } from '../../../test/support/http.ts'
import { ownPath } from './sign-in.ts'

const hub = await testHttp()
after(() => hub[Symbol.asyncDispose]())
const { call } = hub
const origin = hub.publicUrl.origin

const post = (path: string, fields: Record<string, string>) =>
  call(path, { method: 'POST', body: new URLSearchParams(fields), headers: { origin } })

const password = PASSWORD.reveal()
const token = tokenOf((await hub.hub.access.firstLink())?.url).reveal()

test('a set-up link that is only looked at stays good; weak passwords are refused beside the form', async () => {
  assert.equal((await call(`/setup/${token}`)).status, 200)
  assert.equal((await call(`/setup/${token}`)).status, 200)
  const weak = await post(`/setup/${token}`, { name: 'Ada <b>', password: 'short' })
  assert.equal(weak.status, 422)
  const text = await weak.text()
  assert.match(text, /fewer than 12 characters/)
  assert.match(text, /value="Ada &#60;b&#62;"/)
})

test('using it signs in, and it works once', async () => {
  const used = await post(`/setup/${token}`, { name: 'Ada', password })
  assert.equal(used.status, 303)
  assert.equal(used.headers.get('location'), '/')
  const [cookie = ''] = used.headers.getSetCookie()
  assert.match(
    cookie,
    /^fairlead_session_4000=[\w-]{43}; Max-Age=1209\d{3}; Path=\/; HttpOnly; SameSite=Lax$/,
  )
  const home = await call('/', { headers: { cookie } })
  assert.equal(home.status, 200)
  const again = await post(`/setup/${token}`, { name: 'Eve', password })
  assert.equal(again.status, 403)
  assert.equal((await call(`/setup/${token}`)).status, 403)
})

test('signing in leads to where one wanted to go, and signing out ends the session', async () => {
  const response = await post('/login', { name: 'ada', password, next: '/flows/1' })
  assert.equal(response.headers.get('location'), '/flows/1')
  const cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  assert.equal((await call('/', { headers: { cookie } })).status, 200)
  const out = await call('/logout', { method: 'POST', headers: { cookie, origin } })
  assert.match(out.headers.getSetCookie()[0] ?? '', /Max-Age=0/)
  assert.equal((await call('/', { headers: { cookie } })).status, 303)
})

test('a wrong password says so without repeating it', async () => {
  const response = await post('/login', { name: 'Ada', password: 'zzz-not-the-password' })
  assert.equal(response.status, 401)
  const text = await response.text()
  assert.match(text, /The name or the password is wrong/)
  assert.ok(!text.includes('zzz-not'))
})

test('after signing in nobody is led to another place', () => {
  for (const path of [
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    'javascript:1',
    '',
    '/a?b',
    '/@',
  ])
    assert.equal(ownPath(path), '/', path)
  assert.equal(ownPath('/callback/oauth2/result/abc_DEF-1'), '/callback/oauth2/result/abc_DEF-1')
  fc.assert(
    fc.property(fc.string(), (path) => {
      assert.equal(new URL(ownPath(`/${path}`), origin).origin, origin)
    }),
  )
})
