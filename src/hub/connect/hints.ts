import { type Hints, isSharedTenant, parseEndpoints } from '../../oauth/index.ts'
import { cloudOfEnvironmentHost } from '../../transport/index.ts'
import type { AuthClient, Credential } from '../vault/index.ts'

/** What the explanations of a Credential's failures are filled with. */
export function hintsFor(
  credential: Credential,
  authClient: AuthClient,
  known: { readonly redirectUri: string; readonly tenantId?: string },
): Hints {
  const { identity, environmentUrl } = credential
  const { clientId, certificate } = authClient
  const { redirectUri, tenantId = identity?.tenantId } = known
  const adminConsentUrl = adminConsentUrlOf(authClient, redirectUri, tenantId)
  const portal = cloudOfEnvironmentHost(new URL(environmentUrl).hostname)?.portal
  const hints = {
    redirectUri,
    clientId,
    applicationId: clientId,
    environmentUrl,
    resource: environmentUrl,
    tenantId: tenantId || undefined,
    userPrincipalName: identity?.userPrincipalName,
    thumbprint: certificate?.thumbprint,
    adminConsentUrl,
    portal,
  }
  return Object.fromEntries(Object.entries(hints).filter(([, value]) => value !== undefined))
}

/**
 * The link by which an administrator consents for everybody; only Entra ID has such a page.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/v2-admin-consent
 */
function adminConsentUrlOf(
  { clientId, authorizationEndpoint, tokenEndpoint }: AuthClient,
  redirectUri: string,
  tenantId: string | undefined,
): string | undefined {
  const { token, tenant, protocol } = parseEndpoints({
    authorization: authorizationEndpoint,
    token: tokenEndpoint,
  })
  if (protocol === 'generic' || tenant === undefined) return undefined
  const directory = isSharedTenant(tenant) ? tenantId || 'organizations' : tenant
  const url = new URL(`/${encodeURIComponent(directory)}/adminconsent`, token.origin)
  url.search = new URLSearchParams({ client_id: clientId, redirect_uri: redirectUri }).toString()
  return url.href
}
