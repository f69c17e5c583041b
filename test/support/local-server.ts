import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { Server, Socket } from 'node:net'

/** A server of a test on a free port of this machine. */
export interface LocalServer {
  readonly port: number
  readonly origin: string
  url(path: string): URL
  /** How many connections are open just now. */
  readonly connections: number
  close(): Promise<void>
}

/** The path of one of the certificates for tests. */
export function certificatePath(name: 'authority' | 'server' | 'client', key = false): string {
  return new URL(`./certificates/${name}${key ? '.key' : ''}.pem`, import.meta.url).pathname
}

type Listener = (request: IncomingMessage, response: ServerResponse) => unknown

/** Starts an HTTP server; with `secure`, over TLS as `localhost` and `login.windows.net`. */
export async function startServer(
  listener: Listener,
  { secure = false } = {},
): Promise<LocalServer> {
  const tls = { cert: '', key: '' }
  if (secure) {
    tls.cert = readFileSync(certificatePath('server'), 'utf8')
    tls.key = readFileSync(certificatePath('server', true), 'utf8')
  }
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    try {
      await listener(request, response)
    } catch (error) {
      // A caller that went away in the middle of its request is no mistake of the test.
      if (request.complete) throw error
    }
  }
  const server = secure ? createSecureServer(tls, serve) : createServer(serve)
  return await listen(server, secure ? 'https://localhost' : 'http://127.0.0.1')
}

async function listen(server: Server, host: string): Promise<LocalServer> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('No port')
  const origin = `${host}:${address.port}`
  return {
    port: address.port,
    origin,
    url: (path) => new URL(path, origin),
    get connections() {
      return sockets.size
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
