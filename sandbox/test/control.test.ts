import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { Bench, post, refused } from './bench.ts'

const APP_ONLY = { grant_type: 'client_credentials' }

function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-test-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

test('an app registered by the control API signs in, and its token requests are counted', async (t) => {
  const bench = await Bench.start(t)
  const app = await bench.admin('POST', '/apps', {
    name: 'Demo',
    redirectUris: { web: ['http://localhost:4000/callback/oauth2'] },
  })
  const client = { client_id: String(app['clientId']), client_secret: String(app['clientSecret']) }
  const code = await bench.code(bench.authorizeUrl({ client_id: client.client_id }))
  const { body } = await bench.redeem(code, client)
  await bench.refresh(body['refresh_token'], client)
  const counters = await bench.admin('GET', '/counters')
  const mine = Object(counters['byApp'])[client.client_id]
  assert.equal(mine['token.refresh_token'], 1)
  assert.equal(mine['token.refresh_token.granted'], 1)
  assert.equal(mine['token.authorization_code'], 1)
})

test('a misspelt property is refused by name', async (t) => {
  const bench = await Bench.start(t)
  await assert.rejects(
    bench.admin('POST', '/apps', { name: 'x', redirectUrls: [] }),
    /no property 'redirectUrls'/,
  )
  await assert.rejects(
    bench.admin('POST', '/faults', { kind: 'explode' }),
    /no fault of kind 'explode'/,
  )
})

test('the trace shows requests without their secrets', async (t) => {
  const bench = await Bench.start(t)
  await bench.token({ ...APP_ONLY, resource: bench.resource })
  const trace = JSON.stringify(await bench.admin('GET', '/trace'))
  assert.match(trace, /"client_secret":"sha256:[0-9a-f]{12}"/)
  assert.ok(!trace.includes(bench.line.clientSecret))
})

test('the control API does not serve web pages', async (t) => {
  const bench = await Bench.start(t)
  const response = await fetch(`${bench.line.adminUrl}/state`, {
    headers: { origin: 'https://evil.example' },
  })
  assert.equal(response.status, 403)
})

test('reset brings the seeded directory back', async (t) => {
  const bench = await Bench.start(t)
  await bench.admin('PATCH', `/apps/${bench.line.clientId}`, { enabled: false })
  await bench.admin('POST', '/reset')
  assert.equal((await bench.token({ ...APP_ONLY, resource: bench.resource })).status, 200)
})

test('members of an environment are changed through the passthrough', async (t) => {
  const bench = await Bench.start(t)
  const { body } = await bench.redeem(await bench.code(bench.authorizeUrl(), 'member'))
  const path = `/organizations/orgfb974624/members/${bench.user('member').objectId}`
  await bench.admin('PATCH', path, { disabled: true })
  const response = await bench.whoAmI(body['access_token'])
  assert.equal(response.status, 403)
  assert.match(await response.text(), /0x80040225/)
  await bench.admin('DELETE', path)
  assert.match(await (await bench.whoAmI(body['access_token'])).text(), /0x80072560/)
})

test('keys, apps, refresh tokens, secrets and ports survive a restart', async (t) => {
  const state = temporaryFolder(t)
  const before = await Bench.start(t, { state })
  const app = await before.admin('POST', '/apps', { name: 'Kept' })
  const { body } = await before.redeem(await before.code())
  await before.close()
  const after = await Bench.start(t, { state })
  assert.equal(after.line.authority, before.line.authority)
  assert.equal((await after.refresh(body['refresh_token'])).status, 200)
  assert.equal((await after.whoAmI(body['access_token'])).status, 200)
  const client = { client_id: String(app['clientId']), client_secret: String(app['clientSecret']) }
  assert.equal(
    (await after.token({ ...APP_ONLY, ...client, resource: after.resource })).status,
    200,
  )
  assert.deepEqual(readdirSync(state).sort(), ['entra.json', 'ports.json'])
  assert.equal(statSync(join(state, 'entra.json')).mode & 0o077, 0)
})

test('a busy port is no failure: the next free one is taken', async (t) => {
  const first = await Bench.start(t)
  const port = Number(new URL(first.line.authority).port)
  const second = await Bench.start(t, { port })
  assert.ok(Number(new URL(second.line.authority).port) > port)
})

test('the same seed gives the same ids', async (t) => {
  const [one, two] = [await Bench.start(t), await Bench.start(t)]
  const other = await Bench.start(t, { seed: 'other' })
  assert.equal(one.line.clientSecret, two.line.clientSecret)
  assert.notEqual(one.line.clientId, other.line.clientId)
})

test('a fault from the list of the start takes the first request only', async (t) => {
  const faults = [
    { target: 'entra', kind: 'aadsts', number: 90033, match: { body: 'client_credentials' } },
  ]
  const bench = await Bench.start(t, { faults })
  refused(
    await bench.token({ ...APP_ONLY, resource: bench.resource }),
    90033,
    'temporarily_unavailable',
    503,
  )
  assert.equal((await bench.token({ ...APP_ONLY, resource: bench.resource })).status, 200)
})

test('more than a megabyte is refused by Entra', async (t) => {
  const bench = await Bench.start(t)
  const url = `${bench.line.authority}${bench.v1('token')}`
  assert.equal((await post(url, `x=${'a'.repeat(1_100_000)}`)).status, 413)
})

test('what could not be sent or shown is refused by its name', async (t) => {
  const bench = await Bench.start(t)
  const organization = `/organizations/${bench.line.organizations[0]?.uniqueName}`
  const cases: readonly (readonly [method: string, path: string, body: unknown, names: RegExp])[] =
    [
      ['POST', '/faults', { kind: 'respond', status: 99 }, /'status' must be a whole number/],
      ['POST', '/faults', { kind: 'respond', headers: { 'a b': 'x' } }, /Header name/],
      ['POST', '/faults', { kind: 'redirect', location: 'a\nb' }, /Invalid character in header/],
      ['POST', '/faults', { kind: 'delay', delayMs: -1 }, /'delayMs' must be a whole number/],
      ['POST', '/faults', { kind: 'respond', times: 0 }, /'times' must be a whole number/],
      ['POST', '/clock', { now: 1e20 }, /'now' must be a time/],
      ['POST', '/clock', { advanceMs: 1e300 }, /'now' must be a time/],
      [
        'PATCH',
        `${organization}/switches`,
        { timeZone: 'Here' },
        /must be an IANA name, not 'Here'/,
      ],
      ['POST', '/users/%zz', {}, /a percent sign that starts no escape/],
    ]
  for (const [method, path, body, names] of cases) {
    const response = await fetch(`${bench.line.adminUrl}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    assert.equal(response.status, 400, path)
    assert.match(await response.text(), names)
  }
  assert.equal((await fetch(`${bench.line.adminUrl}${organization}/tables/x/rows`)).status, 404)
})

test('columns come, change and go by the control API', async (t) => {
  const bench = await Bench.start(t)
  const { body } = await bench.token({ ...APP_ONLY, resource: bench.resource })
  const [first] = bench.line.organizations
  const columns = `/organizations/${first?.uniqueName}/tables/account/columns`
  const defined = async () => {
    const response = await fetch(
      `${bench.line.apiUrl}/EntityDefinitions(LogicalName='account')/Attributes(LogicalName='new_mood')/Microsoft.Dynamics.CRM.PicklistAttributeMetadata?$expand=OptionSet`,
      { headers: { authorization: `Bearer ${String(body['access_token'])}` } },
    )
    return response.ok ? JSON.parse(await response.text()) : undefined
  }
  const sunny = { value: 1, label: 'Sunny' }
  await bench.admin('POST', columns, { name: 'new_mood', type: 'Picklist', choices: [sunny] })
  assert.equal((await defined()).OptionSet.Options.length, 1)
  await bench.admin('PATCH', `${columns}/new_mood`, {
    choices: [sunny, { value: 2, label: 'Rainy' }],
    required: 'Recommended',
  })
  const changed = await defined()
  assert.equal(changed.OptionSet.Options[1].Label.UserLocalizedLabel.Label, 'Rainy')
  assert.equal(changed.RequiredLevel.Value, 'Recommended')
  await bench.admin('DELETE', `${columns}/new_mood`)
  assert.equal(await defined(), undefined)
  await assert.rejects(
    bench.admin('POST', columns, { name: 'x', type: 'Lookup' }),
    /'type' must be/,
  )
  await assert.rejects(bench.admin('DELETE', `${columns}/accountid`), /has to stay/)
})

test('alternate keys come and go by the control API', async (t) => {
  const bench = await Bench.start(t)
  const { body } = await bench.token({ ...APP_ONLY, resource: bench.resource })
  const keys = `/organizations/${bench.line.organizations[0]?.uniqueName}/tables/contact/keys`
  const status = async () => {
    const response = await fetch(`${bench.line.apiUrl}/contacts(fax='1',telephone3='2')`, {
      headers: { authorization: `Bearer ${String(body['access_token'])}` },
    })
    return response.status
  }
  assert.equal(await status(), 400)
  await bench.admin('POST', keys, { name: 'numbers', columns: ['fax', 'telephone3'] })
  assert.equal(await status(), 404)
  await bench.admin('DELETE', `${keys}/numbers`)
  assert.equal(await status(), 400)
  await assert.rejects(
    bench.admin('POST', keys, { name: 'x', columns: ['statecode'] }),
    /'statecode' is of the type State, which no key can have/,
  )
  await assert.rejects(bench.admin('DELETE', `${keys}/numbers`), /no such table or key/)
})

test('an organization gets the tables of a document, the others keep theirs', async (t) => {
  const bench = await Bench.start(t)
  const file = new URL('data/organization.edmx.gz', import.meta.url)
  const document = gunzipSync(readFileSync(file)).toString('utf8')
  const [first, second] = bench.line.organizations
  assert.ok(first && second)
  await bench.admin('PUT', `/organizations/${first.uniqueName}/schema`, { document })
  const sets = async (apiUrl: string) => {
    const { body } = await bench.token({ ...APP_ONLY, resource: `${new URL(apiUrl).origin}/` })
    const response = await fetch(apiUrl, {
      headers: { authorization: `Bearer ${String(body['access_token'])}` },
    })
    return JSON.parse(await response.text()).value.length
  }
  assert.equal(await sets(first.apiUrl), 835)
  assert.ok((await sets(second.apiUrl)) < 50)
  await assert.rejects(
    bench.admin('PUT', `/organizations/${second.uniqueName}/schema`, { document: '<Edmx/>' }),
    /The schema cannot be used: it holds no entity types/,
  )
})
