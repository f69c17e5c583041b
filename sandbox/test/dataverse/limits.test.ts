import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readLimits } from '../../src/dataverse/index.ts'
import { DOCUMENTED_LIMITS } from '../../src/dataverse/limits/settings.ts'
import { limitExceeded } from '../../src/dataverse/limits/user-limits.ts'
import { part, sendBatch } from '../conformance/batch-text.ts'
import { ADMIN, APPLICATION, createRig, type Reply, type Rig, tokenOf } from './rig.ts'

/** A 30th of the documented limits, as a test bed scales them. */
const SCALED = { windowSeconds: 10, executionSeconds: 40, requests: 200 }

interface LimitRig extends Rig {
  /** The waits that were asked for, in ms. */
  readonly waits: number[]
}

function limited(limits: Record<string, unknown>): LimitRig {
  const waits: number[] = []
  const sleep = async (ms: number) => {
    waits.push(ms)
  }
  const rig = createRig({ accounts: 3, contacts: 3 }, [ADMIN, APPLICATION], undefined, sleep)
  const { control } = rig.organization
  control.setLimits(readLimits(limits, control.limits()))
  return { ...rig, waits }
}

async function times(count: number, send: () => Promise<Reply>): Promise<number[]> {
  const statuses: number[] = []
  for (let index = 0; index < count; index += 1) statuses.push((await send()).status)
  return statuses
}

test('the documented limits are refused in the documented words', () => {
  const of = (kind: Parameters<typeof limitExceeded>[0]) => {
    const { status, code, message, headers } = limitExceeded(kind, DOCUMENTED_LIMITS, 7)
    return [status, code, message, headers['retry-after']]
  }
  assert.deepEqual(of('requests'), [
    429,
    '0x80072322',
    'Number of requests exceeded the limit of 6000 over time window of 300 seconds.',
    '7',
  ])
  assert.deepEqual(of('executionTime'), [
    429,
    '0x80072321',
    'Combined execution time of incoming requests exceeded limit of 1,200,000 milliseconds over time window of 300 seconds. Decrease number of concurrent requests or reduce the duration of requests and try again later.',
    '7',
  ])
  assert.deepEqual(of('concurrentRequests'), [
    429,
    '0x80072326',
    'Number of concurrent requests exceeded the limit of 52.',
    '7',
  ])
})

test('requests beyond the limit are refused before they do anything, until the window has room', async () => {
  const { call, move } = limited({ ...SCALED, requests: 3 })
  const create = () => call('accounts', { method: 'POST', body: { name: 'Planted' } })
  assert.deepEqual(await times(2, create), [204, 204])
  move(4_000)
  assert.equal((await create()).status, 204)
  const refused = await create()
  assert.equal(refused.status, 429)
  assert.deepEqual(refused.json.error, {
    code: '0x80072322',
    message: 'Number of requests exceeded the limit of 3 over time window of 10 seconds.',
  })
  assert.equal(refused.headers['x-ms-ratelimit-burst-remaining-xrm-requests'], '0')
  // The first two leave the window six seconds later.
  assert.equal(refused.headers['retry-after'], '6')
  move(6_000)
  const made = await call("accounts?$select=name&$filter=name eq 'Planted'")
  assert.equal(made.json.value.length, 3)
})

test('server time counts against its own limit, whoever sends few requests', async () => {
  const { call, move, waits } = limited({
    ...SCALED,
    time: { default: { requestMs: 15_000, rowMs: 0 } },
  })
  const read = () => call('WhoAmI')
  assert.deepEqual(await times(3, read), [200, 200, 200])
  assert.deepEqual(waits, [15_000, 15_000, 15_000])
  const refused = await read()
  assert.equal(refused.json.error.code, '0x80072321')
  assert.match(
    refused.json.error.message,
    /exceeded limit of 40,000 milliseconds over time window of 10 /,
  )
  assert.equal(refused.headers['x-ms-ratelimit-time-remaining-xrm-requests'], '0.00')
  assert.equal(refused.headers['retry-after'], '10')
  move(10_000)
  assert.equal((await read()).status, 200)
})

test('too many requests at once are refused at once, and let in when others have ended', async () => {
  const ends: (() => void)[] = []
  const sleep = () => new Promise<void>((resolve) => ends.push(resolve))
  const rig = createRig({ accounts: 3, contacts: 3 }, [ADMIN], undefined, sleep)
  const { control } = rig.organization
  const limits = { concurrentRequests: 2, time: { default: { requestMs: 50 } } }
  control.setLimits(readLimits(limits, control.limits()))
  const running = [rig.call('WhoAmI'), rig.call('WhoAmI')]
  await new Promise(setImmediate)
  const refused = await rig.call('WhoAmI')
  assert.deepEqual([refused.status, refused.json.error.code], [429, '0x80072326'])
  assert.equal(refused.json.error.message, 'Number of concurrent requests exceeded the limit of 2.')
  assert.equal(refused.headers['retry-after'], '1')
  for (const end of ends.splice(0)) end()
  await Promise.all(running)
  const next = rig.call('WhoAmI')
  await new Promise(setImmediate)
  for (const end of ends.splice(0)) end()
  assert.equal((await next).status, 200)
})

const after = async ({ call }: Rig) => Number((await call('WhoAmI')).headers['retry-after'])

test('pressing on while refused makes the wait longer, unless it is fixed', async () => {
  const growing = limited({ ...SCALED, requests: 1 })
  await growing.call('WhoAmI')
  growing.move(7_000)
  assert.equal(await after(growing), 3)
  // What was on its way already makes no difference.
  assert.equal(await after(growing), 3)
  growing.move(1_500)
  assert.equal(await after(growing), 6)
  growing.move(1_500)
  assert.equal(await after(growing), 9)
  growing.move(1_500)
  assert.equal(await after(growing), 10)
  growing.move(10_000)
  assert.equal((await growing.call('WhoAmI')).status, 200)
  const fixed = limited({ ...SCALED, requests: 1, retryAfter: 'fixed' })
  await fixed.call('WhoAmI')
  fixed.move(7_000)
  assert.equal(await after(fixed), 3)
  fixed.move(1_500)
  assert.equal(await after(fixed), 2)
})

test('each user has limits of his own', async () => {
  const { call } = limited({ ...SCALED, requests: 1 })
  const as = (member: typeof ADMIN) => call('WhoAmI', { token: tokenOf(member) })
  assert.deepEqual([(await as(ADMIN)).status, (await as(APPLICATION)).status], [200, 200])
  assert.deepEqual([(await as(ADMIN)).status, (await as(APPLICATION)).status], [429, 429])
})

test('each web server has limits of its own; its cookie leads back to it', async () => {
  const { call } = limited({ ...SCALED, requests: 2, webServers: 3 })
  assert.deepEqual(await times(6, () => call('WhoAmI')), [200, 200, 200, 200, 200, 200])
  assert.deepEqual(await times(3, () => call('WhoAmI')), [429, 429, 429])
  const other = limited({ ...SCALED, requests: 2, webServers: 3 })
  const first = await other.call('WhoAmI')
  const cookie = String(first.headers['set-cookie']?.[0]).split(';')[0] ?? ''
  const pinned = () => other.call('WhoAmI', { headers: { cookie: `ReqClientId=x; ${cookie}` } })
  assert.deepEqual(await times(3, pinned), [200, 429, 429])
  const reply = await pinned()
  assert.equal(String(reply.headers['set-cookie']?.[0]).split(';')[0], cookie)
})

test('without a cookie servers may also be chosen at random', async () => {
  const { call } = limited({ webServers: 4, routing: 'random' })
  const cookies = new Set<string>()
  for (let index = 0; index < 60; index += 1) {
    cookies.add(String((await call('WhoAmI')).headers['set-cookie']?.[0]))
  }
  assert.equal(cookies.size, 4)
})

test('a batch is one request, or by a switch as many as it holds', async () => {
  const parts = [1, 2, 3].map(() => part('batch_1', 'GET accounts?$top=1'))
  const once = limited({ ...SCALED, requests: 3 })
  assert.deepEqual(await times(4, () => sendBatch(once, parts)), [200, 200, 200, 429])
  const each = limited({ ...SCALED, requests: 3, batchCounts: 'each' })
  assert.deepEqual(await times(2, () => sendBatch(each, parts)), [200, 429])
})

test('the time of a request is that of its kind and of its rows', async () => {
  const time = {
    default: { requestMs: 1 },
    read: { requestMs: 10, rowMs: 2 },
    createMultiple: { requestMs: 100, rowMs: 5 },
    batch: { requestMs: 1_000 },
  }
  const { call, waits } = limited({ time })
  await call('accounts?$top=2')
  await call('accounts', { method: 'POST', body: { name: 'x' } })
  const target = { '@odata.type': 'Microsoft.Dynamics.CRM.account', name: 'x' }
  const createMultiple = (Targets: unknown[]) =>
    call('accounts/Microsoft.Dynamics.CRM.CreateMultiple', { method: 'POST', body: { Targets } })
  await createMultiple([target, target, target])
  // What is refused has taken its time all the same.
  await createMultiple([target, { ...target, name: 'x'.repeat(200) }])
  await sendBatch({ call }, [part('batch_1', 'GET accounts?$top=1'), part('batch_1', 'GET WhoAmI')])
  assert.deepEqual(waits, [14, 1, 115, 110, 1_024])
})

test('every row of a page, and every row that an aggregate reads, takes its time', async () => {
  const { call, waits } = limited({ time: { read: { requestMs: 10, rowMs: 1 } } })
  const all = (await call('accounts?$select=name')).json.value.length
  const fetch = (xml: string) => call(`accounts?fetchXml=${encodeURIComponent(xml)}`)
  await fetch("<fetch count='2'><entity name='account'/></fetch>")
  await fetch(
    "<fetch aggregate='true'><entity name='account'><attribute name='name' alias='n' aggregate='count'/></entity></fetch>",
  )
  await call('accounts?$apply=aggregate($count as n)')
  await call('accounts', { headers: { prefer: 'odata.track-changes,odata.maxpagesize=3' } })
  assert.deepEqual(waits, [10 + all, 12, 10 + all, 10 + all, 13])
})

test('an operation beyond the time limit is taken back', async () => {
  const { call, waits } = limited({ time: { createMultiple: { requestMs: 1_000, rowMs: 60_000 } } })
  const target = { '@odata.type': 'Microsoft.Dynamics.CRM.account', name: 'Planted' }
  const { status, json } = await call('accounts/Microsoft.Dynamics.CRM.CreateMultiple', {
    method: 'POST',
    body: { Targets: [target, target] },
  })
  assert.deepEqual(
    [status, json.error],
    [
      500,
      {
        code: '0x80044151',
        message:
          'Sql error: SQL timeout expired. CRM ErrorCode: -2147204783 Sql ErrorCode: -2146232060 Sql Number: -2',
      },
    ],
  )
  assert.deepEqual(waits, [120_000])
  const made = await call("accounts?$select=name&$filter=name eq 'Planted'")
  assert.deepEqual(made.json.value, [])
})

test('a body beyond its limit is refused, a bulk message may be longer', async () => {
  const { call } = limited({ bodyMegabytes: 0.001 })
  const long = { name: 'x', description: 'y'.repeat(1_100) }
  const refused = await call('accounts', { method: 'POST', body: long })
  assert.deepEqual(
    [refused.status, refused.json.error],
    [413, { code: '0x8004418a', message: 'Request message length is too large.' }],
  )
  const Targets = [{ ...long, '@odata.type': 'Microsoft.Dynamics.CRM.account' }]
  const path = 'accounts/Microsoft.Dynamics.CRM.CreateMultiple'
  assert.equal((await call(path, { method: 'POST', body: { Targets } })).status, 200)
})

test('what was used and refused can be read, by user and by window', async () => {
  const { call, move, organization } = limited({
    ...SCALED,
    requests: 2,
    time: { default: { requestMs: 500 } },
  })
  await times(4, () => call('WhoAmI'))
  move(25_000)
  await call('WhoAmI')
  const { now, users, windows } = organization.control.limitUsage()
  assert.deepEqual(
    windows.map(({ requests, throttled, serverSeconds }) => [
      requests,
      throttled.requests,
      Math.floor(serverSeconds * 2) / 2,
    ]),
    [
      [2, 2, 1],
      [1, 0, 0.5],
    ],
  )
  assert.equal(users.length, 1)
  assert.deepEqual([users[0]?.requests, users[0]?.throttled.requests], [3, 2])
  assert.deepEqual([now[0]?.requests, now[0]?.running], [1, 0])
  organization.control.resetLimitUsage()
  assert.deepEqual(organization.control.limitUsage(), { now: [], users: [], windows: [] })
})

test('limits that are not enforced count and refuse nothing', async () => {
  const { call } = limited({ ...SCALED, requests: 1, enforced: false })
  assert.deepEqual(await times(3, () => call('WhoAmI')), [200, 200, 200])
})

test('a refused sign-in uses nothing', async () => {
  const { call } = limited({ ...SCALED, requests: 1 })
  assert.deepEqual(await times(3, () => call('WhoAmI', { token: 'bad:no' })), [401, 401, 401])
  assert.equal((await call('WhoAmI')).status, 200)
})
