import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { json } from '../answers.ts'
import type { Answer, Exchange } from '../exchange.ts'
import { createServer } from '../node-http.ts'
import type { Deliver, Delivery } from './delivery.ts'

/** One origin that listens; what it serves is given once all addresses are known. */
export interface OriginServer {
  readonly port: number
  /** `http://127.0.0.1:port` */
  readonly origin: string
  serve(deliver: Deliver): void
  close(): Promise<void>
}

export interface OriginServerOptions {
  readonly host: string
  /** The port to begin with; 0 for any free one. */
  readonly port: number
  readonly tls?: { readonly key: string; readonly certificate: string }
  /** Bytes of a request's body; more is refused with 413. */
  readonly maxBody: number
  /** Milliseconds since 1970, for the Date header. */
  readonly now: () => number
}

const TRIES = 50
// Addresses of 32,768 characters are documented, which is twice what Node takes by itself.
const MAX_HEADERS = 131_072

/** Listens on the port, or on the next free one after it. */
export async function openOriginServer(options: OriginServerOptions): Promise<OriginServer> {
  let deliver: Deliver = async () => ({ kind: 'whole', answer: json(503, { error: 'starting' }) })
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    void exchangeOnce(options, (exchange) => deliver(exchange), request, response)
  }
  const limits = { maxHeaderSize: MAX_HEADERS }
  const server = options.tls
    ? createTlsServer({ ...limits, key: options.tls.key, cert: options.tls.certificate }, listener)
    : createServer(limits, listener)
  server.keepAliveTimeout = 30_000
  const port = await listenOnFree(server, options.host, options.port)
  const named = options.host.includes(':') ? `[${options.host}]` : options.host
  return {
    port,
    origin: `${options.tls ? 'https' : 'http'}://${named === '0.0.0.0' ? '127.0.0.1' : named}:${port}`,
    serve(next) {
      deliver = next
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function listenOnFree(server: Server, host: string, first: number): Promise<number> {
  for (let port = first; port <= 65_535 && port <= first + TRIES; port += 1) {
    try {
      return await listenOn(server, host, port)
    } catch (error) {
      const busy = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
      if (!busy) throw error
    }
  }
  throw new Error(`No port is free on ${host} from ${first} on; choose another --port, or 0.`)
}

function listenOn(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : port)
    })
  })
}

async function exchangeOnce(
  options: OriginServerOptions,
  deliver: Deliver,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  response.setHeader('date', new Date(options.now()).toUTCString())
  try {
    const read = await readExchange(options, request, gone.signal)
    write(response, 'status' in read ? { kind: 'whole', answer: read } : await deliver(read))
  } catch (error) {
    if (gone.signal.aborted) return
    const message = error instanceof Error ? error.message : String(error)
    write(response, {
      kind: 'whole',
      answer: json(
        500,
        { error: { code: 'sandbox_failure', message } },
        { 'x-sandbox-failure': '1' },
      ),
    })
  }
}

async function readExchange(
  options: OriginServerOptions,
  request: IncomingMessage,
  signal: AbortSignal,
): Promise<Exchange | Answer> {
  const { host } = request.headers
  const base = `${options.tls ? 'https' : 'http'}://${host ?? ''}`
  const target = request.url ?? '/'
  if (!host || !target.startsWith('/') || !URL.canParse(base + target)) {
    return json(400, { error: { code: 'bad_request', message: 'Host or path cannot be read.' } })
  }
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk)
    size += bytes.length
    if (size > options.maxBody) {
      return json(413, {
        error: { code: '0x8004418a', message: 'Request message length is too large.' },
      })
    }
    chunks.push(bytes)
  }
  return {
    method: request.method ?? 'GET',
    url: new URL(base + target),
    headers: request.headers,
    body: Buffer.concat(chunks),
    signal,
  }
}

function announced(delivery: Delivery, body: Buffer): number {
  return delivery.kind === 'length' ? Math.max(0, body.length + delivery.by) : body.length
}

function write(response: ServerResponse, delivery: Delivery): void {
  if (delivery.kind === 'hang') return
  if (delivery.kind === 'reset') {
    response.socket?.resetAndDestroy()
    return
  }
  const { answer } = delivery
  const body = Buffer.from(answer.body ?? '')
  response.statusCode = answer.status
  for (const [name, value] of Object.entries(answer.headers ?? {})) {
    response.setHeader(name, typeof value === 'string' ? value : [...value])
  }
  const bodiless = answer.status === 204 || answer.status === 304
  if (!bodiless) response.setHeader('content-length', announced(delivery, body))
  switch (delivery.kind) {
    case 'whole':
      response.end(bodiless ? undefined : body)
      break
    case 'length':
      if (bodiless) response.end()
      // Too short a length leaves bytes over that the client has to notice; too long a one ends early.
      else response.write(body, () => response.socket?.end())
      break
    case 'cut':
      response.write(body.subarray(0, delivery.afterBytes), () => response.socket?.destroy())
      break
    case 'stall':
      if (!bodiless) response.write(body.subarray(0, delivery.afterBytes))
  }
}
