import type { HttpBindings } from '@hono/node-server'
import type { Context, MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import type { Access, Principal, Proof } from '../../hub/access/index.ts'
import { type Clock, type Logger, type Random, Secret } from '../../kernel/index.ts'
import { checkHost, checkOrigin, isLocalHost } from './gate.ts'
import { securityHeaders } from './headers.ts'
import type { Call } from './operation.ts'
import { type SessionCookie, sessionCookie } from './session-cookie.ts'

/** What Hono carries along with a request. */
export interface Env {
  Bindings: Partial<HttpBindings>
  Variables: { requestId: string; logger: Logger; principal?: Promise<Principal> }
}

export type HttpContext = Context<Env>

/** What every answer needs besides the hub's rooms. */
export interface Surroundings {
  readonly publicUrl: URL
  readonly platformName: string
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly access: Access
  /** How many proxies in front add to X-Forwarded-For; what lies before them is not believed. */
  readonly trustedProxies: number
}

/** Gives every call its id, its log line and its headers, and lets in only calls that are meant for this hub. */
export function frame(around: Surroundings): MiddlewareHandler<Env> {
  const headers = Object.entries(securityHeaders(around.publicUrl.protocol === 'https:'))
  return async function framed(c, next) {
    const requestId = around.random.id()
    const begun = around.clock.now()
    c.set('requestId', requestId)
    c.set('logger', around.logger.with({ requestId }))
    c.header('x-request-id', requestId)
    for (const [name, value] of headers) c.header(name, value)
    await next()
    // The pattern, not the path: a path may hold the token of a link.
    const path = routePath(c, -1)
    const level = /^\/(healthz|readyz|assets\/.*)$/.test(path) ? 'debug' : 'info'
    c.get('logger')[level]('http request', {
      method: c.req.method,
      path,
      status: c.res.status,
      ms: around.clock.now() - begun,
    })
  }
}

/** Lets in only calls that name the public URL's host and, for writes, come from its own pages. */
export function gate({ publicUrl }: Surroundings): MiddlewareHandler<Env> {
  return async function gated(c, next) {
    // In the hub's own process there is no Host, only an address.
    const host = c.req.header('host') ?? new URL(c.req.url).host
    const health = c.req.path === '/healthz' || c.req.path === '/readyz'
    if (!health || !isLocalHost(host)) checkHost(host, publicUrl)
    checkOrigin(
      {
        method: c.req.method,
        origin: c.req.header('origin'),
        site: c.req.header('sec-fetch-site'),
        cookie: c.req.header('cookie') !== undefined && c.req.header('authorization') === undefined,
      },
      publicUrl,
    )
    await next()
  }
}

/** Makes what a route may know of a call. */
export function createCall(c: HttpContext, around: Surroundings, signal: AbortSignal): Call {
  const cookie = sessionCookie(around.publicUrl)
  const sessionToken = cookie.read(c.req.header('cookie'))
  return {
    principal: () => {
      const proof = () => readProof(c.req.header('authorization'), sessionToken)
      const known = c.get('principal') ?? around.access.identify(proof())
      c.set('principal', known)
      return known
    },
    signal,
    address: clientAddress(c, around.trustedProxies),
    requestId: c.get('requestId'),
    logger: c.get('logger'),
    sessionToken,
    keepSession: (session) =>
      c.header('set-cookie', writeSession(cookie, session, around.clock.now()), { append: true }),
  }
}

function readProof(
  authorization: string | undefined,
  sessionToken: Secret | undefined,
): Proof | undefined {
  if (authorization !== undefined) {
    const key = /^Bearer +(\S+)$/i.exec(authorization)?.[1]
    return { kind: 'key', key: new Secret(key ?? '') }
  }
  return sessionToken && { kind: 'session', token: sessionToken }
}

function writeSession(
  cookie: SessionCookie,
  session: Parameters<Call['keepSession']>[0],
  now: number,
): string {
  if (session === undefined) return cookie.clear()
  return cookie.set(session.token, Math.floor((session.expiresAt - now) / 1000))
}

function clientAddress(c: HttpContext, trustedProxies: number): string {
  const direct = c.env?.incoming?.socket.remoteAddress ?? '0.0.0.0'
  if (trustedProxies === 0) return direct
  const forwarded = (c.req.header('x-forwarded-for') ?? '').split(',').map((part) => part.trim())
  return forwarded.at(-trustedProxies) || direct
}
