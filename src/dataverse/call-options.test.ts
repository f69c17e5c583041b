import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerDefinitions } from '../../test/support/account-definitions.ts'
import { FakeClock } from '../../test/support/fake-clock.ts'
import { Secret, silentLogger } from '../kernel/index.ts'
import type { HttpRequest } from '../transport/index.ts'
import { beginCall, type CallOptions } from './call-options.ts'
import { DataverseClient } from './client.ts'
import { DataverseError } from './errors/dataverse-error.ts'
import { collect } from './read/collect.ts'

test('a call ends at the earlier of its two ends', () => {
  const clock = new FakeClock(1_000)
  assert.deepEqual(beginCall({ deadlineMs: 500 }, clock), { deadlineAt: 1_500 })
  assert.deepEqual(beginCall({ deadlineMs: 500, deadlineAt: 1_200 }, clock), { deadlineAt: 1_200 })
  assert.deepEqual(beginCall({ deadlineMs: 500, deadlineAt: 9_000 }, clock), { deadlineAt: 1_500 })
  assert.deepEqual(beginCall({ timeoutMs: 7 }, clock), { timeoutMs: 7 })
})

test('what is no length of time is refused by its name', () => {
  for (const [field, value] of [
    ['timeoutMs', 0],
    ['timeoutMs', Number.NaN],
    ['deadlineMs', Number.NaN],
    ['deadlineAt', Number.NaN],
  ] as const) {
    assert.throws(
      () => beginCall({ [field]: value }, new FakeClock()),
      (error) => error instanceof DataverseError && error.facts['field'] === field,
    )
  }
})

const ROOT = 'https://org1.crm4.dynamics.com/api/data/v9.2/'
const ID = '11111111-aaaa-bbbb-cccc-000000000001'

/** A client whose every request takes 10 ms, and what it sent. */
function slowClient() {
  const clock = new FakeClock()
  const requests: HttpRequest[] = []
  const token = { value: new Secret('token-1'), expiresAt: Number.MAX_SAFE_INTEGER }
  const client = new DataverseClient({
    environmentUrl: 'https://org1.crm4.dynamics.com',
    tokens: { token: async () => token, replace: async () => token },
    send: async (request) => {
      requests.push(request)
      clock.advance(10)
      const { status = 200, body } = answerTo(request, requests.length)
      const text = typeof body === 'string' ? body : JSON.stringify(body)
      const type = typeof body === 'string' ? 'text/plain' : 'application/json'
      const headers = new Headers({ 'content-type': type, 'odata-entityid': `accounts(${ID})` })
      const stream = () => new Blob([text]).stream()
      const discard = async () => undefined
      return { status, headers, url: request.url, text: async () => text, stream, discard }
    },
    clock,
    logger: silentLogger,
  })
  return { client, clock, requests }
}

function answerTo({ method, url }: HttpRequest, count: number) {
  const path = `${url.pathname}${url.search}`
  const more = count < 4 ? { '@odata.nextLink': `${ROOT}accounts?$skiptoken=${count}` } : {}
  if (method !== 'GET') return { status: 204, body: '' }
  if (url.pathname.endsWith('/$count')) return { body: '5000' }
  const rows = { value: [{ counted: 7000 }], ...more, '@odata.deltaLink': `${ROOT}accounts` }
  const seen = { method, path, query: url.searchParams, headers: {}, body: '' }
  return answerDefinitions(seen) ?? { body: rows }
}

const calls: Readonly<
  Record<string, (client: DataverseClient, options: CallOptions) => Promise<unknown>>
> = {
  rows: (client, options) => collect(client.rows('accounts', {}, options), 10),
  fetch: (client, options) =>
    collect(client.fetch('accounts', '<fetch><entity name="account"/></fetch>', options), 10),
  changes: (client, options) => collect(client.changes('accounts', options), 10),
  count: (client, options) => client.count('accounts', undefined, { ...options, exact: true }),
  create: (client, options) => client.create('account', { name: 'A' }, options),
  update: (client, options) => client.update('account', ID, { name: 'A' }, options),
}

for (const [name, call] of Object.entries(calls)) {
  test(`the deadline of ${name} is one for all its requests`, async () => {
    const { client, clock, requests } = slowClient()
    const end = clock.now() + 60_000
    await call(client, { deadlineMs: 60_000 })
    const own = requests.filter(({ url }) => url.pathname.includes('/accounts'))
    assert.ok(name === 'fetch' || requests.length > 1)
    assert.deepEqual(new Set(own.map(({ deadlineAt }) => deadlineAt)), new Set([end]))
  })
}

test('a write ends by its deadline while the definition of its table does not come', async () => {
  const { client, clock } = slowClient()
  const never = () => new Promise<never>(() => undefined)
  client.metadata.tables = never
  const creating = assert.rejects(client.create('account', {}, { deadlineMs: 50 }), {
    code: 'timeout',
  })
  await new Promise((resolve) => setImmediate(resolve))
  clock.advance(50)
  await creating
})
