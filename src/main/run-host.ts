import { actions, triggers } from '../connector/index.ts'
import type { MetadataCache } from '../dataverse/index.ts'
import { createClients, RunError, type RunHost } from '../hub/runs/index.ts'
import { type Vault, VaultError } from '../hub/vault/index.ts'
import type { Clock, Logger, Random } from '../kernel/index.ts'
import type { Send } from '../transport/index.ts'

interface RunParts {
  readonly vault: Vault
  readonly send: Send
  readonly metadataCache: MetadataCache
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
}

const limits = {
  maxMessageBytes: 10 * 1024 * 1024,
  maxCursorBytes: 1024 * 1024,
  maxRunMs: 60 * 60_000,
}

/** Gives runs their Credentials and clients. */
export function createRunHost({ vault, ...parts }: RunParts): RunHost {
  return {
    entries: [...triggers, ...actions],
    credentials: {
      find: (workspaceId, id) => find(vault, workspaceId, id),
      tokenSource: (workspaceId, id, environmentUrl) =>
        vault.tokenSource(workspaceId, id, environmentUrl),
    },
    createClient: createClients(parts),
    attachments: {
      put: () => Promise.reject(noAttachments()),
      get: () => Promise.reject(noAttachments()),
    },
    limits,
    clock: parts.clock,
    logger: parts.logger.with({ room: 'runs' }),
  }
}

async function find(vault: Vault, workspaceId: string, id: string) {
  try {
    return await vault.credentials.target(workspaceId, id)
  } catch (error) {
    if (error instanceof VaultError && error.code === 'credential_not_found') return undefined
    throw error
  }
}

function noAttachments(): RunError {
  return new RunError('attachments_unavailable', {
    what: 'This hub keeps no attachments.',
    why: 'The action reads or puts out a document apart from its message.',
    remedy: 'Give the content, or choose the output, in the message itself.',
    who: 'you',
    retry: { when: 'never' },
  })
}
