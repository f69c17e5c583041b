import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { Bench } from './bench.ts'

const MINUTE = 60_000
/** Some weeks ahead: client secrets are good for longer. */
const NOW = Math.floor(Date.now() / 1000) * 1000 + 40 * 24 * 60 * MINUTE
/** What may pass between setting the clock and asking. */
const SLACK = 30_000

interface Call {
  readonly method?: string
  readonly prefer?: string
  readonly body?: unknown
}

async function start(t: TestContext) {
  const bench = await Bench.start(t)
  const signIn = async () => {
    const { body } = await bench.token({
      grant_type: 'client_credentials',
      resource: bench.resource,
    })
    return String(body['access_token'])
  }
  const call = async (
    token: string,
    path: string,
    { method = 'GET', prefer = 'return=representation', body }: Call = {},
  ) => {
    const response = await fetch(path.startsWith('http') ? path : `${bench.line.apiUrl}/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        prefer,
        'content-type': 'application/json',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, json: JSON.parse(text || '{}') }
  }
  return { bench, signIn, call, path: `/organizations/${bench.line.organizations[0]?.uniqueName}` }
}

function near(actual: unknown, expected: number, what: string): void {
  const time = Date.parse(String(actual))
  assert.ok(time >= expected - 1_000 && time < expected + SLACK, `${what}: ${actual}`)
}

test('one clock goes for the whole sandbox: stamps, dates and the life of tokens', async (t) => {
  const { bench, signIn, call } = await start(t)
  near((await bench.admin('POST', '/clock', { now: NOW }))['now'], NOW, 'the clock')
  const token = await signIn()
  const body = { name: 'Early' }
  const early = await call(token, 'accounts', { method: 'POST', body })
  assert.equal(early.status, 201)
  near(early.json.createdon, NOW, 'createdon')
  near(early.headers.get('date'), NOW, 'Date')

  const later = NOW + 50 * MINUTE
  near((await bench.admin('POST', '/clock', { advanceMs: 50 * MINUTE }))['now'], later, 'the clock')
  near((await bench.admin('GET', '/clock'))['now'], later, 'the clock')
  const path = `accounts(${early.json.accountid})`
  const changed = await call(token, path, { method: 'PATCH', body: { name: 'Late' } })
  near(changed.json.createdon, NOW, 'createdon')
  near(changed.json.modifiedon, later, 'modifiedon')
  near(changed.headers.get('date'), later, 'Date')
  near(
    (await fetch(`${bench.line.authority}/common/discovery/keys`)).headers.get('date'),
    later,
    'Date',
  )

  await bench.admin('POST', '/clock', { advanceMs: 41 * MINUTE })
  assert.equal((await call(token, 'WhoAmI')).status, 401)
  assert.equal((await call(await signIn(), 'WhoAmI')).status, 200)
})

test('a row becomes visible with an old stamp, and is news to change tracking', async (t) => {
  const { bench, signIn, call, path } = await start(t)
  const token = await signIn()
  const whole = await call(token, 'accounts?$select=name', { prefer: 'odata.track-changes' })
  const [old, older] = [Date.UTC(2001, 1, 2, 3, 4, 5), Date.UTC(1999, 11, 31)]
  const { json } = await call(token, 'accounts', { method: 'POST', body: { name: 'Backdated' } })
  const first = json['@odata.etag']
  const row = `${path}/tables/account/rows/${json.accountid}`
  await bench.admin('PATCH', row, { createdon: older, modifiedon: old })
  const query =
    'accounts?$select=name,createdon,modifiedon&$filter=modifiedon le 2001-02-02T03:04:05Z'
  const found = await call(token, query)
  assert.deepEqual(
    found.json.value.map((row: Record<string, unknown>) => [
      row['accountid'],
      row['createdon'],
      row['modifiedon'],
    ]),
    [[json.accountid, '1999-12-31T00:00:00Z', '2001-02-02T03:04:05Z']],
  )
  assert.notEqual(found.json.value[0]['@odata.etag'], first)
  const delta = await call(token, whole.json['@odata.deltaLink'])
  assert.deepEqual(
    delta.json.value.map((row: Record<string, unknown>) => row['accountid']),
    [json.accountid],
  )
  const next = delta.json['@odata.deltaLink']
  await bench.admin('PATCH', row, { modifiedon: older })
  assert.equal((await call(token, next)).json.value.length, 1)
  await assert.rejects(
    bench.admin('PATCH', row, { modifiedon: '2001-02-02T03:04:05Z' }),
    /'modifiedon' takes a number \(times in ms since 1970\), not '2001-02-02T03:04:05Z'/,
  )
})
