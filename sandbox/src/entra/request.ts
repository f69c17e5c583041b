import { randomUUID } from 'node:crypto'
import type { SandboxClock } from '../clock.ts'
import type { Exchange } from '../exchange.ts'
import { aadsts } from './aadsts.ts'

/** Parameters of a request, each once; an empty one counts as missing. */
export type Parameters = ReadonlyMap<string, string>

/** One call of Entra ID, with what all its answers repeat. */
export interface EntraRequest {
  readonly exchange: Exchange
  /** `https://host:port` as the client named it; addresses in answers begin with it. */
  readonly origin: string
  /** The first segment of the path, decoded. */
  readonly tenantPath: string
  readonly traceId: string
  readonly correlationId: string
  readonly now: number
}

/** Reads what every answer needs. */
export function readEntraRequest(
  exchange: Exchange,
  tenantPath: string,
  clock: SandboxClock,
): EntraRequest {
  const named =
    exchange.headers['client-request-id'] ?? exchange.url.searchParams.get('client-request-id')
  const isGuid =
    typeof named === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(named)
  return {
    exchange,
    origin: exchange.url.origin,
    tenantPath,
    traceId: randomUUID(),
    correlationId: isGuid ? named : randomUUID(),
    now: clock.now(),
  }
}

/** Reads the query. @throws AADSTS9000411 when a parameter comes twice */
export function queryParameters(exchange: Exchange): Parameters {
  return once(exchange.url.searchParams)
}

/**
 * Reads a form body, percent-decoding exactly once.
 * Any other content type holds no parameters for Entra, which then misses the first one it needs.
 */
export function formParameters(exchange: Exchange): Parameters {
  const type = (exchange.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/x-www-form-urlencoded') return new Map()
  return once(new URLSearchParams(exchange.body.toString('utf8')))
}

/** Takes a parameter or refuses. @throws AADSTS900144 */
export function required(parameters: Parameters, name: string): string {
  const value = parameters.get(name)
  if (value === undefined) throw aadsts(900144, { name })
  return value
}

function once(pairs: URLSearchParams): Parameters {
  const parameters = new Map<string, string>()
  for (const [name, value] of pairs) {
    if (parameters.has(name)) throw aadsts(9000411, { name })
    if (value !== '') parameters.set(name, value)
  }
  return parameters
}
