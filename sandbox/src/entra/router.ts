import { json, notSupported } from '../answers.ts'
import type { Answer, Exchange, Handler } from '../exchange.ts'
import { AadstsError, aadsts } from './aadsts.ts'
import { serveAdminConsent, serveLogout } from './admin-consent.ts'
import { serveAuthorize, serveForm } from './authorize-endpoint.ts'
import type { EntraContext } from './context.ts'
import { serveDeviceCode, serveDeviceLogin } from './device-code.ts'
import { serveInstance, serveKeys, serveOpenIdConfiguration } from './discovery.ts'
import { createInteractions, type Interactions } from './interaction.ts'
import { errorPage, messagePage } from './pages/message-pages.ts'
import { type EntraRequest, readEntraRequest } from './request.ts'
import type { FormName } from './sign-in-forms.ts'
import { serveToken } from './token-endpoint.ts'

type Serve = (
  context: EntraContext,
  request: EntraRequest,
  interactions: Interactions,
) => Answer | Promise<Answer>

interface Route {
  readonly methods: readonly string[]
  readonly serve: Serve
}

const get = (serve: Serve): Route => ({ methods: ['GET'], serve })
const post = (serve: Serve): Route => ({ methods: ['POST'], serve })
const either = (serve: Serve): Route => ({ methods: ['GET', 'POST'], serve })
const formRoute = (name: FormName): Route =>
  post((context, request, interactions) => serveForm(context, interactions, request, name))

/** By what follows `/{tenant}/`, in lower case: Entra's paths are not case-sensitive. */
const ROUTES: ReadonlyMap<string, Route> = new Map([
  [
    'oauth2/authorize',
    either((context, request, running) => serveAuthorize(context, running, request, 1)),
  ],
  [
    'oauth2/v2.0/authorize',
    either((context, request, running) => serveAuthorize(context, running, request, 2)),
  ],
  ['oauth2/token', post((context, request) => serveToken(context, request, 1))],
  ['oauth2/v2.0/token', post((context, request) => serveToken(context, request, 2))],
  ['oauth2/devicecode', either((context, request) => serveDeviceCode(context, request, 1))],
  ['oauth2/v2.0/devicecode', post((context, request) => serveDeviceCode(context, request, 2))],
  [
    'oauth2/deviceauth',
    either((context, request, running) => serveDeviceLogin(context, running, request)),
  ],
  ['oauth2/logout', get((context, request) => serveLogout(context, request))],
  ['oauth2/v2.0/logout', get((context, request) => serveLogout(context, request))],
  [
    'adminconsent',
    get((context, request, running) => serveAdminConsent(context, running, request)),
  ],
  ['login', formRoute('login')],
  ['select', formRoute('select')],
  ['mfa', formRoute('mfa')],
  ['consent', formRoute('consent')],
  ['device', formRoute('device')],
  [
    '.well-known/openid-configuration',
    get((context, request) => serveOpenIdConfiguration(context, request, 1)),
  ],
  [
    'v2.0/.well-known/openid-configuration',
    get((context, request) => serveOpenIdConfiguration(context, request, 2)),
  ],
  ['discovery/keys', get((context, request) => serveKeys(context, request, 1))],
  ['discovery/v2.0/keys', get((context, request) => serveKeys(context, request, 2))],
  ['discovery/instance', get((_, request) => serveInstance(request))],
])

/** Serves the sign-in host. */
export function createEntraHandler(context: EntraContext): Handler {
  const interactions = createInteractions(context.clock)
  return async (exchange) => {
    const [tenantPath, rest] = splitPath(exchange.url.pathname)
    const request = readEntraRequest(exchange, tenantPath, context.clock)
    if (rest === '' && tenantPath === 'devicelogin') {
      return serveDeviceLogin(context, interactions, request)
    }
    if (rest === '' && tenantPath === 'error') return describeCode(exchange)
    const route = ROUTES.get(rest)
    if (!route) return unknownPath(exchange, tenantPath, rest)
    if (exchange.method === 'OPTIONS' && rest.endsWith('token')) return preflight(exchange)
    if (!route.methods.includes(exchange.method)) {
      return errorPage(
        request,
        aadsts(900561, { allowed: route.methods.join(', '), received: exchange.method }),
      )
    }
    try {
      return await route.serve(context, request, interactions)
    } catch (error) {
      if (error instanceof AadstsError) return errorPage(request, error)
      throw error
    }
  }
}

function splitPath(pathname: string): [tenantPath: string, rest: string] {
  const [, first = '', ...rest] = pathname.split('/')
  let tenantPath = first
  try {
    tenantPath = decodeURIComponent(first)
  } catch {
    // Left as it came: it names no tenant, and the answer says so.
  }
  return [tenantPath, rest.join('/').toLowerCase().replace(/\/$/, '')]
}

function unknownPath(exchange: Exchange, tenantPath: string, rest: string): Answer {
  const known = rest.startsWith('saml2') || rest.startsWith('wsfed') || rest.startsWith('kerberos')
  if (known || tenantPath === 'v1.0' || tenantPath === 'beta') {
    return notSupported(`${exchange.method} ${exchange.url.pathname} of Entra ID`)
  }
  return json(404, {
    error: { code: 'not_found', message: `Entra ID has nothing at ${exchange.url.pathname}.` },
  })
}

function describeCode(exchange: Exchange): Answer {
  const code = exchange.url.searchParams.get('code') ?? ''
  return messagePage('Error lookup', `AADSTS${code}: see Microsoft's list of sign-in error codes.`)
}

function preflight(exchange: Exchange): Answer {
  return {
    status: 204,
    headers: {
      'access-control-allow-origin': exchange.headers.origin ?? '*',
      'access-control-allow-methods': 'POST, OPTIONS',
      'access-control-allow-headers': 'content-type, client-request-id, x-client-sku, x-client-ver',
      'access-control-max-age': '600',
    },
  }
}
