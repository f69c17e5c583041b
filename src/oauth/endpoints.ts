import { type Cloud, cloudOfLoginHost } from '../transport/index.ts'
import { checkPair, incomplete } from './endpoint-pair.ts'
import { checkResource } from './endpoint-resource.ts'
import { type EndpointField, type EndpointWarning, readEndpoint } from './endpoint-text.ts'
import { readEntraPath } from './entra-path.ts'

/** How an authorization server is spoken to: Entra's v1 or v2 dialect, or plain OAuth 2. */
export type Protocol = 'v1' | 'v2' | 'generic'

/** An authorization server's addresses, and what their paths tell of it. */
export interface Endpoints {
  readonly authorization?: URL
  readonly token: URL
  readonly device?: URL
  readonly protocol: Protocol
  /** The directory in the path: an id, a domain, or `common` and its like. */
  readonly tenant?: string
  readonly cloud?: Cloud
  /** `resource` of the authorization endpoint, decoded as often as was needed. */
  readonly resource?: string
}

export interface ParsedEndpoints extends Endpoints {
  readonly warnings: readonly EndpointWarning[]
}

/** Endpoints as they were typed or pasted. */
export interface EndpointsInput {
  readonly authorization?: string
  readonly token: string
  readonly device?: string
  /** The environment that the endpoints are for, to compare their `resource` with. */
  readonly environmentUrl?: string | URL
}

/**
 * Reads the endpoints of an authorization server as they were typed or pasted.
 *
 * What would fail for certain is an error that names the field, mostly with the right value in
 * `facts.fix`; what was corrected or is doubtful is in `warnings`.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict'
 * import { parseEndpoints } from 'fairlead/oauth'
 *
 * const { protocol, tenant } = parseEndpoints({
 *   authorization: 'https://login.windows.net/common/oauth2/authorize?resource=https%3A%2F%2Forg1.crm4.dynamics.com%2F',
 *   token: 'https://login.windows.net/common/oauth2/token',
 * })
 * assert.deepEqual([protocol, tenant], ['v1', 'common'])
 * ```
 * @throws OAuthError `endpoint_…`, `endpoints_…`
 */
export function parseEndpoints(input: EndpointsInput): ParsedEndpoints {
  const token = readEndpoint('token', input.token)
  const authorization = optional('authorization', input.authorization)
  const device = optional('device', input.device)
  const urls = { authorization: authorization?.url, token: token.url, device: device?.url }
  checkPair(urls)
  const path = readEntraPath(token.url)
  if (path === undefined && cloudOfLoginHost(token.url.host)) throw incomplete('token', token.url)
  const protocol = path?.protocol ?? 'generic'
  const checked = authorization
    ? checkResource(authorization.url, protocol, input.environmentUrl)
    : { warnings: [] }
  const cloud = cloudOfLoginHost(token.url.host)
  return {
    token: token.url,
    protocol,
    ...(authorization && { authorization: authorization.url }),
    ...(device && { device: device.url }),
    // AD FS has the paths of v1 with its own name in the place of a tenant.
    ...(path && path.tenant !== 'adfs' && { tenant: path.tenant }),
    ...(cloud && { cloud }),
    ...(checked.resource !== undefined && { resource: checked.resource }),
    warnings: [
      ...(authorization?.warnings ?? []),
      ...token.warnings,
      ...(device?.warnings ?? []),
      ...checked.warnings,
    ],
  }
}

function optional(field: EndpointField, typed: string | undefined) {
  return typed === undefined || typed.trim() === '' ? undefined : readEndpoint(field, typed)
}
