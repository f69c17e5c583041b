import {
  type AuthClientRow,
  type CredentialRow,
  readTokens,
  releaseLease,
  setUsedAt,
  type TokenKey,
  type TokenRow,
  type TokenTimes,
  takeLease,
} from '../store/index.ts'
import {
  authClientFailing,
  coolingDown,
  needsReconnect,
  notConnected,
  tokenBusy,
  tokenRejected,
} from './refresh-failure.ts'
import { type LeaseTimes, renew } from './renewal.ts'
import { requireAuthClient } from './require-auth-client.ts'
import { credentialNotFound, requireCredential } from './require-credential.ts'
import { TokenCache } from './token-cache.ts'
import { isAlive, openAccessToken, type StoredToken } from './token-state.ts'
import type { VaultParts } from './vault-parts.ts'

/** What a caller wants of a token. */
export interface Want {
  /** Whether a token will do without any renewal. */
  enough(token: StoredToken): boolean
  /** Whether a token will do while none better can be had. */
  lastResort(token: StoredToken): boolean
  /** The environment refused the token in use: it is renewed though it has not ended. */
  readonly forced?: boolean
  /** Nobody uses the Credential: it is only kept alive. */
  readonly idle?: boolean
}

interface Seen {
  readonly row: TokenRow & TokenTimes
  readonly credential: CredentialRow
  readonly client: AuthClientRow
}

// For so long a token is used without a look at whether the Credential is still there.
const CHECK_MS = 5_000
const USED_MS = 60_000
const FORCED_AGAIN_MS = 60_000
const FIRST_POLL_MS = 20
const LONGEST_POLL_MS = 250

/**
 * Gives tokens, and has them renewed by one caller of one process at a time, however many ask.
 *
 * Owns what this process remembers of tokens.
 */
export class TokenKeeper {
  readonly #parts: VaultParts
  readonly #times: LeaseTimes
  readonly #owner: string
  readonly #cache = new TokenCache()
  readonly #flights = new Map<string, Promise<StoredToken>>()

  constructor(parts: VaultParts, times: LeaseTimes) {
    this.#parts = parts
    this.#times = times
    this.#owner = parts.random.id()
  }

  /**
   * Gives a token that is wanted, from memory, from the store, or from the authorization server.
   *
   * @throws OAuthError for a passing failure; VaultError `needs_reconnect`, `auth_client_failing`,
   * `token_cooling_down`, `token_busy`, `token_rejected`, `credential_not_found`,
   * `credential_not_connected`
   */
  async get(key: TokenKey, want: Want, signal?: AbortSignal): Promise<StoredToken> {
    signal?.throwIfAborted()
    const id = `${key.workspaceId}/${key.id}`
    const known = this.#cache.get(id)
    const checked = known && this.#parts.clock.now() - known.checkedAt < CHECK_MS
    if (checked && want.enough(known.token)) return known.token
    for (
      let running = this.#flights.get(id);
      running !== undefined;
      running = this.#flights.get(id)
    ) {
      const token = await abortable(running, signal)
      if (want.enough(token) || want.lastResort(token)) return token
    }
    return await abortable(this.#fly(id, key, want), signal)
  }

  /** Forgets what this process remembers of a Credential's tokens. */
  forget(key: TokenKey): void {
    this.#cache.delete(`${key.workspaceId}/${key.id}`)
  }

  // Not bound to any caller's signal: the others go on waiting for it.
  async #fly(id: string, key: TokenKey, want: Want): Promise<StoredToken> {
    const flight = this.#obtain(key, want)
    this.#flights.set(id, flight)
    try {
      const token = await flight
      this.#cache.set(id, token, this.#parts.clock.now())
      return token
    } catch (error) {
      this.#cache.delete(id)
      throw error
    } finally {
      this.#flights.delete(id)
    }
  }

  async #obtain(key: TokenKey, want: Want): Promise<StoredToken> {
    const { clock, random } = this.#parts
    const { leaseMs } = this.#times
    const deadline = clock.now() + 2 * leaseMs
    for (let pollMs = FIRST_POLL_MS; ; pollMs = Math.min(pollMs * 1.5, LONGEST_POLL_MS)) {
      const seen = await this.#look(key)
      if (!want.idle) await this.#noteUse(key, seen.credential.used_at)
      const token = this.#judge(seen, want)
      if (token !== undefined) return token
      const outcome = await this.#lead(key, want)
      if (outcome !== undefined) return outcome
      if (clock.now() > deadline) throw tokenBusy(key.id, 2 * leaseMs)
      await clock.sleep(pollMs * (0.5 + random.next()))
    }
  }

  // Under the lease; nothing is answered when another holds it, or took it over.
  async #lead(key: TokenKey, want: Want): Promise<StoredToken | undefined> {
    const { store, logger } = this.#parts
    const { leaseMs } = this.#times
    const row = await takeLease(store.db, key, { owner: this.#owner, leaseMs })
    if (row === undefined) return undefined
    const lease = { ...key, fence: row.lease_fence }
    try {
      // What was seen before the lease may have been renewed since.
      const seen = await this.#look(key)
      const token = this.#judge(seen, want)
      if (token !== undefined) return token
      const { credential, client } = seen
      const renewal = { lease, row, credential, client, forced: want.forced ?? false }
      return await renew(this.#parts, this.#times, renewal).catch((error) => {
        const alive = openAccessToken(this.#parts, row, credential.environment_url)
        if (alive && isAlive(alive, this.#parts.clock.now()) && want.lastResort(alive)) return alive
        throw error
      })
    } finally {
      // What was obtained counts even if the store is away now: a lease ends by itself.
      await releaseLease(store.db, lease).catch((error: unknown) =>
        logger.warn('lease not released', { credentialId: key.id, error }),
      )
    }
  }

  async #look(key: TokenKey): Promise<Seen> {
    const { db } = this.#parts.store
    const credential = await requireCredential(db, key.workspaceId, key.id)
    const row = await readTokens(db, key)
    if (row === undefined) throw credentialNotFound(key.id)
    const client = await requireAuthClient(db, key.workspaceId, credential.auth_client_id)
    return { credential, row, client }
  }

  // Answers a token that will do, nothing when a renewal is due, or throws why there can be none.
  #judge({ credential, row, client }: Seen, want: Want): StoredToken | undefined {
    const now = this.#parts.clock.now()
    const token = openAccessToken(this.#parts, row, credential.environment_url)
    if (token && want.enough(token)) return token
    const alive = token && isAlive(token, now) && want.lastResort(token) ? token : undefined
    const { id, state } = credential
    if (state === 'new') throw notConnected(id)
    if (state === 'needs_reconnect') return alive ?? raise(needsReconnect(credential.problem, id))
    if (client.problem !== null && (client.retry_at ?? 0) > now)
      return alive ?? raise(authClientFailing(client.problem, client.id))
    if (row.coolingMs > 0) return alive ?? raise(coolingDown(row.failure, id, row.coolingMs))
    if (want.forced && row.forcedAgoMs !== null && row.forcedAgoMs < FORCED_AGAIN_MS)
      throw tokenRejected(id)
    return undefined
  }

  // Once a minute at most: this is read by people.
  async #noteUse(key: TokenKey, lastUsedAt: number | null): Promise<void> {
    const at = this.#parts.clock.now()
    if (at - (lastUsedAt ?? 0) > USED_MS) await setUsedAt(this.#parts.store.db, { ...key, at })
  }
}

function raise(error: Error): never {
  throw error
}

function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
