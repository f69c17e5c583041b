import { type AuthClientRow, type Queryable, readAuthClient } from '../store/index.ts'
import { VaultError } from './vault-error.ts'

/** Reads an Auth Client that has to be there. @throws VaultError `auth_client_not_found` */
export async function requireAuthClient(
  db: Queryable,
  workspaceId: string,
  id: string,
  options: { readonly lock?: boolean } = {},
): Promise<AuthClientRow> {
  const row = await readAuthClient(db, workspaceId, id, options)
  if (row !== undefined) return row
  throw new VaultError('auth_client_not_found', {
    what: 'There is no such Auth Client.',
    why: 'It was deleted, or belongs to another workspace.',
    remedy: 'Choose one from the list of Auth Clients.',
    facts: { authClientId: id },
  })
}
