import { connect as connectPlain, isIP, type Socket } from 'node:net'
import { checkServerIdentity, connect as connectTls } from 'node:tls'
import type { buildConnector } from 'undici'
import type { Egress, Route } from './egress.ts'
import { transportError } from './fault.ts'

const CONNECT_TIMEOUT_MS = 10_000

/** Opens sockets by the egress guard's routes, and knows all that are open. */
export interface Connector {
  readonly connect: buildConnector.connector
  /** Destroys every socket, also those still connecting. */
  destroy(): void
}

/** Makes the function by which undici gets its sockets. The route is asked again for each of them. */
export function createConnector(egress: Egress): Connector {
  const open = new Set<Socket>()
  const connect: buildConnector.connector = ({ protocol, hostname, port }, callback) => {
    try {
      const name = hostname.includes(':') ? `[${hostname.replace(/^\[|\]$/g, '')}]` : hostname
      const url = new URL(`${protocol}//${name}${port === '' ? '' : `:${port}`}`)
      const secure = protocol === 'https:'
      const socket = openSocket(egress, egress.route(url), secure)
      open.add(socket)
      socket.once('close', () => open.delete(socket))
      settle(socket, secure ? 'secureConnect' : 'connect', url.host, callback)
    } catch (error) {
      callback(error instanceof Error ? error : new Error('connect failed'), null)
    }
  }
  const destroy = () => {
    for (const socket of open) socket.destroy()
  }
  return { connect, destroy }
}

function openSocket(egress: Egress, route: Route, secure: boolean): Socket {
  const { host, port, lookup, serverName } = route
  const place = { host, port, lookup, autoSelectFamily: true, noDelay: true, keepAlive: true }
  if (!secure) return connectPlain(place)
  const { secureContext } = egress
  return connectTls({
    ...place,
    // An address is no server name (RFC 6066 §3), but is proven like one, wherever the socket leads.
    servername: isIP(serverName) === 0 ? serverName : '',
    checkServerIdentity: (_host, certificate) => checkServerIdentity(serverName, certificate),
    secureContext,
    ALPNProtocols: ['http/1.1'],
  })
}

function settle(
  socket: Socket,
  ready: 'connect' | 'secureConnect',
  host: string,
  callback: buildConnector.Callback,
): void {
  const timer = setTimeout(() => {
    socket.destroy(transportError('timeout', host, { phase: 'connect' }))
  }, CONNECT_TIMEOUT_MS)
  let settled = false
  const finish = (error: Error | null) => {
    if (settled) return
    settled = true
    clearTimeout(timer)
    if (error) callback(error, null)
    else callback(null, socket)
  }
  socket.once(ready, () => finish(null))
  socket.on('error', finish)
  socket.once('close', () => finish(transportError('connection_lost', host, { phase: 'connect' })))
}
