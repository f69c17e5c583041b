import type { Explanation } from '../../kernel/index.ts'
import {
  type AuthClientRow,
  listExpiringCertificates,
  listExpiringSecrets,
  listSecrets,
  readAuthClient,
} from '../store/index.ts'
import { expirySubject } from './auth-client-problem.ts'
import { proofEndsAt } from './proof-expiry.ts'
import type { VaultParts } from './vault-parts.ts'

const DAY_MS = 86_400_000
const THRESHOLDS = [1, 7, 14, 30, 60] as const
const LARGEST = 60
const BATCH = 1_000

/** How many days before the end is warned: the threshold that was crossed last; 0 when it is over. */
export function thresholdOf(endsAt: number, now: number): number | undefined {
  const left = endsAt - now
  if (left <= 0) return 0
  return THRESHOLDS.find((days) => left <= days * DAY_MS)
}

/** Raises one alert per threshold for every Auth Client whose proof ends soon; answers how many. */
export async function warnOfExpiries(parts: VaultParts): Promise<number> {
  const { store, clock, alerts } = parts
  const before = clock.now() + LARGEST * DAY_MS
  let warned = 0
  for (const client of await findEnding(parts, before)) {
    const secrets = await listSecrets(store.db, client.workspace_id, client.id)
    const endsAt = proofEndsAt(client, secrets)
    const threshold = endsAt === undefined ? undefined : thresholdOf(endsAt, clock.now())
    if (endsAt === undefined || threshold === undefined) continue
    const raised = await alerts.raise(client.workspace_id, {
      subject: expirySubject(client.id),
      kind: 'auth_client_expiry',
      level: threshold <= 7 ? 'error' : 'warning',
      occurrence: `${endsAt}/${threshold}`,
      code: threshold === 0 ? 'secret_expired' : 'secret_expires_soon',
      explanation: explain(client, endsAt, threshold),
      facts: { authClientId: client.id, endsAt, days: threshold },
    })
    if (raised) warned += 1
  }
  return warned
}

async function findEnding({ store }: VaultParts, before: number) {
  const clients = new Map<string, AuthClientRow>()
  for (const row of await listExpiringCertificates(store.db, before, BATCH))
    clients.set(`${row.workspace_id}/${row.id}`, row)
  for (const secret of await listExpiringSecrets(store.db, before, BATCH)) {
    const key = `${secret.workspace_id}/${secret.auth_client_id}`
    if (clients.has(key)) continue
    const row = await readAuthClient(store.db, secret.workspace_id, secret.auth_client_id)
    if (row?.authentication === 'secret') clients.set(key, row)
  }
  return clients.values()
}

function explain(client: AuthClientRow, endsAt: number, threshold: number): Explanation {
  const thing = client.authentication === 'certificate' ? 'certificate' : 'client secret'
  const date = new Date(endsAt).toISOString().slice(0, 10)
  const when = threshold === 0 ? `ended on ${date}` : `ends on ${date}`
  return {
    what: `The ${thing} of Auth Client "${client.name}" ${when}.`,
    why: `From then on, none of its Credentials can get a new token. Entra ID does not tell beforehand.`,
    remedy: `Make a new ${thing} in Entra ID (Certificates & secrets) and add it to the Auth Client as the next one. Nobody has to sign in again.`,
    who: 'entra-administrator',
    retry: { when: 'never' },
  }
}
