import type { Clock, Logger, Random } from '../kernel/index.ts'

const everyMs = 60 * 60_000
const firstMs = 30_000

/** Something that is to be done from time to time; answers how much there was to do. */
export type Chore = (signal: AbortSignal) => Promise<number>

interface Parts {
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
}

/**
 * Does every chore once an hour, whether or not another fails; answers with what stops it.
 */
export function beginMaintenance(chores: readonly Chore[], parts: Parts): () => Promise<void> {
  const stopping = new AbortController()
  const done = maintain(chores, parts, stopping.signal)
  return () => {
    stopping.abort()
    return done
  }
}

async function maintain(
  chores: readonly Chore[],
  parts: Parts,
  signal: AbortSignal,
): Promise<void> {
  const { clock, random, logger } = parts
  // Hubs that were started together do not all begin at the same moment.
  let waitMs = firstMs * (1 + random.next())
  while (await waited(clock, waitMs, signal)) {
    for (const chore of chores) {
      try {
        logger.info('maintenance done', { count: await chore(signal) })
      } catch (error) {
        if (!signal.aborted) logger.error('maintenance failed', { error })
      }
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
