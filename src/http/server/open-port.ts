import { createServer, Server } from 'node:http'
import type { Socket } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { isObject } from '../../kernel/index.ts'
import { HttpError } from './http-error.ts'

export interface ListenOptions {
  readonly host: string
  readonly port: number
  /** How many further ports to try when the port is taken; default none. */
  readonly orNext?: number
}

/** Answers a request; `env` holds what Node knows of it. */
export type Serve = (request: Request, env: object) => Response | Promise<Response>

/** A port that is taken: calls are told to wait until there is somebody to serve them. */
export interface OpenPort {
  readonly port: number
  serve(serve: Serve): void
  /** Stops taking calls, lets running ones end for up to `graceMs`, then cuts them off. */
  close(options?: { readonly graceMs?: number }): Promise<void>
}

const GRACE_MS = 5_000

/**
 * Listens on a port, or on one of the next ones when asked so. It can be done before there is a hub to
 * serve, since the hub's public URL may depend on the port.
 *
 * @throws HttpError `port_in_use`, `listen_failed`
 */
export async function openPort({ host, port, orNext = 0 }: ListenOptions): Promise<OpenPort> {
  for (let tried = 0; ; tried += 1) {
    let serve: Serve = starting
    const server = build((request, env) => serve(request, env))
    try {
      const taken = await open(server, host, port === 0 ? 0 : port + tried)
      const begin = (given: Serve) => {
        serve = given
      }
      return { port: taken, serve: begin, close: closer(server) }
    } catch (error) {
      const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
      if (!taken) throw cannotListen(host, port, error)
      if (tried >= orNext || port + tried >= 65_535) throw portInUse(host, port, error)
    }
  }
}

function starting(): Response {
  return new Response('The hub is starting.\n', { status: 503, headers: { 'retry-after': '1' } })
}

function build(serve: Serve): Server {
  const server = createAdaptorServer({
    fetch: serve,
    createServer,
    serverOptions: { maxHeaderSize: 32 * 1024 },
    overrideGlobalObjects: false,
  })
  if (!(server instanceof Server)) throw new Error('The HTTP server is of an unknown kind')
  // Slow senders are cut off; slow answers are the business of each route.
  server.headersTimeout = 20_000
  server.requestTimeout = 60_000
  server.keepAliveTimeout = 10_000
  return server
}

function open(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port, exclusive: true }, () => {
      server.off('error', reject)
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

function closer(server: Server): OpenPort['close'] {
  const silent = silentSockets(server)
  return async ({ graceMs = GRACE_MS } = {}) => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    server.closeIdleConnections()
    for (const socket of silent) socket.destroy()
    const cut = setTimeout(() => server.closeAllConnections(), graceMs)
    await closed
    clearTimeout(cut)
  }
}

// Browsers connect in advance. What has asked nothing yet is busy in the eyes of Node, which would wait for it.
function silentSockets(server: Server): ReadonlySet<Socket> {
  const silent = new Set<Socket>()
  server.on('connection', (socket) => {
    silent.add(socket)
    socket.once('close', () => silent.delete(socket))
  })
  server.on('request', ({ socket }) => silent.delete(socket))
  return silent
}

function cannotListen(host: string, port: number, cause: unknown) {
  const code = isObject(cause) && typeof cause['code'] === 'string' ? cause['code'] : 'no code'
  return new HttpError('listen_failed', {
    what: `The hub cannot listen on ${host}, port ${port} (${code}).`,
    why: 'The address is none of this machine’s, or this user may not use that port.',
    remedy:
      'Set FAIRLEAD_HOST to 127.0.0.1, or to 0.0.0.0 for every network of this machine, and FAIRLEAD_PORT to 1024 or more.',
    who: 'operator',
    facts: { host, port, systemCode: code },
    cause,
  })
}

function portInUse(host: string, port: number, cause: unknown) {
  return new HttpError('port_in_use', {
    what: `The port ${port} of ${host} is taken.`,
    why: 'Another program listens on it, perhaps another hub.',
    remedy: 'Stop that program, or choose another port with FAIRLEAD_PORT.',
    who: 'operator',
    facts: { host, port },
    cause,
  })
}
