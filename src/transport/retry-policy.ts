import type { Clock } from '../kernel/index.ts'
import type { HttpResponse, Policy } from './exchange.ts'
import { type PassingFailure, passingFault, type RetryOptions, retry } from './retry.ts'
import { readRetryAfter } from './retry-after.ts'
import { TransportError } from './transport-error.ts'

const BUSY: readonly number[] = [429, 502, 503, 504]

class Busy extends Error {
  readonly response: HttpResponse

  constructor(response: HttpResponse) {
    super('busy')
    this.response = response
  }
}

/**
 * Retrying as a policy, for who reads the answers himself: after faults of the connection and the
 * statuses 429, 502, 503 and 504. When it gives up, the last answer is given as it came.
 */
export function retryPolicy(options: RetryOptions): Policy {
  const again = retry(options)
  return async (request, next) => {
    let last: HttpResponse | undefined
    const attempt = async (repeated: boolean) => {
      await last?.discard()
      const response = await next(request)
      if (!BUSY.includes(response.status)) return repeated ? { ...response, repeated } : response
      last = response
      throw new Busy(response)
    }
    try {
      return await again({ request, attempt, passing: passingIn(options.clock) })
    } catch (error) {
      if (error instanceof Busy) return error.response
      throw error
    }
  }
}

function passingIn(clock: Clock) {
  return (error: unknown): PassingFailure | undefined => {
    if (error instanceof TransportError) return passingFault(error)
    if (!(error instanceof Busy)) return undefined
    const { status, headers } = error.response
    const afterMs = readRetryAfter(headers, clock.now())
    return { notDone: status === 429, ...(afterMs === undefined ? {} : { afterMs }) }
  }
}
