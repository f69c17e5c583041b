import assert from 'node:assert/strict'
import { test } from 'node:test'
import { InputError } from '../src/json-input.ts'
import { startSandbox } from '../src/sandbox.ts'
import { Bench } from './bench.ts'

const limits = { windowSeconds: 10, requests: 3, webServers: 2, dopHint: 12 }

async function bearer(bench: Bench): Promise<{ authorization: string }> {
  const wish = { grant_type: 'client_credentials', resource: bench.resource }
  return { authorization: `Bearer ${(await bench.token(wish)).body['access_token']}` }
}

test('limits of the start are those of every organization, and the control API changes them', async (t) => {
  const bench = await Bench.start(t, { limits })
  for (const { uniqueName } of bench.line.organizations) {
    const { settings } = Object(await bench.admin('GET', `/organizations/${uniqueName}/limits`))
    assert.deepEqual([settings.requests, settings.concurrentRequests], [3, 52])
  }
  const headers = await bearer(bench)
  const get = () => fetch(`${bench.line.apiUrl}/WhoAmI`, { headers })
  const statuses: number[] = []
  for (let index = 0; index < 7; index += 1) statuses.push((await get()).status)
  assert.deepEqual(statuses, [200, 200, 200, 200, 200, 200, 429])
  const path = '/organizations/orgfb974624/limits'
  assert.equal(Object(await bench.admin('GET', path)).users[0].throttled.requests, 1)
  await bench.admin('PATCH', path, { requests: 100 })
  await bench.admin('DELETE', path)
  const reply = await get()
  assert.deepEqual([reply.status, reply.headers.get('x-ms-dop-hint')], [200, '12'])
  bench.advance(11_000)
  assert.equal((await get()).headers.get('x-ms-ratelimit-burst-remaining-xrm-requests'), '99')
})

test('server time really passes, and for requests at once at the same time', async (t) => {
  const bench = await Bench.start(t, { limits: { time: { read: { requestMs: 120 } } } })
  const headers = await bearer(bench)
  const get = () => fetch(`${bench.line.apiUrl}/accounts?$top=1`, { headers })
  await get()
  const began = performance.now()
  await Promise.all(Array.from({ length: 20 }, get))
  const took = performance.now() - began
  assert.ok(took >= 115 && took < 1_200, `${took} ms`)
})

test('limits that nobody knows, or that are none, are refused by name', async () => {
  const refused = (wish: unknown, message: RegExp) =>
    assert.rejects(startSandbox({ limits: wish }), (error) => {
      assert.ok(error instanceof InputError)
      assert.match(error.message, message)
      return true
    })
  await refused({ request: 5 }, /no property 'request'/)
  await refused({ requests: 0 }, /'requests' must be a whole number from 1/)
  await refused({ routing: 'sticky' }, /'routing' must be one of roundRobin, random/)
  await refused({ time: { reads: {} } }, /no property 'reads'/)
  await refused({ time: { read: { requestMs: -1 } } }, /'requestMs' must be a number from 0/)
})
