import { createMetadataCache, DataverseClient, type MetadataCache } from '../dataverse/index.ts'
import type { RunHost } from '../hub/runs/index.ts'
import { RunError } from '../hub/runs/index.ts'
import type { Vault } from '../hub/vault/index.ts'
import { VaultError } from '../hub/vault/index.ts'
import type { Clock, Logger, Random } from '../kernel/index.ts'
import type { Send } from '../transport/index.ts'

interface RunParts {
  readonly vault: Vault
  readonly send: Send
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
}

const limits = { maxMessageBytes: 10 * 1024 * 1024, maxRunMs: 60 * 60_000 }
const definitions = { ttlMs: 10 * 60_000, maxEntries: 200 }
const mostCaches = 50

/** Gives runs their Credentials and clients; what one Credential may read of the metadata stays with it. */
export function createRunHost({ vault, ...parts }: RunParts): RunHost {
  const caches = new Map<string, MetadataCache>()
  const cacheOf = (credentialId: string): MetadataCache => {
    const cache = caches.get(credentialId) ?? createMetadataCache({ ...definitions, ...parts })
    caches.delete(credentialId)
    caches.set(credentialId, cache)
    const [oldest] = caches.keys()
    if (caches.size > mostCaches && oldest !== undefined) caches.delete(oldest)
    return cache
  }
  return {
    credentials: {
      find: (workspaceId, id) => find(vault, workspaceId, id),
      tokenSource: (workspaceId, id) => vault.tokenSource(workspaceId, id),
    },
    createClient: ({ id, environmentUrl, apiVersion }, tokens) =>
      new DataverseClient({
        ...parts,
        environmentUrl,
        apiVersion,
        tokens,
        metadataCache: cacheOf(id),
      }),
    attachments: { put: () => Promise.reject(noAttachments()) },
    limits,
    clock: parts.clock,
    logger: parts.logger.with({ room: 'runs' }),
  }
}

async function find(vault: Vault, workspaceId: string, id: string) {
  try {
    return await vault.credentials.get(workspaceId, id)
  } catch (error) {
    if (error instanceof VaultError && error.code === 'credential_not_found') return undefined
    throw error
  }
}

function noAttachments(): RunError {
  return new RunError('attachments_unavailable', {
    what: 'This hub keeps no attachments.',
    why: 'The action put out a document that is too large for a message.',
    remedy: 'Choose an output in the message itself.',
    who: 'you',
    retry: { when: 'never' },
  })
}
