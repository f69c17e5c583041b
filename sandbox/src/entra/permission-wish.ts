import { aadsts } from './aadsts.ts'
import type { AuthorizeRequest } from './authorize-request.ts'
import { hasConsent } from './consents.ts'
import type { EntraContext } from './context.ts'
import { tenantById } from './directory.ts'
import type { App, Permission } from './model.ts'
import { DYNAMICS_CRM, findResource, type Resource } from './resources.ts'
import { requestedPermissions } from './scopes.ts'

/** What an authorization request amounts to in one tenant. */
export interface PermissionWish {
  readonly resource: Resource | undefined
  /** All that the consent page would ask for. */
  readonly permissions: readonly Permission[]
}

/** Resolves resource and permissions. @throws AADSTS500011, 650057, 650053 */
export function resolveWish(
  context: EntraContext,
  wish: AuthorizeRequest,
  tenantId: string,
): PermissionWish {
  const { app, permissions, resource: spelling } = wish
  if (spelling === undefined) {
    // v1 may name its resource at the token endpoint; its consent covers the whole registration.
    return { resource: undefined, permissions: wish.version === 1 ? app.permissions : [] }
  }
  const tenant = tenantById(context, tenantId)
  const resource = findResource(context, spelling, tenantId)
  if (!resource) throw aadsts(500011, { resource: spelling, tenant: tenant.displayName })
  const scopes = requestedPermissions(app, resource, permissions, spelling)
  const whole = permissions === 'static' || permissions.includes('.default')
  return {
    resource,
    permissions: whole
      ? app.permissions
      : scopes.map((scope) => ({ resourceAppId: resource.appId, scope })),
  }
}

/** Tells whether every permission is granted to this user already. */
export function isConsented(
  context: EntraContext,
  app: App,
  tenantId: string,
  userId: string,
  permissions: readonly Permission[],
): boolean {
  return permissions.every((one) =>
    hasConsent(context, app, tenantId, userId, one.resourceAppId, [one.scope]),
  )
}

/** The line of the consent page for a permission. */
export function describePermission(permission: Permission): string {
  return permission.resourceAppId === DYNAMICS_CRM && permission.scope === 'user_impersonation'
    ? 'Access Dynamics CRM as you (user_impersonation)'
    : `Use ${permission.scope} of ${permission.resourceAppId}`
}
