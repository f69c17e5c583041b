import type { Agent, Dispatcher, ProxyAgent } from 'undici'
import { createConnector } from './connector.ts'
import type { Egress, Route } from './egress.ts'

/** The connection pools of one sender. */
export interface Dispatchers {
  for(route: Route): Promise<Dispatcher>
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
  const tls = { secureContext, allowH2: false }
  let direct: Promise<Dispatcher> | undefined
  let proxied: Promise<Dispatcher> | undefined
  const openDirect = async () => new (await loadAgent())({ ...limits, connect: connector.connect })
  const openProxied = async (uri: string) =>
    new (await loadProxyAgent())({ ...limits, uri, requestTls: tls, proxyTls: tls })
  return {
    for: (route) => {
      if (route.proxied && proxyUrl !== undefined) {
        proxied ??= openProxied(proxyUrl)
        return proxied
      }
      direct ??= openDirect()
      return direct
    },
    close: async () => {
      await Promise.all([direct, proxied].map(async (opened) => (await opened)?.destroy()))
      connector.destroy()
    },
  }
}

// Undici's front door loads fetch, web sockets, caches and mocks along, which more than doubles the time
// and memory that importing the library costs. The pool alone is loaded, and with the first request only;
// a proxy needs methods that the front door adds.
const POOL: string = 'undici/lib/dispatcher/agent.js'

async function loadAgent(): Promise<typeof Agent> {
  const { default: Loaded }: { readonly default: typeof Agent } = await import(POOL)
  return Loaded
}

async function loadProxyAgent(): Promise<typeof ProxyAgent> {
  return (await import('undici')).ProxyAgent
}
