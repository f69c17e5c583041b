import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Secret, silentLogger, systemClock } from '../kernel/index.ts'
import type { HttpRequest } from '../transport/index.ts'
import type { CallOptions } from './call-options.ts'
import { DataverseClient } from './client.ts'
import { collect } from './read/collect.ts'
import type { TokenSource } from './token-source.ts'

const ROW = '11111111-aaaa-bbbb-cccc-000000000001'

const calls: Readonly<Record<string, (c: DataverseClient, o: CallOptions) => Promise<unknown>>> = {
  whoAmI: (client, options) => client.whoAmI(options),
  organization: (client, options) => client.organization(options),
  rows: (client, options) => collect(client.rows('accounts', {}, options), 1),
  row: (client, options) => client.row('accounts', ROW, options),
  count: (client, options) => client.count('accounts', undefined, options),
  raw: (client, options) => client.raw({ method: 'POST', path: 'accounts', ...options }),
  tables: (client, options) => client.metadata.tables(options),
  model: (client, options) => client.metadata.model(options),
  table: (client, options) => client.metadata.table('account', options),
}

/** Refuses every token, and notes what it was handed. */
function refusingClient(deaf: Partial<TokenSource> = {}) {
  const signals: (AbortSignal | undefined)[] = []
  const requests: HttpRequest[] = []
  const token = { value: new Secret('token-1'), expiresAt: 0 }
  const hand = async (signal: AbortSignal | undefined) => {
    signals.push(signal)
    return token
  }
  const client = new DataverseClient({
    environmentUrl: 'https://org1.crm4.dynamics.com',
    apiVersion: 'v9.2',
    tokens: { token: hand, replace: (_, signal) => hand(signal), ...deaf },
    send: async (request) => {
      requests.push(request)
      const { url } = request
      const stream = () => ReadableStream.from<Uint8Array>([])
      const discard = async () => undefined
      return { status: 401, headers: new Headers(), url, text: async () => '', stream, discard }
    },
    clock: systemClock,
    logger: silentLogger,
  })
  return { client, signals, requests }
}

for (const [name, call] of Object.entries(calls)) {
  test(`${name} hands its signal and limit to the tokens and to every request`, async () => {
    const { client, signals, requests } = refusingClient()
    const { signal } = new AbortController()
    await assert.rejects(call(client, { signal, timeoutMs: 7, deadlineMs: 60_000 }), {
      code: 'unauthorized',
    })
    assert.deepEqual([signals.length, requests.length], [2, 2])
    assert.ok(requests.every(({ timeoutMs, deadlineAt }) => timeoutMs === 7 && deadlineAt))
  })

  test(`${name} is called off while a token is awaited, however deaf its source is`, async () => {
    const never = () => new Promise<never>(() => undefined)
    for (const deaf of [{ token: never }, { replace: never }]) {
      const stop = new AbortController()
      const { client } = refusingClient(deaf)
      const calling = assert.rejects(call(client, { signal: stop.signal }))
      setImmediate(() => stop.abort())
      await calling
    }
  })
}
