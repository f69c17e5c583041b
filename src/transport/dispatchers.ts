import { createRequire } from 'node:module'
import type { Agent, Dispatcher, ProxyAgent } from 'undici'
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
  const direct = new (loadAgent())({ ...limits, connect: connector.connect })
  const tls = { secureContext, allowH2: false }
  const proxied =
    proxyUrl === undefined
      ? undefined
      : new (loadProxyAgent())({ ...limits, uri: proxyUrl, requestTls: tls, proxyTls: tls })
  return {
    for: (route) => (route.proxied && proxied ? proxied : direct),
    close: async () => {
      await Promise.all([direct.destroy(), proxied?.destroy()])
      connector.destroy()
    },
  }
}

// Undici's front door loads fetch, web sockets, caches and mocks along, which more than doubles the time
// and memory that importing the library costs. The pool alone is loaded, and with the first sender only;
// a proxy needs methods that the front door adds.
const load = createRequire(import.meta.url)

function loadAgent(): typeof Agent {
  return load('undici/lib/dispatcher/agent.js')
}

function loadProxyAgent(): typeof ProxyAgent {
  const { ProxyAgent: Loaded }: { readonly ProxyAgent: typeof ProxyAgent } = load('undici')
  return Loaded
}
