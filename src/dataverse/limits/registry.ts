import { createLimits, type Limits, type LimitsOptions } from './limits.ts'

/** Limit controllers by environment and user. */
export interface LimitsRegistry {
  /** The controller of one user in one environment, the same one as long as anybody needs it. */
  for(environmentUrl: string | URL, user: string): Limits
}

const SWEEP_FROM = 64

/**
 * Makes a registry, so that all clients of one user in one environment share a controller: the service
 * counts them together. Controllers that have nothing to remember are dropped.
 */
export function createLimitsRegistry(options: LimitsOptions): LimitsRegistry {
  const known = new Map<string, Limits>()
  let sweepFrom = SWEEP_FROM
  return {
    for: (environmentUrl, user) => {
      const key = `${new URL(environmentUrl).href} ${user}`
      const found = known.get(key)
      if (found !== undefined) return found
      if (known.size >= sweepFrom) {
        for (const [name, limits] of known) if (limits.idle()) known.delete(name)
        sweepFrom = Math.max(SWEEP_FROM, known.size * 2)
      }
      const made = createLimits(options)
      known.set(key, made)
      return made
    },
  }
}
