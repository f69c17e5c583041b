import { createClient, type HubClient } from '../http/client/index.ts'
import { Secret } from '../kernel/index.ts'
import { type Configuration, startHub } from '../main.ts'

/** A hub to talk to, and how to leave it. */
export interface HubSession extends AsyncDisposable {
  readonly client: HubClient
}

/** Talks to the hub at an address, with the API key of the environment. */
export function remoteHub(url: URL, key: string | undefined): HubSession {
  return {
    client: createClient({ url, ...(key !== undefined && { key: new Secret(key) }) }),
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
  const hub = await startHub(
    { ...configuration, host: '127.0.0.1', port: 0, publicUrl: new URL('http://localhost') },
    { signal, quiet: true },
  )
  const key = await hub.issueOperatorKey()
  return {
    client: createClient({ url: hub.url, key }),
    [Symbol.asyncDispose]: () => hub[Symbol.asyncDispose](),
  }
}
