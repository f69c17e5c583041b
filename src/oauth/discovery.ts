import type { Clock } from '../kernel/index.ts'
import {
  type Cloud,
  cloudOfEnvironmentHost,
  cloudOfLoginHost,
  type HttpResponse,
  readRetryAfter,
  type Send,
  TransportError,
} from '../transport/index.ts'
import { type Challenge, readChallenge } from './challenge.ts'
import { parseCrmAddress } from './crm-address.ts'
import {
  busy,
  foreignResource,
  notAnEnvironment,
  unreachable,
  untrustedLogin,
} from './discovery-error.ts'

/** What an environment tells of itself to whoever asks without a token. */
export interface Discovery {
  readonly environmentUrl: URL
  /** The environment's name for itself, as it stands in the challenge. */
  readonly resource: string
  readonly tenantId: string
  /** The origin of the login host. */
  readonly authority: string
  readonly cloud?: Cloud
  readonly endpoints: {
    readonly v1: { readonly authorization: string; readonly token: string }
    readonly v2: {
      readonly authorization: string
      readonly token: string
      readonly device: string
    }
  }
}

/** What is needed to ask an environment, and whom to believe. */
export interface DiscoveryIo {
  readonly send: Send
  readonly clock: Clock
  readonly signal?: AbortSignal
  /** Login origins that the operator trusts besides Microsoft's. */
  readonly trustedLoginOrigins: readonly string[]
}

/**
 * Finds directory, login host and resource of an environment by the challenge with which it answers a
 * call without a token.
 *
 * An environment could name any login host and any resource, and so have secrets sent to itself or get
 * tokens for others: the host must be a known one, and the resource the address that was asked.
 *
 * @throws OAuthError `address_…`, `discovery_…`
 */
export async function discover(address: string | URL, io: DiscoveryIo): Promise<Discovery> {
  const { environmentUrl, apiVersion = 'v9.2' } = parseCrmAddress(String(address))
  const url = new URL(`/api/data/${apiVersion}/`, environmentUrl)
  const challenge = readChallenge(await probe(url, io))
  if (challenge === undefined) throw notAnEnvironment(environmentUrl, {})
  return discoveryOf(environmentUrl, challenge, io.trustedLoginOrigins)
}

async function probe(url: URL, { send, clock, signal }: DiscoveryIo): Promise<string> {
  let response: HttpResponse
  try {
    response = await send({ method: 'GET', url, headers: {}, ...(signal && { signal }) })
    await response.discard()
  } catch (error) {
    const fault = error instanceof TransportError ? error : undefined
    throw fault && fault.code !== 'aborted' ? unreachable(fault) : error
  }
  const { status, headers } = response
  if (status === 429 || status >= 500) throw busy(url, status, readRetryAfter(headers, clock.now()))
  if (status !== 401) throw notAnEnvironment(url, { status })
  return headers.get('www-authenticate') ?? ''
}

/** Judges a challenge and builds the endpoints that follow from it. */
function discoveryOf(
  environmentUrl: URL,
  { authorizationUri, resource }: Challenge,
  trustedLoginOrigins: readonly string[],
): Discovery {
  const login = URL.parse(authorizationUri)
  const [, tenantId] = /^\/([^/]+)\/oauth2\//.exec(login?.pathname ?? '') ?? []
  if (login === null || tenantId === undefined) throw notAnEnvironment(environmentUrl, {})
  if (!isTrusted(login, trustedLoginOrigins)) throw untrustedLogin(environmentUrl, login)
  if (URL.parse(resource)?.origin !== environmentUrl.origin) {
    throw foreignResource(environmentUrl, resource)
  }
  const base = `${login.origin}/${tenantId}/oauth2`
  const cloud = cloudOfEnvironmentHost(environmentUrl.host) ?? cloudOfLoginHost(login.host)
  return {
    environmentUrl,
    resource,
    tenantId: tenantId.toLowerCase(),
    authority: login.origin,
    ...(cloud && { cloud }),
    endpoints: {
      v1: {
        authorization: `${base}/authorize?resource=${encodeURIComponent(resource)}`,
        token: `${base}/token`,
      },
      v2: {
        authorization: `${base}/v2.0/authorize`,
        token: `${base}/v2.0/token`,
        device: `${base}/v2.0/devicecode`,
      },
    },
  }
}

function isTrusted(login: URL, trustedLoginOrigins: readonly string[]): boolean {
  if (trustedLoginOrigins.includes(login.origin)) return true
  return login.protocol === 'https:' && cloudOfLoginHost(login.host) !== undefined
}
