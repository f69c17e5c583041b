import {
  createLimitsRegistry,
  DataverseClient,
  type MetadataCache,
  partOfCache,
} from '../../dataverse/index.ts'
import type { Clock, Logger, Random } from '../../kernel/index.ts'
import type { Send } from '../../transport/index.ts'
import type { RunHost } from './run-host.ts'

/**
 * Makes the clients of runs. Definitions are kept in one cache, apart for every Credential, since what a
 * user sees of them depends on the user's privileges. So is the limit controller, which all clients of a
 * Credential share: the service counts by user.
 */
export function createClients(options: {
  readonly send: Send
  readonly metadataCache: MetadataCache
  readonly clock: Clock
  readonly logger: Logger
  readonly random: Random
}): RunHost['createClient'] {
  const limits = createLimitsRegistry({ clock: options.clock })
  return ({ id, environmentUrl, apiVersion }, tokens) =>
    new DataverseClient({
      ...options,
      environmentUrl,
      apiVersion,
      tokens,
      // A Credential that is moved to another environment starts anew: addresses are part of the key.
      metadataCache: partOfCache(options.metadataCache, id),
      limits: limits.for(environmentUrl, id),
    })
}
