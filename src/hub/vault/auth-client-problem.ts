import type { Queryable } from '../store/index.ts'
import { clearAuthClientProblem, moveCredentials } from '../store/index.ts'
import type { VaultParts } from './vault-parts.ts'

/** The subject of the one alert for an Auth Client that the authorization server refuses. */
export function refusedSubject(authClientId: string): string {
  return `auth-client/${authClientId}/refused`
}

/** The subject of the alert for the end of an Auth Client's secret or certificate. */
export function expirySubject(authClientId: string): string {
  return `auth-client/${authClientId}/expiry`
}

/** The subject of the alert for a Credential that needs its user. */
export function reconnectSubject(credentialId: string): string {
  return `credential/${credentialId}/reconnect`
}

/** Takes back what was noted of a failing Auth Client: its Credentials may be tried again. */
export async function recoverAuthClient(
  { alerts }: Pick<VaultParts, 'alerts'>,
  db: Queryable,
  { workspaceId, id }: { readonly workspaceId: string; readonly id: string },
): Promise<void> {
  await clearAuthClientProblem(db, { workspaceId, id })
  await moveCredentials(
    db,
    { workspaceId, authClientId: id },
    { from: 'auth_client_failing', to: 'connected' },
  )
  await alerts.clear(workspaceId, refusedSubject(id), db)
}
