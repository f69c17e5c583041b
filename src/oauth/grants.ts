import type { Secret } from '../kernel/index.ts'
import { isSharedTenant } from './entra-path.ts'
import { requestTokens } from './exchange.ts'
import type { GrantIo, GrantRequest } from './oauth-client.ts'
import { OAuthError } from './oauth-error.ts'
import { targetOf } from './resource.ts'
import type { TokenSet } from './token-set.ts'

export interface CodeRequest extends GrantRequest {
  /** The very address that the authorization request named. */
  readonly redirectUri: string
  readonly code: Secret
  readonly codeVerifier: Secret
}

/**
 * Exchanges an authorization code for tokens.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3
 * @throws OAuthError `token_…`
 */
export async function redeemCode(request: CodeRequest, io: GrantIo): Promise<TokenSet> {
  const { code, codeVerifier, redirectUri } = request
  const parameters = {
    code: code.reveal(),
    redirect_uri: redirectUri,
    code_verifier: codeVerifier.reveal(),
    ...(request.endpoints.protocol === 'generic' ? {} : targetOf(request, 'delegated')),
  }
  const hints = { redirectUri, ...request.hints }
  return await requestTokens('authorization_code', {
    request: { ...request, hints },
    parameters,
    io,
  })
}

/**
 * Gets a new access token by a refresh token. Whoever calls keeps the old refresh token until the new one
 * is safely stored; an answer without one means that the old one stays good.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-6
 * @throws OAuthError `token_…`
 */
export async function refreshTokens(
  request: GrantRequest & { readonly refreshToken: Secret },
  io: GrantIo,
): Promise<TokenSet> {
  const { refreshToken } = request
  // A plain OAuth 2 server grants what it granted before, unless asked for less.
  const target = request.endpoints.protocol === 'generic' ? {} : targetOf(request, 'delegated')
  const parameters = { refresh_token: refreshToken.reveal(), ...target }
  return await requestTokens('refresh_token', { request, parameters, io })
}

/**
 * Gets an access token for the app itself. Entra's shared tenants are refused: they may give a token, but
 * one of the wrong directory.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.4
 * @throws OAuthError `shared_tenant_refused`, `token_…`
 */
export async function requestAppTokens(request: GrantRequest, io: GrantIo): Promise<TokenSet> {
  if (isSharedTenant(request.endpoints.tenant)) throw sharedTenant(request)
  const parameters = targetOf(request, 'app')
  return await requestTokens('client_credentials', { request, parameters, io })
}

function sharedTenant({ endpoints }: GrantRequest): OAuthError {
  return new OAuthError('shared_tenant_refused', {
    what: `An app cannot sign in by itself through "${endpoints.tenant}".`,
    why: 'That address stands for every directory. An app without a user belongs to none of them there, so that the token would be of no use.',
    remedy:
      'Write the Directory (tenant) ID in its place, in both endpoints. Fairlead finds it from the CRM address.',
    affects: 'configuration',
    facts: { tenant: endpoints.tenant ?? '' },
  })
}
