import { aadsts } from './aadsts.ts'
import type { EntraContext } from './context.ts'
import { canonicalPath, chooseTenant, findApp, type TenantChoice } from './directory.ts'
import type { App, RedirectUri } from './model.ts'
import { matchRedirect } from './redirects.ts'
import { type EntraRequest, type Parameters, required } from './request.ts'
import { isProtocolScope, readScope } from './scopes.ts'
import { refuseResource } from './token-request.ts'

export type ResponseMode = 'query' | 'fragment' | 'form_post'

/** Where an answer to the app goes: known before anything else may fail at the callback. */
export interface Callback {
  readonly redirect: RedirectUri
  readonly mode: ResponseMode
  readonly state: string | undefined
}

/** An authorization request that may go on to the sign-in pages. */
export interface AuthorizeRequest {
  readonly version: 1 | 2
  readonly app: App
  readonly choice: TenantChoice
  readonly tenantPath: string
  readonly callback: Callback
  /** As the client spelt it. */
  readonly resource: string | undefined
  readonly permissions: readonly string[] | 'static'
  /** Everything to write into the code: permissions and protocol scopes. */
  readonly scopes: readonly string[]
  readonly prompt: 'none' | 'login' | 'select_account' | 'consent' | 'admin_consent' | undefined
  readonly loginHint: string | undefined
  readonly nonce: string | undefined
  readonly challenge: { readonly method: string; readonly value: string } | undefined
  /** The claims parameter asks for a second factor. */
  readonly stepUp: boolean
}

/** The part whose failures stay on Microsoft's page: tenant, client, redirect. */
export function readCaller(context: EntraContext, request: EntraRequest, parameters: Parameters) {
  if (parameters.has('grant_type')) throw aadsts(90056)
  const choice = chooseTenant(context, request.tenantPath)
  const app = findApp(context, required(parameters, 'client_id'), choice)
  const redirect = matchRedirect(app, parameters.get('redirect_uri'))
  const mode = parameters.get('response_mode')
  const callback: Callback = {
    redirect,
    mode: mode === 'fragment' || mode === 'form_post' ? mode : 'query',
    state: parameters.get('state'),
  }
  return { choice, app, callback }
}

/** The part whose failures go back to the app. */
export function readWish(
  parameters: Parameters,
  caller: ReturnType<typeof readCaller>,
  version: 1 | 2,
): AuthorizeRequest {
  checkResponse(parameters)
  const wish = version === 1 ? readV1(parameters) : readV2(parameters)
  return {
    ...wish,
    ...caller,
    version,
    tenantPath: canonicalPath(caller.choice),
    prompt: readPrompt(parameters, version),
    loginHint: parameters.get('login_hint'),
    nonce: parameters.get('nonce'),
    challenge: readChallenge(parameters),
    stepUp: asksForMore(parameters.get('claims')),
  }
}

function checkResponse(parameters: Parameters): void {
  const type = required(parameters, 'response_type')
  if (type === 'token') throw aadsts(700051)
  if (type.split(' ').includes('id_token')) throw aadsts(700054)
  if (type !== 'code') throw aadsts(70005, { type })
  const mode = parameters.get('response_mode')
  if (mode !== undefined && !['query', 'fragment', 'form_post'].includes(mode)) {
    throw aadsts(70007, { mode })
  }
}

/** v1 ignores the permissions in `scope`: what the registration lists counts. */
function readV1(parameters: Parameters) {
  const protocol = (parameters.get('scope') ?? '').split(' ').filter(isProtocolScope)
  return { resource: parameters.get('resource'), permissions: 'static' as const, scopes: protocol }
}

function readV2(parameters: Parameters) {
  if (parameters.has('resource')) refuseResource(parameters)
  const { resource, permissions, protocol } = readScope(required(parameters, 'scope'))
  return { resource, permissions, scopes: [...permissions, ...protocol] }
}

function readPrompt(parameters: Parameters, version: 1 | 2): AuthorizeRequest['prompt'] {
  const prompt = parameters.get('prompt')
  switch (prompt) {
    case undefined:
    case 'none':
    case 'login':
    case 'select_account':
    case 'consent':
      return prompt
    case 'admin_consent':
      if (version === 1) return prompt
  }
  throw aadsts(90023, { what: `unsupported 'prompt' value '${prompt}'.` })
}

function readChallenge(parameters: Parameters): AuthorizeRequest['challenge'] {
  const value = parameters.get('code_challenge')
  const method = parameters.get('code_challenge_method') ?? 'plain'
  if (method !== 'S256' && method !== 'plain') {
    throw aadsts(90023, { what: `unsupported 'code_challenge_method' value '${method}'.` })
  }
  if (value === undefined) return undefined
  if (!/^[A-Za-z0-9._~-]{43,128}$/.test(value)) throw aadsts(501491)
  return { method, value }
}

function asksForMore(claims: string | undefined): boolean {
  if (claims === undefined) return false
  let parsed: unknown
  try {
    parsed = JSON.parse(claims)
  } catch {
    throw aadsts(900235)
  }
  return JSON.stringify(parsed).includes('"capolids"')
}
