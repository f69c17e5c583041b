import { json } from '../answers.ts'
import type { Answer } from '../exchange.ts'
import { AadstsError, aadsts } from './aadsts.ts'
import type { EntraContext } from './context.ts'
import { chooseTenant, type TenantChoice } from './directory.ts'
import type { EntraRequest } from './request.ts'
import { tokenFailure } from './token-answers.ts'

const ALIASES = [
  'login.microsoftonline.com',
  'login.windows.net',
  'login.microsoft.com',
  'sts.windows.net',
]

/** Serves the OpenID configuration of a tenant; its addresses begin with the host that was asked. */
export function serveOpenIdConfiguration(
  context: EntraContext,
  request: EntraRequest,
  version: 1 | 2,
): Answer {
  try {
    return json(200, configuration(request, chooseTenant(context, request.tenantPath), version))
  } catch (error) {
    if (error instanceof AadstsError) return tokenFailure(request, error)
    throw error
  }
}

function configuration(request: EntraRequest, choice: TenantChoice, version: 1 | 2) {
  const issuerTenant = choice.kind === 'tenant' ? choice.tenant.id : '{tenantid}'
  const segment = choice.kind === 'tenant' ? choice.tenant.id : choice.alias
  const base = `${request.origin}/${segment}`
  const path = version === 1 ? 'oauth2' : 'oauth2/v2.0'
  return {
    token_endpoint: `${base}/${path}/token`,
    token_endpoint_auth_methods_supported: [
      'client_secret_post',
      'private_key_jwt',
      'client_secret_basic',
    ],
    jwks_uri: `${base}/discovery/${version === 1 ? 'keys' : 'v2.0/keys'}`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code'],
    scopes_supported: version === 1 ? ['openid'] : ['openid', 'profile', 'email', 'offline_access'],
    issuer:
      version === 1
        ? `https://sts.windows.net/${issuerTenant}/`
        : `${request.origin}/${issuerTenant}/v2.0`,
    request_uri_parameter_supported: false,
    authorization_endpoint: `${base}/${path}/authorize`,
    device_authorization_endpoint: `${base}/${path}/devicecode`,
    http_logout_supported: true,
    frontchannel_logout_supported: true,
    end_session_endpoint: `${base}/${path}/logout`,
    code_challenge_methods_supported: ['plain', 'S256'],
    claims_supported: ['sub', 'iss', 'aud', 'exp', 'iat', 'nonce', 'name', 'tid', 'oid', 'ver'],
    tenant_region_scope: choice.kind === 'tenant' ? 'EU' : null,
    cloud_instance_name: 'microsoftonline.com',
    cloud_graph_host_name: 'graph.windows.net',
    msgraph_host: 'graph.microsoft.com',
  }
}

/** Serves the public keys; v2 adds whose keys they are. */
export function serveKeys(context: EntraContext, request: EntraRequest, version: 1 | 2): Answer {
  const issuer = `${request.origin}/{tenantid}/v2.0`
  return json(200, { keys: [version === 1 ? context.keys.jwk : { ...context.keys.jwk, issuer }] })
}

/** Serves `/common/discovery/instance`: the clouds' host names, and where the asked tenant lives. */
export function serveInstance(request: EntraRequest): Answer {
  const asked = request.exchange.url.searchParams.get('authorization_endpoint')
  if (asked === null)
    return tokenFailure(request, aadsts(90014, { name: 'authorization_endpoint' }))
  if (!URL.canParse(asked)) {
    return tokenFailure(
      request,
      aadsts(90023, { what: "'authorization_endpoint' is not an address." }),
    )
  }
  const { origin, pathname, host } = new URL(asked)
  const tenant = pathname.split('/')[1] ?? 'common'
  const own = { preferred_network: host, preferred_cache: host, aliases: [host] }
  const publicCloud = {
    preferred_network: 'login.microsoftonline.com',
    preferred_cache: 'login.windows.net',
    aliases: ALIASES,
  }
  return json(200, {
    tenant_discovery_endpoint: `${origin}/${tenant}/v2.0/.well-known/openid-configuration`,
    'api-version': '1.1',
    metadata: ALIASES.includes(host) ? [publicCloud] : [own, publicCloud],
  })
}
