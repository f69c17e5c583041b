import type { AuthClientRow, AuthClientSecretRow } from '../store/index.ts'
import { listAuthClients, listSecrets } from '../store/index.ts'
import type { Warning } from './auth-client.ts'
import { doubts, duplicateWarning } from './auth-client-input.ts'
import { endpointsOf, isEntra } from './endpoints.ts'
import { openSecret } from './secrets.ts'
import type { VaultParts } from './vault-parts.ts'

/** Finds what is doubtful about a stored Auth Client: its own values, and others with its client id. */
export async function findWarnings(
  parts: VaultParts,
  row: AuthClientRow,
  secrets: readonly AuthClientSecretRow[],
): Promise<readonly Warning[]> {
  const current = secrets.find(({ slot }) => slot === 'current')
  const secret = current && openSecret(parts, current)
  const endpoints = endpointsOf({
    authorizationEndpoint: row.authorization_endpoint,
    tokenEndpoint: row.token_endpoint,
  })
  const own = doubts({ clientId: row.client_id, secret, isEntra: isEntra(endpoints) })
  const corrected = endpoints.warnings.map(({ code, field, message, fix }) => ({
    code,
    field: `${field}Endpoint`,
    what: message,
    remedy: fix === undefined ? 'Check what was pasted.' : `Write ${fix}`,
  }))
  return [...own, ...corrected, ...(await findDuplicates(parts, row, secret?.reveal()))]
}

async function findDuplicates(
  parts: VaultParts,
  row: AuthClientRow,
  secret: string | undefined,
): Promise<readonly Warning[]> {
  const { db } = parts.store
  const same = await listAuthClients(db, row.workspace_id, { clientId: row.client_id })
  const others = same.filter(({ id }) => id !== row.id)
  if (others.length === 0) return []
  const stored = await listSecrets(db, row.workspace_id)
  const differs = others.some(({ id }) => {
    const theirs = stored.find(
      (candidate) => candidate.auth_client_id === id && candidate.slot === 'current',
    )
    return theirs !== undefined && openSecret(parts, theirs).reveal() !== secret
  })
  return [
    duplicateWarning(
      others.map(({ name }) => name),
      differs,
    ),
  ]
}
