import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Bench } from './bench.ts'

const TARGET = { target: 'organizations' }

/** A sandbox and a way to ask its first organization. */
async function started(t: Parameters<typeof Bench.start>[0]) {
  const bench = await Bench.start(t)
  const wish = { grant_type: 'client_credentials', resource: bench.resource }
  const headers = { authorization: `Bearer ${(await bench.token(wish)).body['access_token']}` }
  const get = (path: string, init: RequestInit = {}) =>
    fetch(`${bench.line.apiUrl}/${path}`, { headers, ...init })
  const plant = (fault: Record<string, unknown>) =>
    bench.admin('POST', '/faults', { ...TARGET, ...fault })
  return { bench, headers, get, plant }
}

test('presets answer as the service and what stands before it do', async (t) => {
  const { get, plant } = await started(t)
  const cases = [
    ['tooManyRequests', 429, '"0x80072322"', '2'],
    ['tooMuchServerTime', 429, '"0x80072321"', '2'],
    ['tooManyAtOnce', 429, '"0x80072326"', '2'],
    ['unavailable', 503, '<h1>Service Unavailable</h1>', null],
    ['badGateway', 502, '<h1>Bad Gateway</h1>', null],
    ['gatewayTimeout', 504, '<h1>Gateway Timeout</h1>', null],
    ['deadlock', 500, 'Sql Number: 1205', null],
    ['sqlTimeout', 500, '"0x80044151"', null],
  ] as const
  for (const [preset, status, text, retryAfter] of cases) {
    await plant({ preset })
    const reply = await get('WhoAmI')
    assert.deepEqual([reply.status, reply.headers.get('retry-after')], [status, retryAfter])
    assert.ok((await reply.text()).includes(text), preset)
  }
  assert.equal((await get('WhoAmI')).status, 200)
})

test('an answer may be given another wait', async (t) => {
  const { get, plant } = await started(t)
  await plant({ preset: 'unavailable', retryAfter: 7 })
  assert.equal((await get('WhoAmI')).headers.get('retry-after'), '7')
})

test('an expired token is answered with the challenge of the organization', async (t) => {
  const { bench, get, plant } = await started(t)
  await plant({ preset: 'expiredToken', times: 2 })
  const replies = await Promise.all([get('WhoAmI'), get('WhoAmI'), get('WhoAmI')])
  assert.deepEqual(replies.map((reply) => reply.status).toSorted(), [200, 401, 401])
  const challenge = replies.find((one) => one.status === 401)?.headers.get('www-authenticate') ?? ''
  assert.ok(challenge.startsWith(`Bearer authorization_uri=${bench.line.authority}/`), challenge)
  assert.match(challenge, /error=invalid_token/)
})

test('a lost answer has its effect, one that was never served has none', async (t) => {
  const { headers, get, plant } = await started(t)
  const create = (name: string) =>
    get('accounts', {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ name }),
    })
  await plant({ preset: 'lostAnswer' })
  await assert.rejects(create('Lost'))
  await plant({ preset: 'resetBeforeAnswer' })
  await assert.rejects(create('Reset'))
  const found = await get("accounts?$select=name&$filter=name eq 'Lost' or name eq 'Reset'")
  const { value } = Object(await found.json())
  assert.deepEqual(
    value.map((row: { name: string }) => row.name),
    ['Lost'],
  )
})

test('bodies can end early, stand still, or be of another length than they say', async (t) => {
  const { headers, get, plant } = await started(t)
  const read = async (preset: string, signal?: AbortSignal) => {
    await plant({ preset })
    // Uncompressed, so that what is missing is missed.
    const plain = { headers: { ...headers, 'accept-encoding': 'identity' } }
    const reply = await get('accounts?$top=2', { ...plain, ...(signal ? { signal } : {}) })
    assert.equal(reply.status, 200)
    return reply.text()
  }
  await assert.rejects(read('cutBody'))
  await assert.rejects(read('lengthTooLong'))
  await assert.rejects(read('stalledBody', AbortSignal.timeout(300)), { name: 'TimeoutError' })
  await assert.rejects(read('lengthTooShort').then(JSON.parse))
  await assert.rejects(read('halfJson').then(JSON.parse), SyntaxError)
  assert.equal((await get('WhoAmI')).status, 200)
})

test('an answer without a body has nothing that could be spoilt', async (t) => {
  const { headers, get, plant } = await started(t)
  await plant({ preset: 'lengthTooLong' })
  const reply = await get('accounts', {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: '{"name":"x"}',
  })
  assert.equal(reply.status, 204)
})

test('silence ends when the client gives up', async (t) => {
  const { get, plant } = await started(t)
  await plant({ preset: 'silence' })
  await assert.rejects(get('WhoAmI', { signal: AbortSignal.timeout(50) }), { name: 'TimeoutError' })
})

test('the trace tells what faults made of a request', async (t) => {
  const { bench, get, plant } = await started(t)
  await plant({ preset: 'badGateway' })
  await get('WhoAmI')
  await plant({ preset: 'resetBeforeAnswer' })
  await assert.rejects(get('WhoAmI'))
  await get('WhoAmI')
  const trace: unknown = await bench.admin('GET', '/trace')
  assert.ok(Array.isArray(trace))
  const seen = trace
    .filter((entry) => entry.path.endsWith('/WhoAmI'))
    .map((entry) => [entry.status, entry.delivery])
  assert.deepEqual(seen, [
    [502, 'whole'],
    [0, 'reset'],
    [200, 'whole'],
  ])
})

test('presets that nobody knows, and mixed ones, are refused by name', async (t) => {
  const { bench } = await started(t)
  const refused = async (fault: unknown, message: RegExp) => {
    const reply = await fetch(`${bench.line.adminUrl}/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(fault),
    })
    assert.equal(reply.status, 400)
    assert.match(await reply.text(), message)
  }
  await refused({ preset: 'busy' }, /no preset 'busy'. Presets: tooManyRequests, /)
  await refused({ preset: 'silence', kind: 'hang' }, /a 'preset' or a 'kind'/)
  await refused({ preset: 'silence', retryAfter: 5 }, /no answer that 'retryAfter' could stand in/)
  await refused({ preset: 'cutBody', afterByte: 5 }, /no property 'afterByte'/)
})

test('snapshots of an organization are kept and restored over the control API', async (t) => {
  const { bench, headers, get } = await started(t)
  const path = '/organizations/orgfb974624/snapshots'
  await bench.admin('PUT', `${path}/clean`)
  await get('accounts', {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: '{"name":"Planted"}',
  })
  const count = async () =>
    Number((await (await get('accounts/$count')).text()).replace('\uFEFF', ''))
  assert.equal(await count(), 6)
  await bench.admin('POST', `${path}/clean/restore`)
  assert.equal(await count(), 5)
  const listed: unknown = await bench.admin('GET', path)
  assert.ok(Array.isArray(listed) && listed[0].name === 'clean' && listed[0].rows > 5)
  await bench.admin('DELETE', `${path}/clean`)
  assert.deepEqual(await bench.admin('GET', path), [])
})

test('a stand-in for a plug-in is registered and taken away over the control API', async (t) => {
  const { bench, headers, get } = await started(t)
  const path = '/organizations/orgfb974624/plugins'
  const plugin = {
    table: 'account',
    message: 'Create',
    when: { column: 'name', contains: 'bad' },
    error: { message: 'No bad accounts, please.' },
  }
  await bench.admin('POST', path, plugin)
  const create = async (name: string) => {
    const reply = await get('accounts', {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ name }),
    })
    return [reply.status, await reply.text()] as const
  }
  const [status, text] = await create('a bad one')
  assert.equal(status, 400)
  assert.match(text, /"0x80040265".*No bad accounts, please\./)
  assert.equal((await create('a good one'))[0], 204)
  await bench.admin('DELETE', path)
  assert.equal((await create('a bad one'))[0], 204)
})
