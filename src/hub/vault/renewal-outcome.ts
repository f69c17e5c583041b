import type { Secret } from '../../kernel/index.ts'
import type { OAuthError, TokenSet } from '../../oauth/index.ts'
import { hubActor } from '../audit/index.ts'
import {
  type AuthClientRow,
  type CredentialRow,
  type Lease,
  limitStandstill,
  lockCredential,
  moveCredentials,
  type Queryable,
  readAuthClient,
  saveFailure,
  saveTokens,
  setAuthClientProblem,
  setClaimsDemand,
  setCredentialState,
  type TokenRow,
} from '../store/index.ts'
import type { Problem } from './auth-client.ts'
import { reconnectSubject, recoverAuthClient, refusedSubject } from './auth-client-problem.ts'
import { claimsDemandOf } from './claims-demand.ts'
import {
  authClientFailing,
  coolDownMs,
  effectOf,
  interruptedProblem,
  isGrantRefused,
  needsReconnect,
  outcomeIsKnown,
  toProblem,
} from './refresh-failure.ts'
import type { Proof } from './registration.ts'
import { type StoredToken, tokenPlace } from './token-state.ts'
import type { VaultParts } from './vault-parts.ts'

/** One renewal, under a lease. */
export interface Renewal {
  readonly lease: Lease
  readonly row: TokenRow
  readonly credential: CredentialRow
  readonly client: AuthClientRow
  /** The environment refused the token before. */
  readonly forced: boolean
}

/** What a renewal brought, and the refresh token it was bought with. */
export interface Renewed {
  readonly tokens: TokenSet
  readonly used: Secret | undefined
  readonly proof: Proof
}

const AUTH_CLIENT_WAIT_MS = 300_000
const STANDSTILL_MS = 5_000

// Locks are always taken in this order: key, Auth Client, Credential, tokens, alert, audit log.

/** Stores what a renewal brought; answers nothing, and stores nothing, when it comes too late. */
export async function saveRenewal(
  parts: VaultParts,
  { lease, client, credential, forced }: Renewal,
  { tokens, used }: Renewed,
): Promise<StoredToken | undefined> {
  const { store, keyring, clock, alerts } = parts
  const issuedAt = clock.now()
  const { workspaceId, id } = lease
  const saved = await store.transaction(async (db) => {
    await limitStandstill(db, STANDSTILL_MS)
    const seal = await keyring.sealing(db)
    if (client.problem !== null) await readAuthClient(db, workspaceId, client.id, { lock: true })
    await lockCredential(db, lease)
    // A server that gives no new refresh token lets the old one live on.
    const newest = tokens.refreshToken ?? used
    const former = tokens.refreshToken === undefined ? undefined : used
    const columns = {
      accessToken: seal(tokens.accessToken, tokenPlace(workspaceId, id, 'access_token')),
      refreshToken: newest ? seal(newest, tokenPlace(workspaceId, id, 'refresh_token')) : null,
      formerRefreshToken: former
        ? seal(former, tokenPlace(workspaceId, id, 'former_refresh_token'))
        : null,
      issuedAt,
      expiresAt: tokens.expiresAt,
    }
    if (!(await saveTokens(db, lease, columns, { forced }))) return false
    await setCredentialState(db, lease, 'connected')
    if (client.problem !== null) await recoverAuthClient(parts, db, { workspaceId, id: client.id })
    if (credential.state !== 'connected') await alerts.clear(workspaceId, reconnectSubject(id), db)
    return true
  })
  const { accessToken: value, expiresAt } = tokens
  const environmentUrl = credential.environment_url
  return saved ? { value, environmentUrl, issuedAt, expiresAt } : undefined
}

/**
 * Notes a failed renewal according to what it affects, and answers the error to throw; nothing when
 * another process took over meanwhile.
 */
export async function settleFailure(
  parts: VaultParts,
  renewal: Renewal,
  error: OAuthError,
): Promise<Error | undefined> {
  const { lease, client } = renewal
  const problem = describe(parts, renewal, error)
  const affects = effectOf(error)
  const saved = await parts.store.transaction(async (db) => {
    await limitStandstill(db, STANDSTILL_MS)
    if (affects === 'auth-client')
      await readAuthClient(db, lease.workspaceId, client.id, { lock: true })
    await lockCredential(db, lease)
    if (!(await saveOutcome(parts, db, renewal, error, problem))) return false
    if (affects === 'auth-client') await suspendAuthClient(parts, db, renewal, problem)
    else if (affects === 'credential') await askForReconnect(parts, db, renewal, problem, error)
    return true
  })
  if (!saved) return undefined
  if (affects === 'transient') return error
  return affects === 'auth-client'
    ? authClientFailing(problem, client.id, error)
    : needsReconnect(problem, lease.id, error)
}

function describe({ clock }: VaultParts, { row }: Renewal, error: OAuthError): Problem {
  return row.refresh_started_at !== null && isGrantRefused(error)
    ? interruptedProblem(error, clock.now(), row.refresh_started_at)
    : toProblem(error, clock.now())
}

async function saveOutcome(
  { random }: VaultParts,
  db: Queryable,
  { lease, row }: Renewal,
  error: OAuthError,
  problem: Problem,
): Promise<boolean> {
  const interrupted = row.refresh_started_at !== null
  const effect = effectOf(error)
  return await saveFailure(db, lease, {
    problem,
    retryMs: effect === 'transient' ? coolDownMs(error.explanation, row.failures, random) : 0,
    answered: effect === 'credential' || (!interrupted && outcomeIsKnown(error)),
  })
}

async function suspendAuthClient(
  { alerts, audit, clock, random }: VaultParts,
  db: Queryable,
  { lease: { workspaceId }, client }: Renewal,
  problem: Problem,
): Promise<void> {
  const since = client.problem?.since ?? problem.since
  const retryAt = clock.now() + Math.round(AUTH_CLIENT_WAIT_MS * (1 + random.next() / 2))
  await setAuthClientProblem(db, { workspaceId, id: client.id }, { ...problem, since }, retryAt)
  await moveCredentials(
    db,
    { workspaceId, authClientId: client.id },
    { from: 'connected', to: 'auth_client_failing' },
    problem,
  )
  const { code, facts, what, why, remedy, who, retry } = problem
  const raised = await alerts.raise(
    workspaceId,
    {
      subject: refusedSubject(client.id),
      kind: 'auth_client_failing',
      level: 'error',
      occurrence: code,
      code,
      explanation: { what: `Auth Client "${client.name}": ${what}`, why, remedy, who, retry },
      facts: { ...facts, authClientId: client.id },
    },
    db,
  )
  if (!raised) return
  await audit.append(db, hubActor(workspaceId), {
    action: 'auth_client.refused',
    subject: { kind: 'auth_client', id: client.id },
    result: 'failed',
    facts: { code, numbers: facts['numbers'] ?? [] },
  })
}

async function askForReconnect(
  { alerts, audit }: VaultParts,
  db: Queryable,
  { lease, credential }: Renewal,
  problem: Problem,
  error: OAuthError,
): Promise<void> {
  await setCredentialState(db, lease, 'needs_reconnect', problem)
  await setClaimsDemand(db, lease, claimsDemandOf(error) ?? null)
  const { code, facts, what, why, remedy, who, retry } = problem
  await alerts.raise(
    lease.workspaceId,
    {
      subject: reconnectSubject(lease.id),
      kind: 'needs_reconnect',
      level: 'error',
      occurrence: code,
      code,
      explanation: { what: `Credential "${credential.name}": ${what}`, why, remedy, who, retry },
      facts: { ...facts, credentialId: lease.id },
    },
    db,
  )
  await audit.append(db, hubActor(lease.workspaceId), {
    action: 'credential.refresh_failed',
    subject: { kind: 'credential', id: lease.id },
    result: 'failed',
    facts: { code, numbers: facts['numbers'] ?? [] },
  })
}
