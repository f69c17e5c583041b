import type { Exchange } from '../../exchange.ts'
import { notSupported } from '../fault.ts'

const TAG = /^W\/"[^"]*"$/

/**
 * Refuses headers that ask for what the sandbox has not, or that no document explains for this method,
 * instead of acting as if they had not come.
 * @throws Fault 501 naming the header
 */
export function refuseHeaders(exchange: Exchange): void {
  const { headers, method } = exchange
  if (headers['mscrm.solutionuniquename'] !== undefined) {
    throw notSupported('solutions (MSCRM.SolutionUniqueName)')
  }
  for (const name of ['odata-version', 'odata-maxversion']) {
    const version = headers[name]
    if (version !== undefined && version !== '4.0') throw notSupported(`${name} ${String(version)}`)
  }
  const reads = method === 'GET' || method === 'HEAD'
  if (headers['if-match'] !== undefined && (reads || method === 'POST')) {
    throw notSupported(`If-Match with ${method}`)
  }
  refuseIfNoneMatch(method, reads, headers['if-none-match'])
}

/** `null` is sent by many clients with every request and means nothing. */
function refuseIfNoneMatch(method: string, reads: boolean, value: string | undefined): void {
  if (value === undefined || value === 'null') return
  if (reads ? TAG.test(value) : method === 'PATCH' && value === '*') return
  throw notSupported(`If-None-Match: ${value} with ${method}`)
}
