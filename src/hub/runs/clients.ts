import {
  createLimitsRegistry,
  createMetadataCache,
  DataverseClient,
  type MetadataCache,
} from '../../dataverse/index.ts'
import type { Clock, Logger, Random } from '../../kernel/index.ts'
import type { Send } from '../../transport/index.ts'
import type { RunHost } from './run-host.ts'

const KEPT_MS = 5 * 60_000
// A table is five answers, of some hundred KB in all.
const ANSWERS_KEPT = 1_000

/**
 * Makes the clients of runs. Definitions are kept for five minutes in one cache, apart for every
 * Credential, since what a user sees of them depends on the user's privileges. So is the limit
 * controller, which all clients of a Credential share: the service counts by user.
 */
export function createClients(options: {
  readonly send: Send
  readonly clock: Clock
  readonly logger: Logger
  readonly random: Random
}): RunHost['createClient'] {
  const { clock } = options
  const cache = createMetadataCache({ clock, ttlMs: KEPT_MS, maxEntries: ANSWERS_KEPT })
  const limits = createLimitsRegistry({ clock })
  return ({ id, environmentUrl, apiVersion }, tokens) =>
    new DataverseClient({
      ...options,
      environmentUrl,
      apiVersion,
      tokens,
      // A Credential that is moved to another environment starts anew: addresses are part of the key.
      metadataCache: partOf(cache, id),
      limits: limits.for(environmentUrl, id),
    })
}

function partOf(cache: MetadataCache, credentialId: string): MetadataCache {
  return {
    read: (address) => cache.read(`${credentialId} ${address}`),
    write: (address, answer) => cache.write(`${credentialId} ${address}`, answer),
  }
}
