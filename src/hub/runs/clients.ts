import { createMetadataCache, DataverseClient, type MetadataCache } from '../../dataverse/index.ts'
import type { Clock, Logger, Random } from '../../kernel/index.ts'
import type { Send } from '../../transport/index.ts'
import type { RunHost } from './run-host.ts'

const KEPT_MS = 5 * 60_000
const TABLES_KEPT = 300
const CREDENTIALS_KEPT = 100

/**
 * Makes the clients of runs. Definitions are kept for five minutes, apart for every Credential, since
 * what a user sees of them depends on the user's privileges.
 */
export function createClients(options: {
  readonly send: Send
  readonly clock: Clock
  readonly logger: Logger
  readonly random: Random
}): RunHost['createClient'] {
  const caches = new Map<string, MetadataCache>()
  const cacheOf = (credentialId: string): MetadataCache => {
    const known = caches.get(credentialId)
    const cache =
      known ??
      createMetadataCache({ clock: options.clock, ttlMs: KEPT_MS, maxEntries: TABLES_KEPT })
    caches.delete(credentialId)
    caches.set(credentialId, cache)
    const [oldest] = caches.keys()
    if (caches.size > CREDENTIALS_KEPT && oldest !== undefined) caches.delete(oldest)
    return cache
  }
  return ({ id, environmentUrl, apiVersion }, tokens) =>
    new DataverseClient({
      ...options,
      environmentUrl,
      apiVersion,
      tokens,
      // A Credential that is moved to another environment starts anew: addresses are part of the key.
      metadataCache: cacheOf(id),
    })
}
