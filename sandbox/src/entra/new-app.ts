import type { App, Tenant } from './model.ts'
import { DYNAMICS_CRM } from './resources.ts'

/** A registration as the portal makes it for the guide: single-tenant, one permission, nothing else. */
export function newApp(
  named: Pick<App, 'objectId' | 'appId' | 'displayName'>,
  tenant: Tenant,
  principal: string,
): App {
  return {
    ...named,
    tenantId: tenant.id,
    audience: 'single',
    redirectUris: [],
    permissions: [{ resourceAppId: DYNAMICS_CRM, scope: 'user_impersonation' }],
    secrets: [],
    certificates: [],
    federatedCredentials: [],
    publicClient: false,
    enabled: true,
    assignmentRequired: false,
    assignedUserIds: [],
    strictRefresh: false,
    unsignedIdToken: false,
    appOnlyOnCommon: false,
    servicePrincipals: { [tenant.id]: principal },
  }
}
