import { actions, triggers } from '../connector/index.ts'
import type { MetadataCache } from '../dataverse/index.ts'
import type { Attachments } from '../hub/attachments/index.ts'
import { createClients, type RunHost } from '../hub/runs/index.ts'
import { type Vault, VaultError } from '../hub/vault/index.ts'
import type { Clock, Logger, Random } from '../kernel/index.ts'
import type { Send } from '../transport/index.ts'

interface RunParts {
  readonly vault: Vault
  readonly attachments: Attachments
  readonly send: Send
  readonly metadataCache: MetadataCache
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
}

const limits = {
  // A page of 5000 rows with all the columns of a wide table.
  maxMessageBytes: 32 * 1024 * 1024,
  maxCursorBytes: 1024 * 1024,
  maxRunMs: 60 * 60_000,
}

/** Gives runs their Credentials and clients. */
export function createRunHost({ vault, attachments, ...parts }: RunParts): RunHost {
  return {
    entries: [...triggers, ...actions],
    credentials: {
      find: (workspaceId, id) => find(vault, workspaceId, id),
      tokenSource: (workspaceId, id, environmentUrl) =>
        vault.tokenSource(workspaceId, id, environmentUrl),
    },
    createClient: createClients(parts),
    attachments: (workspaceId) => attachments.of(workspaceId),
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
