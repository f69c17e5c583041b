import { checkPublicUrl } from '../hub/access/index.ts'
import type { Clock, Logger, Random } from '../kernel/index.ts'
import type { Hub } from './hub.ts'
import { createPages } from './pages/index.ts'
import { operationsOf } from './routes/index.ts'
import { createApp } from './server/app.ts'
import { type ListenOptions, openPort, type Serve } from './server/open-port.ts'

export interface HttpOptions {
  readonly hub: Hub
  /** Where people and Microsoft reach the hub; the only Host that is answered. */
  readonly publicUrl: URL
  readonly platformName: string
  readonly clock: Clock
  readonly logger: Logger
  readonly random: Random
  /** How many proxies in front add to X-Forwarded-For; default 0. */
  readonly trustedProxies?: number
}

/** The hub's API and pages. */
export interface Http {
  /** Answers a request, without a socket too. */
  readonly fetch: Serve
  /** Listens by itself; to know the port before, open it first and let it serve `fetch`. */
  listen(options: ListenOptions): Promise<Listening>
}

/** A server that listens. */
export interface Listening {
  /** Where it listens: for people the public URL counts. */
  readonly url: URL
  close(options?: { readonly graceMs?: number }): Promise<void>
}

/** Makes the API and the pages of a hub. @throws AccessError `public_url_unsuitable` */
export function createHttp(options: HttpOptions): Http {
  const { hub, trustedProxies = 0, platformName, clock, random } = options
  const publicUrl = checkPublicUrl(options.publicUrl).url
  const logger = options.logger.with({ room: 'http' })
  const { access } = hub
  const around = { publicUrl, platformName, clock, random, logger, access, trustedProxies }
  const pages = createPages(around, hub)
  const app = createApp(around, {
    operations: operationsOf(hub),
    triggers: hub.triggers,
    pages: pages.add,
    failurePage: pages.failure,
    ping: () => hub.ping(),
  })
  const serve: Serve = (request, env) => app.fetch(request, env)
  return {
    fetch: serve,
    listen: async (wanted) => {
      const { port, serve: begin, close } = await openPort(wanted)
      begin(serve)
      const host = wanted.host.includes(':') ? `[${wanted.host}]` : wanted.host
      return { url: new URL(`http://${host}:${port}`), close }
    },
  }
}
