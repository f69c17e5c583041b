import { type Endpoints, type ParsedEndpoints, parseEndpoints } from '../../oauth/index.ts'
import type { AuthClientInput } from './auth-client.ts'
import { VaultError } from './vault-error.ts'

type EndpointFields = Pick<
  AuthClientInput,
  'authorizationEndpoint' | 'tokenEndpoint' | 'deviceEndpoint'
>

/** Reads the endpoints of an Auth Client as they were typed. @throws OAuthError naming the field */
export function endpointsOf(fields: EndpointFields): ParsedEndpoints {
  const { authorizationEndpoint, tokenEndpoint, deviceEndpoint } = fields
  return parseEndpoints({
    authorization: authorizationEndpoint,
    token: tokenEndpoint,
    ...(deviceEndpoint === undefined ? {} : { device: deviceEndpoint }),
  })
}

/** Tells whether the endpoints are Entra ID's, by the form of their paths. */
export function isEntra(endpoints: Endpoints): boolean {
  return endpoints.protocol !== 'generic'
}

/**
 * The resource to ask tokens for: the Credential's environment.
 *
 * @throws VaultError `resource_contradiction` when the authorization endpoint names another one
 */
export function resourceFor(endpoints: Endpoints, environmentUrl: string): string {
  const environment = new URL(environmentUrl)
  const named = endpoints.protocol === 'v1' ? URL.parse(endpoints.resource ?? '') : null
  if (named === null || named.origin === environment.origin) return `${environment.origin}/`
  throw new VaultError('resource_contradiction', {
    what: `The Auth Client asks for tokens for ${named.origin}, but the Credential's environment is ${environment.origin}.`,
    why: 'The authorization endpoint carries "resource=" with another address; a token for it would be refused.',
    remedy:
      'Take "?resource=…" out of the Auth Client\'s authorization endpoint: Fairlead then asks for each Credential\'s own environment. Or correct the Base URL.',
    facts: { resource: named.origin, environmentUrl: environment.origin },
  })
}
