import { createHash } from 'node:crypto'
import { type Random, randomToken, Secret } from '../kernel/index.ts'
import type { GrantRequest } from './oauth-client.ts'
import { inputError } from './oauth-error.ts'
import { targetOf } from './resource.ts'

export interface AuthorizationRequest extends GrantRequest {
  readonly redirectUri: string
  readonly state: string
  readonly prompt?: 'login' | 'select_account' | 'consent' | 'none' | 'admin_consent'
  readonly loginHint?: string
  /** A claims challenge to answer, as the server gave it. */
  readonly claims?: string
}

/**
 * Builds the address at which the person signs in, with PKCE (S256). What the pasted endpoint holds in
 * its query stays there byte for byte, unless it names another environment.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7636
 * @throws OAuthError `endpoint_missing`
 */
export function buildAuthorizationRequest(
  request: AuthorizationRequest,
  random: Random,
): { readonly url: URL; readonly codeVerifier: Secret } {
  const { endpoints, client, redirectUri, state, prompt, loginHint, claims } = request
  if (endpoints.authorization === undefined) throw missing()
  const codeVerifier = randomToken(random)
  const target = targetOf(request, 'delegated')
  const url = new URL(endpoints.authorization)
  const keepsResource = url.searchParams.get('resource') === target.resource
  const parameters = {
    response_type: 'code',
    client_id: client.clientId,
    redirect_uri: redirectUri,
    ...(endpoints.protocol === 'generic' ? {} : { response_mode: 'query' }),
    ...(keepsResource ? { scope: target.scope } : target),
    state,
    code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
    code_challenge_method: 'S256',
    prompt,
    login_hint: loginHint,
    claims,
  }
  setParameters(url, parameters)
  return { url, codeVerifier: new Secret(codeVerifier) }
}

// Other means of changing a query would write the pasted part anew, with other escapes.
function setParameters(url: URL, parameters: Readonly<Record<string, string | undefined>>): void {
  const wanted = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] satisfies [string, string]],
  )
  const names = new Set(wanted.map(([name]) => name))
  const kept = url.search
    .slice(1)
    .split('&')
    .filter((pair) => pair !== '' && !names.has([...new URLSearchParams(pair).keys()][0] ?? ''))
  const added = wanted.map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
  url.search = [...kept, ...added].join('&')
}

function missing() {
  return inputError('endpoint_missing', {
    what: 'The Auth Client has no Authorization Endpoint.',
    why: 'A person can sign in only where the server shows its sign-in page.',
    remedy: 'Enter the Authorization Endpoint in the Auth Client.',
    facts: { field: 'authorization' },
  })
}
