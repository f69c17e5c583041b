import { Agent, type Dispatcher, ProxyAgent } from 'undici'
import { createConnector } from './connector.ts'
import type { Egress, Route } from './egress.ts'

/** The connection pools of one sender. */
export interface Dispatchers {
  for(route: Route): Dispatcher
  close(): Promise<void>
}

const LIMITS = {
  connections: 100,
  // The sender's own limit covers the whole exchange.
  headersTimeout: 0,
  bodyTimeout: 0,
}

export function createDispatchers(egress: Egress, maxHeaderBytes: number): Dispatchers {
  const { secureContext, proxyUrl } = egress
  const limits = { ...LIMITS, maxHeaderSize: maxHeaderBytes, allowH2: false }
  const connector = createConnector(egress)
  const direct = new Agent({ ...limits, connect: connector.connect })
  const tls = { secureContext, allowH2: false }
  const proxied =
    proxyUrl === undefined
      ? undefined
      : new ProxyAgent({ ...limits, uri: proxyUrl, requestTls: tls, proxyTls: tls })
  return {
    for: (route) => (route.proxied && proxied ? proxied : direct),
    close: async () => {
      await Promise.all([direct.destroy(), proxied?.destroy()])
      connector.destroy()
    },
  }
}
