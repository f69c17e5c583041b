import type { EntraContext } from './context.ts'

export const DYNAMICS_CRM = '00000007-0000-0000-c000-000000000000'
export const MICROSOFT_GRAPH = '00000003-0000-0000-c000-000000000000'
/** The v1 endpoint's answer to a request that names no resource. */
export const AZURE_AD_GRAPH = '00000002-0000-0000-c000-000000000000'

/** An API for which tokens are made, as one tenant knows it. */
export interface Resource {
  readonly appId: string
  readonly displayName: string
  readonly scopes: readonly string[]
  /** One and the same for all spellings of one environment. */
  readonly key: string
}

const GRAPH_SCOPES = ['User.Read', 'openid', 'profile', 'email', 'offline_access']

/** Finds the resource that a tenant knows under that name; the spelling counts but for a last slash. */
export function findResource(
  context: EntraContext,
  name: string,
  tenantId: string,
): Resource | undefined {
  const plain = name.endsWith('/') ? name.slice(0, -1) : name
  if (plain === DYNAMICS_CRM) return dynamics(DYNAMICS_CRM)
  if (plain === MICROSOFT_GRAPH || plain === 'https://graph.microsoft.com') {
    return {
      appId: MICROSOFT_GRAPH,
      displayName: 'Microsoft Graph',
      scopes: GRAPH_SCOPES,
      key: MICROSOFT_GRAPH,
    }
  }
  if (plain === AZURE_AD_GRAPH || plain === 'https://graph.windows.net') {
    return {
      appId: AZURE_AD_GRAPH,
      displayName: 'Windows Azure Active Directory',
      scopes: ['User.Read'],
      key: AZURE_AD_GRAPH,
    }
  }
  const lower = plain.toLowerCase()
  const organization = context.organizations.find(
    (one) => one.tenantId === tenantId && one.origins.includes(lower),
  )
  return organization && dynamics(organization.id)
}

function dynamics(key: string): Resource {
  return { appId: DYNAMICS_CRM, displayName: 'Dynamics CRM', scopes: ['user_impersonation'], key }
}
