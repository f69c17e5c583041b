import { type Clock, CodedError, type Logger } from '../kernel/index.ts'
import type { Policy } from './exchange.ts'
import { maskKeys } from './mask-keys.ts'

/** Logs each exchange by host, path, status and time; never a query, key, header or body. */
export function requestLog(logger: Logger, clock: Clock): Policy {
  return async (request, next) => {
    const { method, url } = request
    const started = clock.now()
    const path = maskKeys(url.pathname)
    const seen = () => ({ method, host: url.host, path, ms: clock.now() - started })
    try {
      const response = await next(request)
      logger.debug('request answered', { ...seen(), status: response.status })
      return response
    } catch (error) {
      logger.debug('request failed', {
        ...seen(),
        ...(error instanceof CodedError ? { code: error.code } : {}),
      })
      throw error
    }
  }
}
