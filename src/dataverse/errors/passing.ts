import {
  InvalidJson,
  type PassingFailure,
  passingFault,
  TransportError,
} from '../../transport/index.ts'
import { DataverseError } from './dataverse-error.ts'

/**
 * Tells whether a failed call may succeed if it is simply made again, and whether the service surely did
 * nothing. It refuses by 429 before it does any work; a 502, 503 or 504 may come from a gateway, with the
 * request carried out behind it.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/api-limits
 */
export function passingFailure(error: unknown): PassingFailure | undefined {
  if (error instanceof TransportError) return passingFault(error)
  if (error instanceof InvalidJson) {
    return error.facts['kind'] === 'cut_short' ? { notDone: false } : undefined
  }
  // Without a status it was never sent: our own limits had it wait for as long as it may.
  if (!(error instanceof DataverseError) || error.status === undefined) return undefined
  if (error.code !== 'throttled' && error.code !== 'unavailable') return undefined
  const { retry } = error.explanation
  const afterMs = retry.when === 'later' ? retry.afterMs : undefined
  return {
    notDone: error.code === 'throttled',
    ...(afterMs === undefined ? {} : { afterMs }),
  }
}
