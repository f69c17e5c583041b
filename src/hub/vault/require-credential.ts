import { type CredentialRow, type Queryable, readCredential } from '../store/index.ts'
import { VaultError } from './vault-error.ts'

/** Reads a Credential that has to be there. @throws VaultError `credential_not_found` */
export async function requireCredential(
  db: Queryable,
  workspaceId: string,
  id: string,
): Promise<CredentialRow> {
  const row = await readCredential(db, workspaceId, id)
  if (row !== undefined) return row
  throw credentialNotFound(id)
}

/** Makes the error for a Credential that is not there. */
export function credentialNotFound(id: string): VaultError {
  return new VaultError('credential_not_found', {
    what: 'There is no such Credential.',
    why: 'It was deleted, or belongs to another workspace.',
    remedy: 'Choose one from the list of Credentials.',
    facts: { credentialId: id },
  })
}
