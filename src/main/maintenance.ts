import type { Vault } from '../hub/vault/index.ts'
import type { Clock, Logger, Random } from '../kernel/index.ts'

const everyMs = 60 * 60_000
const firstMs = 30_000

interface Parts {
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
}

/**
 * Keeps idle grants alive and warns of secrets that end, once an hour; answers with what stops it.
 */
export function beginMaintenance(vault: Vault, parts: Parts): () => Promise<void> {
  const stopping = new AbortController()
  const done = maintain(vault, parts, stopping.signal)
  return () => {
    stopping.abort()
    return done
  }
}

async function maintain(vault: Vault, parts: Parts, signal: AbortSignal): Promise<void> {
  const { clock, random, logger } = parts
  // Hubs that were started together do not all begin at the same moment.
  let waitMs = firstMs * (1 + random.next())
  while (await waited(clock, waitMs, signal)) {
    try {
      const { touched, failed, warned } = await vault.tick(signal)
      logger.info('maintenance done', { count: touched + failed + warned })
    } catch (error) {
      if (!signal.aborted) logger.error('maintenance failed', { error })
    }
    waitMs = everyMs * (0.9 + random.next() * 0.2)
  }
}

async function waited(clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await clock.sleep(ms, signal)
    return true
  } catch {
    return false
  }
}
