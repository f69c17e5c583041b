import type { TokenSource } from '../../dataverse/index.ts'
import type { Actor } from '../audit/index.ts'
import { type AuthClients, createAuthClients } from './auth-clients.ts'
import { type Credentials, createCredentials } from './credentials.ts'
import { type NewGrant, storeGrant } from './grants.ts'
import { createMaintenance, type Maintenance } from './maintenance.ts'
import {
  type Registration,
  readProofs,
  settleProof,
  toRegistration,
  withProof,
} from './registration.ts'
import type { LeaseTimes } from './renewal.ts'
import { requireAuthClient } from './require-auth-client.ts'
import { requireCredential } from './require-credential.ts'
import { type RotationProgress, type RotationResult, rotateKeys } from './rotation.ts'
import { TokenKeeper } from './token-keeper.ts'
import { createTokenSource } from './token-source.ts'
import type { VaultParts } from './vault-parts.ts'

export interface VaultOptions extends VaultParts {
  /** How long leases and token requests last, for tests; a request must end before its lease does. */
  readonly times?: Partial<LeaseTimes>
}

/** Keeps Auth Clients, Credentials and their tokens; nothing secret ever leaves it but to be used. */
export interface Vault extends Maintenance {
  readonly authClients: AuthClients
  readonly credentials: Credentials
  /**
   * The source of a Credential's tokens; one renewal at a time over all processes. Name the environment
   * that they will be sent to: should the Credential be moved, no token of another is given then.
   */
  tokenSource(workspaceId: string, credentialId: string, environmentUrl?: string): TokenSource
  /**
   * Does a token request with the Auth Client's proof; with the next secret if the current is refused,
   * which then becomes the current one.
   *
   * @throws VaultError `credential_not_found`, `resource_contradiction`; what the work throws
   */
  withRegistration<T>(
    workspaceId: string,
    credentialId: string,
    work: (registration: Registration) => Promise<T>,
  ): Promise<T>
  /** Stores a new grant. @throws VaultError `credential_not_found`, `identity_changed` */
  storeGrant(by: Actor, credentialId: string, grant: NewGrant): Promise<void>
  /** Seals everything under a new key. @throws VaultError `rotation_refused`, `ciphertext_invalid` */
  rotateKeys(
    by: Actor,
    options?: {
      readonly onProgress?: (progress: RotationProgress) => void
      readonly signal?: AbortSignal
    },
  ): Promise<RotationResult>
}

const LEASE_MS = 45_000
const REQUEST_MS = 25_000

/** Makes the vault over an open store and its keys. */
export function createVault({ times, ...parts }: VaultOptions): Vault {
  const keeper = new TokenKeeper(parts, { leaseMs: LEASE_MS, requestMs: REQUEST_MS, ...times })
  const credentials = createCredentials(parts)
  return {
    authClients: createAuthClients(parts),
    credentials: {
      ...credentials,
      edit: async (by, id, changes) => {
        const answer = await credentials.edit(by, id, changes)
        keeper.forget({ workspaceId: by.workspaceId, id })
        return answer
      },
      remove: async (by, id) => {
        await credentials.remove(by, id)
        keeper.forget({ workspaceId: by.workspaceId, id })
      },
    },
    tokenSource: (workspaceId, id, environmentUrl) =>
      createTokenSource(
        keeper,
        { workspaceId, id },
        { clock: parts.clock, ...(environmentUrl !== undefined && { environmentUrl }) },
      ),
    withRegistration: (workspaceId, id, work) => withRegistration(parts, { workspaceId, id }, work),
    storeGrant: async (by, id, grant) => {
      await storeGrant(parts, by, id, grant)
      keeper.forget({ workspaceId: by.workspaceId, id })
    },
    rotateKeys: (by, options) => rotateKeys(parts, by, options),
    ...createMaintenance(parts, keeper),
  }
}

async function withRegistration<T>(
  parts: VaultParts,
  { workspaceId, id }: { readonly workspaceId: string; readonly id: string },
  work: (registration: Registration) => Promise<T>,
): Promise<T> {
  const { db } = parts.store
  const row = await requireCredential(db, workspaceId, id)
  const client = await requireAuthClient(db, workspaceId, row.auth_client_id)
  const proofs = await readProofs(parts, db, client)
  const { value, proof } = await withProof(proofs, (each) =>
    work(toRegistration(client, row.environment_url, each)),
  )
  await settleProof(parts, client, proof)
  return value
}
