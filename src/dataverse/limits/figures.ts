import { invalidArgument } from '../errors/dataverse-error.ts'

/** The service protection limits of one user on one web server. */
export interface LimitFigures {
  /** The length of the sliding window, in ms. */
  readonly windowMs: number
  /** How long requests may run within a window, added up, in ms. */
  readonly serverMs: number
  /** How many requests there may be within a window. */
  readonly requests: number
  /** How many requests may run at once. */
  readonly concurrency: number
}

/**
 * What the service documents; an environment may allow more, which is learned.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/api-limits
 */
export const DOCUMENTED_LIMITS: LimitFigures = {
  windowMs: 300_000,
  serverMs: 1_200_000,
  requests: 6_000,
  concurrency: 52,
}

/** Completes and checks figures. @throws DataverseError `invalid_argument` */
export function limitFigures(given: Partial<LimitFigures> = {}): LimitFigures {
  const figures = { ...DOCUMENTED_LIMITS, ...given }
  for (const [field, value] of Object.entries(figures)) {
    if (typeof value === 'number' && Number.isFinite(value) && value >= 1) continue
    throw invalidArgument(`limits.${field}`, 'it is not a number from 1 on', 'Give such a number.')
  }
  return figures
}
