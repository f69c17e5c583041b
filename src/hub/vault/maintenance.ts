import { createHash } from 'node:crypto'
import { CodedError } from '../../kernel/index.ts'
import { type IdleRow, listIdle } from '../store/index.ts'
import { warnOfExpiries } from './secret-expiry.ts'
import type { TokenKeeper, Want } from './token-keeper.ts'
import { isAlive } from './token-state.ts'
import type { VaultParts } from './vault-parts.ts'

/** What one round of maintenance did. */
export interface TickReport {
  readonly touched: number
  readonly failed: number
  readonly warned: number
}

/** What has to be done though nobody asks. */
export interface Maintenance {
  /**
   * Does what is due: keeps idle grants alive, warns of secrets that end. Cheap when nothing is; any
   * number of processes may do it at the same time.
   */
  tick(signal?: AbortSignal): Promise<TickReport>
}

const DAY_MS = 86_400_000
// A third of a refresh token's life: a server that is away for weeks costs nothing yet.
const IDLE_MS = 30 * DAY_MS
// Credentials connected on the same day are not all touched on the same day.
const SPREAD_MS = 5 * DAY_MS
const BATCH = 200
// With a server that does not answer, each one waits for its time to be over: the next round goes on.
const MOST_FAILURES = 10

/** Makes the vault's maintenance. */
export function createMaintenance(parts: VaultParts, keeper: TokenKeeper): Maintenance {
  return {
    tick: async (signal) => {
      const touched = await touchIdle(parts, keeper, signal)
      return { ...touched, warned: await warnOfExpiries(parts) }
    },
  }
}

async function touchIdle(parts: VaultParts, keeper: TokenKeeper, signal: AbortSignal | undefined) {
  const { clock, logger } = parts
  let touched = 0
  let failed = 0
  for await (const { workspaceId, id, issuedAt } of idleCredentials(parts)) {
    signal?.throwIfAborted()
    const due = issuedAt + IDLE_MS + spread(id)
    if (due > clock.now()) continue
    const want: Want = {
      enough: (token) => token.issuedAt > issuedAt,
      lastResort: (token) => isAlive(token, clock.now()),
      idle: true,
    }
    try {
      await keeper.get({ workspaceId, id }, want, signal)
      touched += 1
    } catch (error) {
      if (!(error instanceof CodedError)) throw error
      // What it means for the Credential is stored and told already.
      failed += 1
      logger.warn('idle credential not refreshed', { credentialId: id, error })
      if (failed >= MOST_FAILURES) break
    }
  }
  return { touched, failed }
}

// All of them, in batches: those that are not due yet must not hide those that are.
async function* idleCredentials({ store, clock }: VaultParts): AsyncGenerator<IdleRow> {
  const before = clock.now() - IDLE_MS
  let last: IdleRow | undefined
  do {
    const rows: readonly IdleRow[] = await listIdle(store.db, before, BATCH, last)
    yield* rows
    last = rows.length < BATCH ? undefined : rows.at(-1)
  } while (last !== undefined)
}

/** The same for a Credential every time, and different from the others. */
function spread(id: string): number {
  const hash = createHash('sha256').update(id).digest().readUInt32BE(0)
  return Math.floor((hash / 2 ** 32) * SPREAD_MS)
}
