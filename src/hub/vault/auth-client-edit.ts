import { cloudOfLoginHost } from '../../transport/index.ts'
import type { Actor } from '../audit/index.ts'
import {
  type AuthClientRow,
  listSecrets,
  type Queryable,
  setSecretExpiry,
  updateAuthClient,
} from '../store/index.ts'
import type { AuthClientChanges } from './auth-client.ts'
import { toChangedColumns } from './auth-client-columns.ts'
import { checkProof, cleanInput } from './auth-client-input.ts'
import { expirySubject, recoverAuthClient } from './auth-client-problem.ts'
import { endpointsOf } from './endpoints.ts'
import type { Sealer } from './keyring.ts'
import { requireAuthClient } from './require-auth-client.ts'
import { openPrivateKey, openSecret, storeSecret } from './secrets.ts'
import { fieldError, VaultError } from './vault-error.ts'
import type { VaultParts } from './vault-parts.ts'

/**
 * Changes an Auth Client. Whatever had failed with it may be tried again at once.
 *
 * @throws VaultError `auth_client_not_found`, `changed_meanwhile`, `field_invalid`
 */
export async function editAuthClient(
  parts: VaultParts,
  by: Actor,
  id: string,
  given: AuthClientChanges,
): Promise<void> {
  const { version, ...changes } = cleanInput(given)
  const key = { workspaceId: by.workspaceId, id }
  await parts.store.transaction(async (db) => {
    const seal = await parts.keyring.sealing(db)
    const row = await requireAuthClient(db, by.workspaceId, id, { lock: true })
    if (row.version !== version) throw changedMeanwhile(row.version, version)
    await checkWhole(parts, db, row, changes)
    await updateAuthClient(
      db,
      { ...key, at: parts.clock.now() },
      toChangedColumns(changes, seal, key),
    )
    await changeSecret(parts, db, seal, key, changes)
    await recoverAuthClient(parts, db, key)
    await parts.audit.append(db, by, {
      action: 'auth_client.edited',
      subject: { kind: 'auth_client', id },
      result: 'ok',
      fields: Object.keys(changes),
    })
  })
}

/** Makes the error for an edit of something that somebody else edited first. */
export function changedMeanwhile(now: number, given: number): VaultError {
  return new VaultError('changed_meanwhile', {
    what: 'It was changed meanwhile by somebody else.',
    why: `The change was made on version ${given}, but version ${now} is stored.`,
    remedy: 'Load it again, look at what changed, and make the change once more.',
    facts: { version: now },
  })
}

// A change must leave the whole usable: what it does not name stays as it is stored.
async function checkWhole(
  parts: VaultParts,
  db: Queryable,
  row: AuthClientRow,
  changes: Omit<AuthClientChanges, 'version'>,
): Promise<void> {
  endpointsOf({
    authorizationEndpoint: changes.authorizationEndpoint ?? row.authorization_endpoint,
    tokenEndpoint: changes.tokenEndpoint ?? row.token_endpoint,
    ...(changes.deviceEndpoint ? { deviceEndpoint: changes.deviceEndpoint } : {}),
  })
  checkSecretStays(row, changes)
  const current = (await listSecrets(db, row.workspace_id, row.id)).find(
    ({ slot }) => slot === 'current',
  )
  const secret = changes.secret ?? (current && openSecret(parts, current))
  const certificatePem = changes.certificatePem ?? row.certificate_pem ?? undefined
  const privateKeyPem = changes.privateKeyPem ?? openPrivateKey(parts, row)
  const assertionFile = changes.assertionFile ?? row.assertion_file ?? undefined
  const whole = {
    authentication: changes.authentication ?? row.authentication,
    ...(secret !== undefined && { secret }),
    ...(certificatePem !== undefined && { certificatePem }),
    ...(privateKeyPem !== undefined && { privateKeyPem }),
    ...(assertionFile !== undefined && { assertionFile }),
  }
  checkProof(whole, parts.assertionFolder)
}

// Whoever may edit but not read a secret must not learn it by having it sent to a server of their own.
function checkSecretStays(
  { token_endpoint: stored, authentication }: AuthClientRow,
  { tokenEndpoint, secret }: Omit<AuthClientChanges, 'version'>,
): void {
  const moved = tokenEndpoint !== undefined && serverOf(tokenEndpoint) !== serverOf(stored)
  if (!moved || authentication !== 'secret' || secret !== undefined) return
  throw fieldError(
    'clientSecret',
    'The token endpoint now belongs to another server, and the stored secret is not sent to a server that it was not entered for.',
    'Enter the client secret again together with the new token endpoint.',
  )
}

// All login hosts of one cloud are one server.
function serverOf(endpoint: string): string {
  const url = new URL(endpoint)
  return cloudOfLoginHost(url.hostname)?.id ?? url.origin
}

async function changeSecret(
  parts: VaultParts,
  db: Queryable,
  seal: Sealer,
  { workspaceId, id }: { readonly workspaceId: string; readonly id: string },
  { secret, secretExpiresAt }: Omit<AuthClientChanges, 'version'>,
): Promise<void> {
  if (secret !== undefined && secret.reveal() !== '')
    await storeSecret(parts, db, seal, {
      ...{ workspaceId, authClientId: id, slot: 'current', value: secret },
      expiresAt: secretExpiresAt,
    })
  else if (secretExpiresAt !== undefined)
    await setSecretExpiry(db, workspaceId, id, secretExpiresAt)
  else return
  await parts.alerts.clear(workspaceId, expirySubject(id), db)
}
