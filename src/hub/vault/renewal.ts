import type { Secret } from '../../kernel/index.ts'
import { OAuthError, refreshTokens, requestAppTokens } from '../../oauth/index.ts'
import { markOvertaken, markRefreshStarted } from '../store/index.ts'
import { isGrantRefused, needsReconnect } from './refresh-failure.ts'
import { readProofs, settleProof, toRegistration, withProof } from './registration.ts'
import { type Renewal, type Renewed, saveRenewal, settleFailure } from './renewal-outcome.ts'
import { openRefreshToken, type StoredToken } from './token-state.ts'
import type { VaultParts } from './vault-parts.ts'

/** How long things may take, in ms. A request must end before its lease does. */
export interface LeaseTimes {
  readonly leaseMs: number
  readonly requestMs: number
}

/** The lease went to another before the request was sent. */
class Overtaken extends Error {}

/**
 * Obtains new tokens and stores them. Answers nothing when another process took over meanwhile: whatever
 * this one obtained is not stored then.
 *
 * @throws OAuthError for a passing failure; VaultError `needs_reconnect`, `auth_client_failing`
 */
export async function renew(
  parts: VaultParts,
  times: LeaseTimes,
  renewal: Renewal,
): Promise<StoredToken | undefined> {
  const { lease, client, row } = renewal
  let renewed: Renewed
  try {
    renewed = await obtain(parts, times, renewal)
  } catch (error) {
    if (error instanceof Overtaken) return undefined
    if (!(error instanceof OAuthError)) throw error
    const settled = await settleFailure(parts, renewal, error)
    if (settled !== undefined) throw settled
    await markOvertaken(parts.store.db, lease)
    return undefined
  }
  const stored = await saveRenewal(parts, renewal, renewed)
  if (stored === undefined) {
    parts.logger.warn('late refresh refused', { credentialId: lease.id })
    await markOvertaken(parts.store.db, lease)
    return undefined
  }
  await settleProof(parts, client, renewed.proof)
  parts.logger.info('token refreshed', {
    credentialId: lease.id,
    workspaceId: lease.workspaceId,
    attempt: row.failures + 1,
  })
  return stored
}

async function obtain(parts: VaultParts, times: LeaseTimes, renewal: Renewal): Promise<Renewed> {
  const newest = openRefreshToken(parts, renewal.row, 'refresh_token')
  if (renewal.credential.grant_kind === 'delegated' && newest === undefined)
    throw needsReconnect(null, renewal.lease.id)
  try {
    return await request(parts, times, renewal, newest)
  } catch (error) {
    const former = openRefreshToken(parts, renewal.row, 'former_refresh_token')
    // After an interrupted refresh the newest one is known to be used up, and so is the former.
    const interrupted = renewal.row.refresh_started_at !== null
    if (former === undefined || interrupted || !isGrantRefused(error)) throw error
    return await request(parts, times, renewal, former)
  }
}

async function request(
  parts: VaultParts,
  times: LeaseTimes,
  { lease, client, credential }: Renewal,
  refreshToken: Secret | undefined,
): Promise<Renewed> {
  const { clock, random, send } = parts
  const proofs = await readProofs(parts, parts.store.db, client)
  const io = {
    clock,
    random,
    send: (each: Parameters<typeof send>[0]) => send({ ...each, timeoutMs: times.requestMs }),
  }
  const { value, proof } = await withProof(proofs, async (proof) => {
    const registration = toRegistration(client, credential.environment_url, proof)
    // From here on the server may have used the refresh token up, whatever becomes of this process.
    if (!(await markRefreshStarted(parts.store.db, lease, times.leaseMs))) throw new Overtaken()
    return refreshToken === undefined
      ? await requestAppTokens(registration, io)
      : await refreshTokens({ ...registration, refreshToken }, io)
  })
  return { tokens: value, used: refreshToken, proof }
}
