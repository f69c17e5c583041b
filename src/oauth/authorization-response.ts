import { isObject, Secret } from '../kernel/index.ts'
import type { Hints } from './catalogue/index.ts'
import { isSameLogin } from './clouds.ts'
import type { Endpoints } from './endpoints.ts'
import { refusal } from './failure.ts'
import { OAuthError } from './oauth-error.ts'

/** A sign-in that succeeded, as far as the browser tells. */
export interface AuthorizationResponse {
  readonly code: Secret
  readonly state?: string
}

/**
 * Reads what came back on the redirect address: an error first, then the code. The state is the caller's
 * to check, before it believes anything else. Whatever the browser carries besides is ignored, but for
 * `iss`, which must name the server that the sign-in was begun with.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9207
 * @throws OAuthError `authorization_refused`, `authorization_response_invalid`, `issuer_mismatch`
 */
export function readAuthorizationResponse(
  query: URLSearchParams,
  options: { readonly endpoints?: Endpoints; readonly hints?: Hints } = {},
): AuthorizationResponse {
  for (const name of ['error', 'code', 'state', 'iss']) {
    if (query.getAll(name).length > 1) throw invalid(`"${name}" came more than once.`)
  }
  const issuer = query.get('iss')
  if (issuer !== null && options.endpoints) checkIssuer(issuer, options.endpoints)
  const error = query.get('error')
  if (error !== null && error !== '') {
    throw refusal('authorization_refused', fieldsOf(query), { hints: options.hints ?? {} })
  }
  const code = query.get('code')
  if (code === null || code === '') throw invalid('It holds neither a code nor an error.')
  const state = query.get('state')
  return { code: new Secret(code), ...(state === null ? {} : { state }) }
}

function fieldsOf(query: URLSearchParams): { readonly [key: string]: unknown } {
  const fields: unknown = Object.fromEntries(query)
  return isObject(fields)
    ? { ...fields, suberror: query.get('error_subcode') ?? query.get('suberror') }
    : {}
}

function checkIssuer(issuer: string, endpoints: Endpoints): void {
  const url = URL.parse(issuer)
  const known = endpoints.authorization ?? endpoints.token
  if (url !== null && isSameLogin(url, known)) return
  throw new OAuthError('issuer_mismatch', {
    what: 'The answer to the sign-in comes from another server than the one it was begun with.',
    why: 'The server names itself in the answer, and it is not the one of this Auth Client. That can be an attempt to get at the code.',
    remedy: 'Begin the sign-in again. If it happens again, check the Authorization Endpoint.',
    affects: 'configuration',
    facts: { expected: known.origin, ...(url ? { issuer: url.origin } : {}) },
  })
}

function invalid(why: string): OAuthError {
  return new OAuthError('authorization_response_invalid', {
    what: 'The answer to the sign-in cannot be used.',
    why,
    remedy: 'Begin the sign-in again, and do not reload or edit the page it ends on.',
    affects: 'credential',
  })
}
