import type { HubClient } from '../http/client/index.ts'
import type { Configuration } from '../main.ts'
import { UsageError } from './usage-error.ts'

const named = { name: '… --hub', usage: 'https://fairlead.example.com' }

/** A hub to talk to, and how to leave it. */
export interface HubSession extends AsyncDisposable {
  readonly client: HubClient
}

/** Talks to the hub at an address, with an API key. @throws UsageError `usage` */
export async function remoteHub(address: string, key: string | undefined): Promise<HubSession> {
  const url = readAddress(address)
  if (key === undefined || key === '')
    throw new UsageError(
      named,
      'FAIRLEAD_API_KEY is not set: a hub answers only to those it knows.',
      {
        remedy:
          'Make a key on the machine of the hub with "fairlead api-keys add <name>", and set FAIRLEAD_API_KEY to it.',
      },
    )
  const { createClient } = await import('../http/client/index.ts')
  const { Secret } = await import('../kernel/index.ts')
  return {
    client: createClient({ url, key: new Secret(key) }),
    [Symbol.asyncDispose]: async () => undefined,
  }
}

/**
 * Starts the hub in this process, on a free port of loopback: whoever may read the data folder is its
 * operator. A hub that already runs on the same data shares the database.
 */
export async function localHub(
  configuration: Configuration,
  signal: AbortSignal,
): Promise<HubSession> {
  const { startHub } = await import('../main.ts')
  const { createClient } = await import('../http/client/index.ts')
  const hub = await startHub(
    { ...configuration, host: '127.0.0.1', port: 0, publicUrl: new URL('http://localhost') },
    { signal, quiet: true },
  )
  try {
    const key = await hub.issueOperatorKey()
    return {
      client: createClient({ url: hub.url, key }),
      [Symbol.asyncDispose]: () => hub[Symbol.asyncDispose](),
    }
  } catch (error) {
    await hub[Symbol.asyncDispose]()
    throw error
  }
}

function readAddress(address: string): URL {
  const url = URL.parse(address)
  const loopback = url !== null && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname)
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && loopback)) return url
  throw new UsageError(
    named,
    url?.protocol === 'http:'
      ? 'The API key would travel in clear: a hub that is not on this machine is asked by https.'
      : `"${address}" is not the address of a hub.`,
    { remedy: 'Give --hub (or FAIRLEAD_HUB) as https://<host>, or http://localhost:<port>.' },
  )
}
