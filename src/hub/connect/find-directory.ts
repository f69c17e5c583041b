import { type Discovery, discover } from '../../oauth/index.ts'
import type { ConnectParts } from './connect-parts.ts'
import { within } from './within.ts'

const BEST_EFFORT_MS = 8_000

/** Asks an environment for its directory; `undefined` when it does not tell in time. */
export async function findDirectory(
  parts: Pick<ConnectParts, 'send' | 'clock' | 'logger' | 'trustedLoginOrigins'>,
  address: string,
): Promise<Discovery | undefined> {
  const { send, clock, logger, trustedLoginOrigins } = parts
  try {
    return await within(clock, BEST_EFFORT_MS, undefined, (signal) =>
      discover(address, { send, clock, trustedLoginOrigins, signal }),
    )
  } catch (error) {
    logger.info('directory not found', { error })
    return undefined
  }
}
