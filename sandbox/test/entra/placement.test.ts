import assert from 'node:assert/strict'
import { test } from 'node:test'
import { atCallback, Bench, onPage } from '../bench.ts'
import { Browser } from '../browser.ts'

type Case = readonly [
  name: string,
  change: (bench: Bench) => string,
  number: number,
  error?: string,
]

const ON_PAGE: readonly Case[] = [
  ['a single-tenant app at /common', (b) => b.authorizeUrl({}, b.v1('authorize', 'common')), 50194],
  [
    'a single-tenant app at /organizations',
    (b) => b.authorizeUrl({}, b.v2('authorize', 'organizations')),
    50194,
  ],
  ['an app at /consumers', (b) => b.authorizeUrl({}, b.v1('authorize', 'consumers')), 9002332],
  [
    'a foreign client id',
    (b) => b.authorizeUrl({ client_id: 'a3f0c7de-1111-4222-8333-444455556666' }),
    700016,
  ],
  [
    "another tenant's app",
    (b) => b.authorizeUrl({ client_id: b.app('otherTenant').clientId }),
    700016,
  ],
  ['no client id', (b) => b.authorizeUrl({ client_id: undefined }), 900144],
  ['a disabled app', (b) => b.authorizeUrl({ client_id: b.app('disabled').clientId }), 7000112],
  [
    'an app without redirects',
    (b) => b.authorizeUrl({ client_id: b.app('noRedirect').clientId }),
    900971,
  ],
  [
    'an unknown tenant',
    (b) => b.authorizeUrl({}, b.v1('authorize', '11111111-2222-4333-8444-555555555555')),
    90002,
  ],
  [
    'a placeholder left in the address',
    (b) => b.authorizeUrl({}, b.v1('authorize', '{tenant}')),
    900023,
  ],
  ['grant_type at authorize', (b) => b.authorizeUrl({ grant_type: 'authorization_code' }), 90056],
]

for (const [name, url, number] of ON_PAGE) {
  test(`${name} stays on the page as AADSTS${number}`, async (t) => {
    const bench = await Bench.start(t)
    onPage(await new Browser().open(url(bench)), number)
  })
}

const AT_CALLBACK: readonly Case[] = [
  [
    'an unknown resource',
    (b) => b.authorizeUrl({ resource: 'https://nobody.crm4.dynamics.com/' }),
    500011,
    'invalid_resource',
  ],
  [
    'a resource of another tenant',
    (b) => b.authorizeUrl({ resource: `${b.line.organizations[2]?.url}/` }),
    500011,
    'invalid_resource',
  ],
  [
    'an app without the permission',
    (b) => b.authorizeUrl({ client_id: b.app('noDynamicsPermission').clientId }),
    650057,
    'invalid_client',
  ],
  [
    'no response type',
    (b) => b.authorizeUrl({ response_type: undefined }),
    900144,
    'invalid_request',
  ],
  [
    'response type token',
    (b) => b.authorizeUrl({ response_type: 'token' }),
    700051,
    'unsupported_response_type',
  ],
  [
    'v2 without scope',
    (b) => b.authorizeUrl({ scope: undefined }, b.v2('authorize')),
    900144,
    'invalid_request',
  ],
  [
    'resource on v2',
    (b) => b.authorizeUrl({ resource: b.resource }, b.v2('authorize')),
    901002,
    'invalid_request',
  ],
  [
    'a foreign resource on v2',
    (b) => b.authorizeUrl({ resource: 'https://x.example/' }, b.v2('authorize')),
    9010010,
    'invalid_target',
  ],
  [
    'two resources in a scope',
    (b) => b.authorizeUrl({ scope: 'https://a.example/x https://b.example/y' }, b.v2('authorize')),
    28000,
    'invalid_scope',
  ],
  [
    'an unknown permission',
    (b) => b.authorizeUrl({ scope: `${b.line.orgUrl}/everything` }, b.v2('authorize')),
    650053,
    'invalid_scope',
  ],
  [
    'a silent request of nobody',
    (b) => b.authorizeUrl({ prompt: 'none' }),
    50058,
    'login_required',
  ],
  [
    'prompt=admin_consent on v2',
    (b) => b.authorizeUrl({ prompt: 'admin_consent' }, b.v2('authorize')),
    90023,
    'invalid_request',
  ],
  [
    'a challenge of the wrong size',
    (b) => b.authorizeUrl({ code_challenge: 'short' }),
    501491,
    'invalid_request',
  ],
]

for (const [name, url, number, error = ''] of AT_CALLBACK) {
  test(`${name} comes to the callback as AADSTS${number}`, async (t) => {
    const bench = await Bench.start(t)
    atCallback(await new Browser().open(url(bench)), number, error)
  })
}

test('a doubly encoded resource is shown as it arrived', async (t) => {
  const bench = await Bench.start(t)
  const resource = encodeURIComponent('https://orgfb974624.crm4.dynamics.com/')
  const shown = await new Browser().open(bench.authorizeUrl({ resource }))
  atCallback(shown, 500011, 'invalid_resource')
  assert.match(
    shown.callback?.searchParams.get('error_description') ?? '',
    /named https%3A%2F%2Forgfb/,
  )
})

test('Cancel on the consent page comes to the callback as access_denied 65004', async (t) => {
  const bench = await Bench.start(t)
  const browser = new Browser()
  const consent = await bench.signIn(bench.authorizeUrl(), 'member', browser)
  atCallback(await browser.press(consent, 'Cancel'), 65004, 'access_denied')
})

test('a user without the right to consent is told to ask an admin', async (t) => {
  const bench = await Bench.start(t)
  const browser = new Browser()
  const shown = await bench.signIn(bench.authorizeUrl(), 'noConsentRight', browser)
  onPage(shown, 90094)
  const back = await browser.press(shown, 'Return to the application')
  atCallback(back, 90094, 'access_denied')
})

test("an admin's consent for the organization spares the others the question", async (t) => {
  const bench = await Bench.start(t)
  const browser = new Browser()
  const consent = await bench.signIn(bench.authorizeUrl(), 'admin', browser)
  await browser.press(consent, 'Accept', { everyone: 'yes' })
  const shown = await bench.signIn(bench.authorizeUrl(), 'noConsentRight')
  assert.ok(shown.callback?.searchParams.get('code'))
})

test('the consent link grants for everybody and names the tenant', async (t) => {
  const bench = await Bench.start(t)
  const browser = new Browser()
  const path = `/${bench.line.tenantId}/adminconsent`
  const url = bench.authorizeUrl({ response_type: undefined, resource: undefined }, path)
  onPage(await bench.signIn(url, 'member'), 90094)
  const consent = await bench.signIn(url, 'admin', browser)
  const { callback } = await browser.press(consent, 'Accept')
  assert.deepEqual(Object.fromEntries(callback?.searchParams ?? []), {
    tenant: bench.line.tenantId,
    admin_consent: 'True',
    state: 'state-1',
  })
  const shown = await bench.signIn(bench.authorizeUrl(), 'noConsentRight')
  assert.ok(shown.callback?.searchParams.get('code'))
})

test('v1 prompt=admin_consent asks an admin and says so at the callback', async (t) => {
  const bench = await Bench.start(t)
  const browser = new Browser()
  const consent = await bench.signIn(
    bench.authorizeUrl({ prompt: 'admin_consent' }),
    'admin',
    browser,
  )
  const { callback } = await browser.press(consent, 'Accept')
  assert.equal(callback?.searchParams.get('admin_consent'), 'True')
  onPage(await bench.signIn(bench.authorizeUrl({ prompt: 'admin_consent' }), 'member'), 90093)
})

const ACCOUNTS: readonly [state: string, number: number][] = [
  ['disabled', 50057],
  ['passwordExpired', 50055],
]
for (const [state, number] of ACCOUNTS) {
  test(`a user who is ${state} stays on the sign-in page with AADSTS${number}`, async (t) => {
    const bench = await Bench.start(t)
    onPage(await bench.signIn(bench.authorizeUrl(), state), number)
  })
}

test('a wrong password stays on the sign-in page, and Cancel there is access_denied', async (t) => {
  const bench = await Bench.start(t)
  const browser = new Browser()
  const page = await browser.open(bench.authorizeUrl())
  const { username } = bench.user('member')
  const again = await browser.press(page, 'Sign in', { login: username, passwd: 'no' })
  onPage(again, 50126)
  const { callback } = await browser.press(again, 'Cancel')
  assert.equal(callback?.searchParams.get('error'), 'access_denied')
  assert.equal(callback?.searchParams.get('error_subcode'), 'cancel')
})

test('a user of another tenant is refused by name, a guest is not', async (t) => {
  const bench = await Bench.start(t)
  const other = bench.line.users.find(
    (user) => user.state === 'member' && user.tenantId !== bench.line.tenantId,
  )
  const browser = new Browser()
  const page = await browser.open(bench.authorizeUrl())
  const fields = { login: other?.username ?? '', passwd: other?.password ?? '' }
  onPage(await browser.press(page, 'Sign in', fields), 50020)
  assert.ok(await bench.code(bench.authorizeUrl(), 'guest'))
})

test('an app for assigned users only refuses the others at the callback', async (t) => {
  const bench = await Bench.start(t)
  const { clientId } = bench.app('assignmentRequired')
  const shown = await bench.signIn(bench.authorizeUrl({ client_id: clientId }), 'member')
  atCallback(shown, 50105, 'access_denied')
})

test('a form of another browser is not taken', async (t) => {
  const bench = await Bench.start(t)
  const page = await new Browser().open(bench.authorizeUrl())
  const { username, password } = bench.user('member')
  onPage(await new Browser().press(page, 'Sign in', { login: username, passwd: password }), 90023)
})
