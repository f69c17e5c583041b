import { createServer, type Server } from 'node:http'
import { createAdaptorServer } from '@hono/node-server'
import { httpError } from './http-error.ts'

export interface ListenOptions {
  readonly host: string
  readonly port: number
  /** How many further ports to try when the port is taken; default none. */
  readonly orNext?: number
}

/** A server that listens. */
export interface Listening {
  readonly port: number
  /** Stops taking calls, lets running ones end for up to `graceMs`, then cuts them off. */
  close(options?: { readonly graceMs?: number }): Promise<void>
}

const GRACE_MS = 5_000

/** Listens on a port, or on one of the next ones when asked so. @throws HttpError `port_in_use` */
export async function listen(
  fetch: (request: Request, env: object) => Response | Promise<Response>,
  { host, port, orNext = 0 }: ListenOptions,
): Promise<Listening> {
  for (let tried = 0; ; tried += 1) {
    const server = build(fetch)
    try {
      return listening(server, await open(server, host, port === 0 ? 0 : port + tried))
    } catch (error) {
      const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
      if (!taken) throw error
      if (tried >= orNext || port + tried >= 65_535) throw portInUse(host, port, error)
    }
  }
}

function build(fetch: Parameters<typeof listen>[0]): Server {
  const server = createServerOf(fetch)
  // Slow senders are cut off; slow answers are the business of each route.
  server.headersTimeout = 20_000
  server.requestTimeout = 60_000
  server.keepAliveTimeout = 10_000
  server.maxRequestsPerSocket = 10_000
  return server
}

function createServerOf(fetch: Parameters<typeof listen>[0]): Server {
  const server = createAdaptorServer({
    fetch,
    createServer,
    serverOptions: { maxHeaderSize: 32 * 1024 },
    overrideGlobalObjects: false,
  })
  if ('headersTimeout' in server) return server
  throw new Error('The HTTP server is of an unknown kind')
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

function listening(server: Server, port: number): Listening {
  return {
    port,
    close: async ({ graceMs = GRACE_MS } = {}) => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeIdleConnections()
      const cut = setTimeout(() => server.closeAllConnections(), graceMs)
      await closed
      clearTimeout(cut)
    },
  }
}

function portInUse(host: string, port: number, cause: unknown) {
  return httpError('port_in_use', {
    what: `The port ${port} of ${host} is taken.`,
    why: 'Another program listens on it, perhaps another hub.',
    remedy: 'Stop that program, or choose another port with FAIRLEAD_PORT.',
    who: 'operator',
    facts: { host, port },
    cause,
  })
}
