import { createLogger, type Logger, systemClock } from '../../src/kernel/index.ts'
import type { PlatformLogger } from './platform.ts'

/** Writes our log lines to the runtime's logger, as texts: it turns anything else into "[object Object]". */
export function stepLogger(platform: PlatformLogger | undefined): Logger {
  return createLogger({
    clock: systemClock,
    level: 'debug',
    write: (line) => {
      if (/"level":"error"/.test(line)) platform?.error(line)
      else if (/"level":"warn"/.test(line)) platform?.warn(line)
      else if (/"level":"debug"/.test(line)) platform?.debug(line)
      else platform?.info(line)
    },
  })
}
