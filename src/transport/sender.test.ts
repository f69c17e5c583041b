import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import type { RequestListener } from 'node:http'
import { after, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { type LocalServer, startServer } from '../../test/support/local-server.ts'
import { silentLogger, systemClock } from '../kernel/index.ts'
import { createEgress } from './egress.ts'
import type { HttpRequest, HttpResponse } from './exchange.ts'
import { readJson } from './read-json.ts'
import { createSender } from './sender.ts'

const LIMIT_MS = 250

const routes: Readonly<Record<string, RequestListener>> = {
  '/echo': (request, response) => {
    const parts: Uint8Array[] = []
    request.on('data', (part: Uint8Array) => parts.push(part))
    request.on('end', () => {
      const body = Buffer.concat(parts).toString()
      response.end(JSON.stringify({ method: request.method, headers: request.headers, body }))
    })
  },
  '/hang': () => undefined,
  '/reset': (request) => request.socket.resetAndDestroy(),
  '/cut': (_request, response) => {
    response.writeHead(200, { 'content-length': '100' })
    response.write('{"rows":[', () => response.socket?.end())
  },
  '/cut-chunked': (_request, response) => {
    response.write('{"rows":[', () => response.socket?.end())
  },
  '/too-long': (_request, response) => {
    response.socket?.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}{}{}{}')
  },
  '/stall': (_request, response) => {
    response.write('{"rows":[')
  },
  '/slow-headers': (_request, response) => {
    response.socket?.write('HTTP/1.1 200 OK\r\nx-slow: ')
  },
  '/redirect': (_request, response) => {
    response.writeHead(307, { location: 'http://169.254.169.254/latest?key=1' }).end()
  },
  '/html': (_request, response) => response.end('<!DOCTYPE html><p>Sign in</p>'),
  '/half': (_request, response) => response.end('{"access_token":"abc'),
  '/empty': (_request, response) => response.end(),
  '/huge': (_request, response) => response.end('x'.repeat(200_000)),
  '/bomb': (_request, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('0'.repeat(5_000_000)))
  },
  '/gzip': (_request, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{"zipped":true}'))
  },
  '/empty-gzip': (_request, response) => {
    response.writeHead(401, { 'content-encoding': 'gzip' }).flushHeaders()
    response.end()
  },
  '/304': (_request, response) => response.writeHead(304, { 'content-encoding': 'gzip' }).end(),
  '/cut-gzip': (_request, response) => {
    const whole = gzipSync(randomBytes(5_000))
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(whole.subarray(0, 900))
  },
  '/headers': (_request, response) => {
    response.writeHead(200, { 'x-big': 'h'.repeat(20_000) }).end()
  },
  '/not-http': (_request, response) => response.socket?.end('SSH-2.0-OpenSSH\r\n'),
}

const server = await startServer((request, response) => {
  routes[request.url ?? '']?.(request, response)
})
const sender = senderFor(server)
after(async () => {
  await sender.close()
  await server.close()
})

function senderFor({ origin }: LocalServer) {
  const egress = createEgress({ allow: [origin] })
  const limits = { timeoutMs: LIMIT_MS, maxHeaderBytes: 16_384 }
  return createSender({ egress, clock: systemClock, logger: silentLogger, ...limits })
}

const get = (path: string, request: Partial<HttpRequest> = {}) =>
  sender.send({ method: 'GET', url: server.url(path), headers: {}, ...request })

const failures: readonly (readonly [
  path: string,
  code: string,
  read?: (response: HttpResponse) => Promise<unknown>,
])[] = [
  ['/hang', 'timeout'],
  ['/stall', 'timeout'],
  ['/slow-headers', 'timeout'],
  ['/reset', 'connection_lost'],
  ['/cut', 'body_incomplete'],
  ['/cut-chunked', 'body_incomplete'],
  ['/cut-gzip', 'body_incomplete'],
  ['/redirect', 'redirect_refused'],
  ['/html', 'invalid_json'],
  ['/half', 'invalid_json'],
  ['/empty', 'invalid_json'],
  ['/huge', 'body_too_large', (response) => response.text({ maxBytes: 100_000 })],
  ['/bomb', 'body_too_large', (response) => response.text({ maxBytes: 100_000 })],
  ['/headers', 'response_malformed'],
  ['/not-http', 'response_malformed'],
]

for (const [path, code, read = readJson] of failures) {
  test(`${path.slice(1)} ends as ${code} within the limit`, async () => {
    const started = performance.now()
    await assert.rejects(get(path).then(read), { code })
    assert.ok(performance.now() - started < LIMIT_MS + 2_000)
  })
}

test('HTML, half a JSON and nothing at all are told apart', async () => {
  const kinds = await Promise.all(
    ['/html', '/half', '/empty'].map((path) =>
      get(path)
        .then(readJson)
        .catch((error) => error.facts.kind),
    ),
  )
  assert.deepEqual(kinds, ['html', 'cut_short', 'empty'])
})

test('a body longer than announced is read as far as announced', async () => {
  assert.deepEqual(await readJson(await get('/too-long')), {})
})

test('a redirect names the origin it points to, and nothing more of it', async () => {
  await assert.rejects(get('/redirect'), (error: { facts: { target: string } }) => {
    assert.equal(error.facts.target, 'http://169.254.169.254')
    return !JSON.stringify(error).includes('latest')
  })
})

test('method, headers and body arrive as they were given', async () => {
  const headers = { 'content-type': 'text/plain', 'x-own': 'a' }
  const response = await get('/echo', { method: 'PATCH', headers, body: 'grüße' })
  const seen = JSON.parse(await response.text())
  assert.equal(seen.method, 'PATCH')
  assert.equal(seen.body, 'grüße')
  assert.equal(seen.headers['x-own'], 'a')
  assert.equal(seen.headers['accept-encoding'], 'gzip, br')
})

test('compressed answers are read as what they hold', async () => {
  assert.deepEqual(await readJson(await get('/gzip')), { zipped: true })
  assert.equal((await get('/gzip', { method: 'HEAD' })).status, 200)
})

test('an answer without a body is empty, whatever encoding it names', async () => {
  for (const [path, status] of [
    ['/empty-gzip', 401],
    ['/304', 304],
  ] as const) {
    const response = await get(path)
    assert.deepEqual([response.status, await response.text()], [status, ''])
  }
})

test('a stream that is called off frees its connection, begun, waited for or not', async () => {
  const other = await startServer((_request, response) => {
    response.write('first')
  })
  const { send, close } = senderFor(other)
  const open = async () =>
    (await send({ method: 'GET', url: other.url('/'), headers: {}, timeoutMs: 60_000 })).stream()
  const begun = (await open()).getReader()
  await begun.read()
  const waiting = (await open()).getReader()
  await waiting.read()
  const next = waiting.read()
  await Promise.all([(await open()).cancel(), begun.cancel(), waiting.cancel()])
  assert.equal((await next).done, true)
  while (other.connections > 0) await new Promise((resolve) => setImmediate(resolve))
  await close()
  await other.close()
})

test('the stream gives the same bytes, and breaks by name', async () => {
  let bytes = 0
  for await (const chunk of (await get('/bomb')).stream()) bytes += chunk.byteLength
  assert.equal(bytes, 5_000_000)
  await assert.rejects(
    async () => {
      for await (const chunk of (await get('/cut')).stream()) assert.ok(chunk)
    },
    { code: 'body_incomplete' },
  )
})

test('an answer can be read only once', async () => {
  const response = await get('/gzip')
  await response.text()
  await assert.rejects(response.text())
})

test('what the caller stops ends as aborted, before and during the exchange', async () => {
  await assert.rejects(get('/hang', { signal: AbortSignal.abort() }), { code: 'aborted' })
  const stop = new AbortController()
  const hanging = get('/hang', { signal: stop.signal })
  const stalling = get('/stall', { signal: stop.signal }).then((response) => {
    stop.abort()
    return response.text()
  })
  const isAborted = { code: 'aborted' }
  await Promise.all([assert.rejects(stalling, isAborted), assert.rejects(hanging, isAborted)])
})

test('nothing listens: the connection is refused by name', async () => {
  const gone = await startServer(() => undefined)
  await gone.close()
  const other = senderFor(gone)
  const request = { method: 'GET', url: gone.url('/'), headers: {} }
  await assert.rejects(other.send(request), { code: 'connection_refused' })
  await other.close()
})
