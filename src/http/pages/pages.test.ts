import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { testHttp } from '../../../test/support/http.ts'
import { contract } from '../contract/index.ts'

const NAME = `Müller & Söhne <Plattform> "Süd"`
const hub = await testHttp({ platformName: NAME })
after(() => hub[Symbol.asyncDispose]())
const { call } = hub
const cookie = await hub.signIn()
const PATHS = [
  '/',
  '/login',
  '/guide',
  '/docs',
  '/errors',
  '/explain',
  '/nothing',
  '/callback/oauth2/result/x',
]

const text = async (path: string, init = {}) => await (await call(path, init)).text()

test('no page has a script or style of its own, and none reaches out for anything', async () => {
  for (const path of PATHS) {
    const page = await text(path, { headers: { cookie } })
    assert.doesNotMatch(
      page,
      /<script(?! type="module" src="\/assets\/[0-9a-f]{16}\.js"><\/script>)/,
      path,
    )
    assert.doesNotMatch(page, /<style|\sstyle=|\son\w+=|javascript:/i, path)
    for (const [, target = ''] of page.matchAll(
      /<(?:link|script|img|iframe)[^>]*?(?:href|src)="([^"]*)"/g,
    ))
      assert.match(target, /^(\/assets\/|data:,)/, path)
    assert.match(page, /<html lang="en">.*<main id="content"/s)
    assert.equal(page.match(/<h1/g)?.length, 1, path)
  }
})

test('the platform’s name is text on every page', async () => {
  for (const path of PATHS) {
    const page = await text(path, { headers: { cookie } })
    assert.ok(!page.includes('<Plattform>'), path)
    assert.match(page, /Müller &#38; Söhne &#60;Plattform&#62; &#34;Süd&#34;/)
  }
})

test('style and script are there, and may be kept for ever', async () => {
  const page = await text('/login')
  for (const [path = ''] of page.matchAll(/\/assets\/[0-9a-f]{16}\.(css|js)/g)) {
    const response = await call(path)
    assert.equal(response.status, 200)
    assert.match(response.headers.get('cache-control') ?? '', /immutable/)
    assert.match(response.headers.get('content-type') ?? '', /^text\/(css|javascript)/)
  }
})

test('the first page shows the redirect address to copy', async () => {
  const page = await text('/', { headers: { cookie } })
  assert.match(page, /<code id="redirect">http:\/\/localhost:4000\/callback\/oauth2<\/code>/)
})

test('the guide is filled in with this hub’s address, and with what its reader gives', async () => {
  const bare = await text('/guide')
  assert.ok(bare.includes('http://localhost:4000/callback/oauth2'))
  assert.ok(bare.indexOf('id="values"') < bare.indexOf('Step 1'), 'values before the steps')
  assert.doesNotMatch(bare, /Words in braces/)
  const tenant = '8a9b5f10-0000-4000-8000-000000000001'
  const given = await text(`/guide?address=org7.crm4.dynamics.com/main.aspx&tenant=${tenant}`)
  assert.ok(given.includes('resource=https%3A%2F%2Forg7.crm4.dynamics.com%2F'))
  assert.ok(given.includes(`https://login.microsoftonline.com/${tenant}/oauth2/token`))
  const nasty = await text(`/guide?tenant=${encodeURIComponent("';rm -rf /;'<script>")}`)
  const guide = nasty.replace(/<form class="card"[\s\S]*?<\/form>/, '')
  assert.doesNotMatch(guide, /rm -rf/)
  assert.doesNotMatch(nasty, /<script>/)
})

test('the API’s page shows every operation of the contract', async () => {
  const page = await text('/docs')
  for (const name of Object.keys(contract)) assert.ok(page.includes(`id="${name}"`), name)
  const api = await (await call('/api/v1/openapi.json')).text()
  assert.match(api, /"openapi":"3\.1\.1"/)
})

test('a text that is pasted is explained, and comes back as text', async () => {
  const body = new URLSearchParams({ text: 'AADSTS50011: <b onclick=x> does not match' })
  const origin = hub.publicUrl.origin
  const page = await text('/explain', { method: 'POST', body, headers: { origin } })
  assert.match(page, /http:\/\/localhost:4000\/callback\/oauth2/)
  assert.doesNotMatch(page, /<b onclick/)
})
