import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request as send } from 'node:http'
import { connect } from 'node:net'
import { Readable } from 'node:stream'
import { after, test } from 'node:test'
import { testHttp } from '../../../test/support/http.ts'
import { CodedError, type Json } from '../../kernel/index.ts'
import { createClient, HubError } from '../client/index.ts'
import type { Actions } from '../hub.ts'
import { openPort } from './open-port.ts'

class TestError extends CodedError<'throttled'> {}

const seen = { made: 0, ended: 0, aborted: false }

/** Stands where the connector's actions do, and makes what a test asks for. */
async function* make({ config, signal }: Parameters<Actions['run']>[0]) {
  const { rows = 0, failAfter = -1 } = config
  const body: Json = 'x'.repeat(10_000)
  signal.addEventListener('abort', () => {
    seen.aborted = true
  })
  try {
    for (let row = 0; row < Number(rows); row += 1) {
      if (row === failAfter) throw new TestError('throttled', FAILURE)
      seen.made += 1
      yield { kind: 'data' as const, body, id: String(row) }
    }
    if (rows === failAfter) throw new TestError('throttled', FAILURE)
    if (rows === 'bug') throw new TypeError('the inner workings')
  } finally {
    seen.ended += 1
  }
}

const FAILURE = {
  what: 'Too many calls.',
  why: 'The environment said so.',
  remedy: 'Wait.',
  who: 'you',
  retry: { when: 'later', afterMs: 5000 },
} as const

const hub = await testHttp({ replace: ({ actions }) => ({ actions: { ...actions, run: make } }) })
const port = await openPort({ host: '127.0.0.1', port: 0 })
port.serve(hub.http.fetch)
after(async () => {
  await port.close({ graceMs: 100 })
  await hub[Symbol.asyncDispose]()
})

const key = await hub.key('run')
const inProcess = await hub.client('run')
const id = crypto.randomUUID()
const run = (config: Record<string, Json>) => ({ params: { id, name: 'x' }, body: { config } })

// The socket is another address than the public URL, which the server insists on.
const overSocket = createClient({
  url: hub.publicUrl,
  key,
  fetch: async (request) => {
    const url = new URL(new URL(request.url).pathname, `http://127.0.0.1:${port.port}`)
    const headers = new Headers(request.headers)
    headers.set('host', hub.publicUrl.host)
    return await viaHttp(url, request, headers)
  },
})

// A Host of one's own choice is what fetch does not allow.
async function viaHttp(url: URL, request: Request, headers: Headers): Promise<Response> {
  const sent = send(url, {
    method: request.method,
    headers: Object.fromEntries(headers),
    signal: request.signal,
  })
  sent.end(await request.text())
  const [message] = await once(sent, 'response')
  return new Response(Readable.toWeb(message), { status: message.statusCode })
}

test('a stream over a socket gives every line and ends', async () => {
  let count = 0
  for await (const line of overSocket.stream('runAction', run({ rows: 500 }))) {
    assert.equal(line.kind, 'data')
    count += 1
  }
  assert.equal(count, 500)
})

test('a caller that reads slowly slows the run down, and one that leaves ends it', async () => {
  Object.assign(seen, { made: 0, ended: 0, aborted: false })
  const socket = connect(port.port, '127.0.0.1')
  const body = JSON.stringify({ config: { rows: 1_000_000 } })
  socket.write(
    [
      `POST /api/v1/credentials/${id}/actions/x HTTP/1.1`,
      `Host: ${hub.publicUrl.host}`,
      `Authorization: Bearer ${key.reveal()}`,
      'Accept: application/x-ndjson',
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
      '',
      body,
    ].join('\r\n'),
  )
  await once(socket, 'readable')
  socket.pause()
  const settled = await untilStill(() => seen.made)
  // Sockets hold a few megabytes; ten gigabytes were asked for.
  assert.ok(settled < 20_000, `${settled} lines made`)
  socket.destroy()
  await until(() => seen.ended === 1)
  assert.ok(seen.aborted)
})

test('leaving the loop ends the run', async () => {
  Object.assign(seen, { made: 0, ended: 0, aborted: false })
  for await (const line of inProcess.stream('runAction', run({ rows: 1_000_000 })))
    if (line.kind === 'data' && line.id === '3') break
  await until(() => seen.ended === 1)
})

test('a failure before the first line has its own status; one after it is the last line', async () => {
  const first = await collect(run({ rows: 5, failAfter: 0 }))
  assert.deepEqual([first.count, first.error?.code, first.error?.status], [0, 'throttled', 503])
  const later = await collect(run({ rows: 5, failAfter: 3 }))
  assert.deepEqual([later.count, later.error?.code], [3, 'throttled'])
  assert.deepEqual(later.error?.explanation.retry, { when: 'later', afterMs: 5000 })
})

test('a fault of the hub in a stream shows nothing of it', async () => {
  const { error } = await collect(run({ rows: 'bug' }))
  assert.equal(error?.code, 'internal')
  assert.doesNotMatch(JSON.stringify(error), /inner workings/)
})

test('a stream that breaks off before its last line is a failure', async () => {
  const line = `${JSON.stringify({ kind: 'data', body: 1 })}\n`
  for (const text of [line, `${line}{"kind":"da`, '']) {
    const broken = createClient({ url: hub.publicUrl, fetch: async () => new Response(text) })
    const iterate = async () => {
      for await (const _ of broken.stream('runAction', run({})));
    }
    await assert.rejects(iterate(), { code: 'stream_incomplete' }, text)
  }
})

test('as one document an answer has its limit', async () => {
  const few = await inProcess.call('runAction', run({ rows: 3 }))
  assert.equal(few.outputs.length, 3)
  await assert.rejects(inProcess.call('runAction', run({ rows: 10_001 })), {
    code: 'result_too_large',
  })
})

async function collect(request: ReturnType<typeof run>) {
  let count = 0
  try {
    for await (const _ of inProcess.stream('runAction', request)) count += 1
    return { count, error: undefined }
  } catch (error) {
    assert.ok(error instanceof HubError)
    return { count, error }
  }
}

async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; !condition(); turn += 1) {
    assert.ok(turn < 20_000, 'it never came')
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** Waits until a number has stopped growing for many turns of the event loop. */
async function untilStill(value: () => number): Promise<number> {
  let last = -1
  for (let still = 0; still < 2_000; still += 1) {
    if (value() !== last) still = 0
    last = value()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return last
}
