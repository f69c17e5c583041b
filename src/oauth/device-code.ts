import { Secret } from '../kernel/index.ts'
import { isLoopbackHost } from '../transport/index.ts'
import { answerInvalid, isTransient } from './endpoint-fault.ts'
import type { Endpoints } from './endpoints.ts'
import { requestDeviceAuthorization, requestTokens } from './exchange.ts'
import type { GrantIo, GrantRequest, OAuthClient } from './oauth-client.ts'
import { inputError, OAuthError } from './oauth-error.ts'
import { targetOf } from './resource.ts'
import type { TokenSet } from './token-set.ts'

/** A sign-in that waits for a person to type a code into another device. Times are ms since 1970. */
export interface DeviceAuthorization {
  readonly deviceCode: Secret
  readonly userCode: string
  readonly verificationUri: string
  /** The same address with the code in it, if the server offers that. */
  readonly verificationUriComplete?: string
  readonly expiresAt: number
  readonly intervalMs: number
}

/**
 * Begins a sign-in by device code. With Entra the app must allow public client flows, and shows no secret.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8628
 * @throws OAuthError `device_flow_unavailable`, `token_…`
 */
export async function requestDeviceCode(
  request: GrantRequest,
  io: GrantIo,
): Promise<DeviceAuthorization> {
  const [asked, device] = deviceRequest(request)
  const parameters = targetOf(asked, 'delegated')
  const requestedAt = io.clock.now()
  const exchange = { request: asked, parameters, io }
  const answer = await requestDeviceAuthorization(device, exchange)
  const complete = answer.verification_uri_complete
  return {
    deviceCode: new Secret(answer.device_code),
    userCode: answer.user_code,
    verificationUri: webAddress(answer.verification_uri, device),
    ...(complete === undefined ? {} : { verificationUriComplete: webAddress(complete, device) }),
    expiresAt: requestedAt + answer.expires_in * 1000,
    intervalMs: Math.max(1, answer.interval ?? 5) * 1000,
  }
}

/**
 * Waits until the person has signed in, asking at the server's pace. Faults that pass are waited out.
 *
 * @throws OAuthError `device_code_expired`, `token_refused`
 */
export async function pollDeviceCode(
  request: GrantRequest & { readonly device: DeviceAuthorization },
  io: GrantIo,
): Promise<TokenSet> {
  const { device } = request
  const [asked] = deviceRequest(request)
  const parameters = { device_code: device.deviceCode.reveal() }
  const exchange = { request: asked, parameters, io }
  let { intervalMs } = device
  while (io.clock.now() + intervalMs < device.expiresAt) {
    await io.clock.sleep(intervalMs, io.signal)
    try {
      return await requestTokens('urn:ietf:params:oauth:grant-type:device_code', exchange)
    } catch (error) {
      if (!isTransient(error)) throw expiredOr(error)
      // RFC 8628 §3.5 asks for five seconds more, also after a time-out.
      if (!isPending(error)) intervalMs += 5_000
    }
  }
  throw expired()
}

// It becomes a link, and programs open it: other schemes would start other programs.
function webAddress(text: string, device: URL): string {
  const url = URL.parse(text)
  if (url?.protocol === 'https:') return url.href
  if (url?.protocol === 'http:' && isLoopbackHost(url.hostname)) return url.href
  const reason = 'Its address for signing in is not one of the web.'
  throw answerInvalid(device.host, 200, { reason })
}

function isPending(error: unknown): boolean {
  return error instanceof OAuthError && error.failure?.error === 'authorization_pending'
}

function expiredOr(error: unknown): unknown {
  const names = ['expired_token', 'code_expired']
  const isExpiry = error instanceof OAuthError && names.includes(error.failure?.error ?? '')
  return isExpiry ? expired(error) : error
}

function expired(cause?: unknown): OAuthError {
  return new OAuthError('device_code_expired', {
    what: 'Nobody signed in with the code in time.',
    why: 'A device code is good for some minutes only.',
    remedy: 'Begin again, and enter the new code at once.',
    affects: 'credential',
    ...(cause === undefined ? {} : { cause }),
  })
}

// Version 1 has this flow with names of its own, so that Entra's version 2 is taken for both.
function deviceRequest(request: GrantRequest): readonly [GrantRequest, URL] {
  const { endpoints, client } = request
  const { tenant, protocol, device } = endpoints
  if (protocol === 'generic' || tenant === undefined) {
    if (device === undefined) throw unavailable()
    return [request, device]
  }
  const token = withPath(endpoints.token, '/oauth2/v2.0/token')
  const at = device ?? withPath(endpoints.token, '/oauth2/v2.0/devicecode')
  const asked: Endpoints = { ...endpoints, token, protocol: 'v2' }
  return [{ ...request, endpoints: asked, client: publicClient(client) }, at]
}

function withPath(token: URL, path: string): URL {
  const url = new URL(token)
  url.pathname = url.pathname.replace(/\/oauth2(\/v2\.0)?\/token\/?$/i, path)
  url.search = ''
  return url
}

function publicClient({ clientId }: OAuthClient): OAuthClient {
  return { clientId, authentication: { method: 'none' } }
}

function unavailable() {
  return inputError('device_flow_unavailable', {
    what: 'The Auth Client has no Device Authorization Endpoint.',
    why: 'Sign-in by code needs one, and only with Microsoft can it be told from the other endpoints.',
    remedy: 'Enter the Device Authorization Endpoint in the Auth Client, or sign in by browser.',
    facts: { field: 'device' },
  })
}
