import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Secret } from '../../kernel/index.ts'
import { createClient } from './client.ts'
import { readLines } from './lines.ts'

const url = new URL('https://hub.example')
const id = '0f8fad5b-d9cb-469f-a165-70867728950e'
const answering = (response: () => Response) => createClient({ url, fetch: async () => response() })

test('a call goes where the contract says, with the key and the body it was given', async () => {
  let sent: Request | undefined
  const client = createClient({
    url,
    key: new Secret('flk_key'),
    fetch: async (request) => {
      sent = request
      return Response.json({ outputs: [] })
    },
  })
  await client.call('runAction', {
    params: { id, name: 'look/up?' },
    body: { config: { objectType: 'account' } },
  })
  assert.equal(sent?.url, `https://hub.example/api/v1/credentials/${id}/actions/look%2Fup%3F`)
  assert.equal(sent?.headers.get('authorization'), 'Bearer flk_key')
  assert.deepEqual(await sent?.json(), { config: { objectType: 'account' } })
})

test('a query is written, and what is not given is left out', async () => {
  let sent = ''
  const client = createClient({
    url,
    fetch: async (request) => {
      sent = request.url
      return Response.json({ items: [] })
    },
  })
  await client.call('listAudit', { query: { limit: 5 } })
  assert.equal(sent, 'https://hub.example/api/v1/audit?limit=5')
  await client.call('listAudit', {})
  assert.equal(sent, 'https://hub.example/api/v1/audit')
})

test('an answer that no hub gives says so', async () => {
  const answers = [
    () => new Response('<html>Bad gateway</html>', { status: 502 }),
    () => new Response('<html>Welcome</html>'),
    () => Response.json({ something: 'else' }),
    () => new Response(null, { status: 204 }),
  ]
  for (const answer of answers)
    await assert.rejects(answering(answer).call('listCredentials', {}), { code: 'not_a_hub' })
})

test('a hub that cannot be reached says where', async () => {
  const client = createClient({
    url,
    fetch: () => Promise.reject(new TypeError('fetch failed')),
  })
  await assert.rejects(client.call('listAlerts', {}), {
    code: 'hub_unreachable',
    facts: { origin: 'https://hub.example' },
  })
})

test('an abort comes out as it went in', async () => {
  const stop = new AbortController()
  const client = createClient({
    url,
    fetch: (request) =>
      new Promise((_, reject) => {
        request.signal.addEventListener('abort', () => reject(request.signal.reason))
        stop.abort(new Error('enough'))
      }),
  })
  const call = client.call('listAlerts', {}, { signal: stop.signal })
  await assert.rejects(call, { message: 'enough' })
})

test('lines are the same however the bytes are cut', async () => {
  const lines = fc.array(fc.jsonValue(), { maxLength: 8 })
  const cuts = fc.array(fc.nat(200), { maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(lines, cuts, fc.boolean(), async (values, at, closed) => {
      const text = values.map((value) => JSON.stringify(value)).join('\n\n')
      const bytes = new TextEncoder().encode(closed ? `${text}\n` : text)
      const places = [0, ...at.map((place) => Math.min(place, bytes.length)), bytes.length]
      const sorted = places.sort((a, b) => a - b)
      const body = new ReadableStream<Uint8Array>({
        start: (controller) => {
          for (const [index, place] of sorted.slice(1).entries())
            controller.enqueue(bytes.slice(sorted[index], place))
          controller.close()
        },
      })
      const read: unknown[] = []
      for await (const line of readLines(body)) read.push(line)
      assert.deepEqual(read, JSON.parse(JSON.stringify(values)))
    }),
    { numRuns: 100 },
  )
})
