import type { Secret } from '../../kernel/index.ts'
import {
  type AuthClientRow,
  type AuthClientSecretRow,
  putSecret,
  type Queryable,
} from '../store/index.ts'
import { secretHint } from './auth-client-input.ts'
import type { Place } from './envelope.ts'
import type { Sealer } from './keyring.ts'
import type { VaultParts } from './vault-parts.ts'

/** Seals a secret into a slot of an Auth Client. */
export async function storeSecret(
  { random, clock }: VaultParts,
  db: Queryable,
  seal: Sealer,
  secret: {
    readonly workspaceId: string
    readonly authClientId: string
    readonly slot: 'current' | 'next'
    readonly value: Secret
    readonly expiresAt?: number | undefined
  },
): Promise<void> {
  const { workspaceId, authClientId, slot, value, expiresAt } = secret
  const id = random.id()
  await putSecret(db, {
    workspace_id: workspaceId,
    id,
    auth_client_id: authClientId,
    slot,
    secret: seal(value, secretPlace(workspaceId, id)),
    hint: secretHint(value),
    expires_at: expiresAt ?? null,
    created_at: clock.now(),
  })
}

/** Opens a stored secret. @throws VaultError `ciphertext_invalid`, `key_missing` */
export function openSecret({ keyring }: Pick<VaultParts, 'keyring'>, row: AuthClientSecretRow) {
  return keyring.open(row.secret, secretPlace(row.workspace_id, row.id))
}

/** Opens the private key of an Auth Client's certificate. */
export function openPrivateKey({ keyring }: Pick<VaultParts, 'keyring'>, row: AuthClientRow) {
  return row.private_key === null
    ? undefined
    : keyring.open(row.private_key, privateKeyPlace(row.workspace_id, row.id))
}

/** Where the private key of an Auth Client is sealed for. */
export function privateKeyPlace(workspaceId: string, id: string): Place {
  return { workspaceId, table: 'auth_clients', row: id, column: 'private_key' }
}

function secretPlace(workspaceId: string, id: string): Place {
  return { workspaceId, table: 'auth_client_secrets', row: id, column: 'secret' }
}
