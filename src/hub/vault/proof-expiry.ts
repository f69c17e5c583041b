import type { AuthClientRow, AuthClientSecretRow } from '../store/index.ts'

/**
 * When an Auth Client can no longer prove who it is, if that is known: the end of its certificate, or of
 * the secret that lasts longest, since the next one takes over by itself.
 */
export function proofEndsAt(
  client: Pick<AuthClientRow, 'id' | 'authentication' | 'certificate_expires_at'>,
  secrets: readonly AuthClientSecretRow[],
): number | undefined {
  if (client.authentication === 'certificate') return client.certificate_expires_at ?? undefined
  if (client.authentication !== 'secret') return undefined
  const ends = secrets
    .filter(({ auth_client_id }) => auth_client_id === client.id)
    .map(({ expires_at }) => expires_at)
  // One whose end nobody noted may outlast the others.
  if (ends.length === 0 || ends.includes(null)) return undefined
  return Math.max(...ends.map((end) => end ?? 0))
}
