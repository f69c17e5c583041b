import { Secret } from '../../kernel/index.ts'
import type { Actor } from '../audit/index.ts'
import {
  deleteSecret,
  listSecrets,
  promoteSecret,
  type Queryable,
  readAuthClient,
} from '../store/index.ts'
import { clean } from './auth-client-input.ts'
import { expirySubject, recoverAuthClient } from './auth-client-problem.ts'
import { requireAuthClient } from './require-auth-client.ts'
import { storeSecret } from './secrets.ts'
import { fieldError, VaultError } from './vault-error.ts'
import type { VaultParts } from './vault-parts.ts'

/** A secret to use from now on, or as soon as the current one is refused. */
export interface NewSecret {
  readonly secret: Secret
  readonly expiresAt?: number
}

/**
 * Puts a secret into the next slot, or into the current one where there is none.
 *
 * @throws VaultError `auth_client_not_found`, `field_invalid`
 */
export async function addSecret(
  parts: VaultParts,
  by: Actor,
  id: string,
  { secret, expiresAt }: NewSecret,
): Promise<void> {
  const { workspaceId } = by
  const value = new Secret(clean(secret.reveal()))
  if (value.reveal() === '')
    throw fieldError('secret', 'It is empty.', 'Paste the column "Value" of the new secret.')
  await parts.store.transaction(async (db) => {
    const seal = await parts.keyring.sealing(db)
    const row = await requireAuthClient(db, workspaceId, id, { lock: true })
    if (row.authentication !== 'secret')
      throw fieldError(
        'secret',
        'This Auth Client does not use a secret.',
        'Change its authentication to "secret" first.',
      )
    const secrets = await listSecrets(db, workspaceId, id)
    const slot = secrets.some((one) => one.slot === 'current') ? 'next' : 'current'
    await storeSecret(parts, db, seal, { workspaceId, authClientId: id, slot, value, expiresAt })
    await settle(parts, db, by, id, 'auth_client.secret_added')
  })
}

/**
 * Makes the next secret the current one and erases the former.
 *
 * @throws VaultError `auth_client_not_found`, `field_invalid` when there is no next one
 */
export async function promoteNext(parts: VaultParts, by: Actor, id: string): Promise<void> {
  await parts.store.transaction(async (db) => {
    await requireAuthClient(db, by.workspaceId, id, { lock: true })
    const next = await nextSecret(db, by.workspaceId, id)
    await promoteSecret(db, by.workspaceId, id, next)
    await settle(parts, db, by, id, 'auth_client.secret_promoted')
  })
}

/** Notes that the next secret worked where the current one did not; false when it is gone already. */
export async function promoteProven(
  parts: VaultParts,
  by: Actor,
  id: string,
  secretId: string,
): Promise<boolean> {
  return await parts.store.transaction(async (db) => {
    if ((await readAuthClient(db, by.workspaceId, id, { lock: true })) === undefined) return false
    const done = await promoteSecret(db, by.workspaceId, id, secretId)
    if (done) await settle(parts, db, by, id, 'auth_client.secret_promoted')
    return done
  })
}

/** Erases the next secret. @throws VaultError `auth_client_not_found`, `field_invalid` */
export async function removeNext(parts: VaultParts, by: Actor, id: string): Promise<void> {
  await parts.store.transaction(async (db) => {
    await requireAuthClient(db, by.workspaceId, id, { lock: true })
    await nextSecret(db, by.workspaceId, id)
    await deleteSecret(db, by.workspaceId, id, 'next')
    await settle(parts, db, by, id, 'auth_client.secret_removed')
  })
}

async function nextSecret(db: Queryable, workspaceId: string, id: string): Promise<string> {
  const secrets = await listSecrets(db, workspaceId, id)
  const next = secrets.find(({ slot }) => slot === 'next')
  if (next !== undefined) return next.id
  throw new VaultError('field_invalid', {
    what: 'There is no next secret.',
    why: 'Only one secret is stored for this Auth Client.',
    remedy: 'Add the new secret first.',
    facts: { field: 'secret' },
  })
}

async function settle(
  parts: VaultParts,
  db: Queryable,
  by: Actor,
  id: string,
  action: string,
): Promise<void> {
  await recoverAuthClient(parts, db, { workspaceId: by.workspaceId, id })
  await parts.alerts.clear(by.workspaceId, expirySubject(id), db)
  await parts.audit.append(db, by, {
    action,
    subject: { kind: 'auth_client', id },
    result: 'ok',
    fields: ['secret'],
  })
}
