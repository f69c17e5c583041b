import type { EntraContext } from './context.ts'
import type { App } from './model.ts'

/** Tells whether the permissions are granted to this user, by them or by an admin for all; without a user: to all. */
export function hasConsent(
  context: EntraContext,
  app: App,
  tenantId: string,
  userId: string | undefined,
  resourceAppId: string,
  scopes: readonly string[],
): boolean {
  const granted = new Set(
    context.state.consents
      .filter((one) => one.appId === app.appId && one.tenantId === tenantId)
      .filter((one) => one.resourceAppId === resourceAppId)
      .filter((one) => one.userId === undefined || one.userId === userId)
      .flatMap((one) => one.scopes),
  )
  return scopes.every((scope) => granted.has(scope))
}

/** Writes down a consent: of one user, or, without one, of an admin for the whole tenant. */
export function grantConsent(
  context: EntraContext,
  app: App,
  tenantId: string,
  userId: string | undefined,
  permissions: readonly { readonly resourceAppId: string; readonly scope: string }[],
): void {
  for (const resourceAppId of new Set(permissions.map((one) => one.resourceAppId))) {
    const scopes = permissions
      .filter((one) => one.resourceAppId === resourceAppId)
      .map((one) => one.scope)
    if (hasConsent(context, app, tenantId, userId, resourceAppId, scopes)) continue
    context.state.consents.push({
      appId: app.appId,
      tenantId,
      ...(userId === undefined ? {} : { userId }),
      resourceAppId,
      scopes,
    })
  }
  context.touch()
}

/** Takes back every consent of an app, in one tenant or in all. */
export function withdrawConsent(context: EntraContext, app: App, tenantId?: string): void {
  context.state.consents = context.state.consents.filter(
    (one) => one.appId !== app.appId || (tenantId !== undefined && one.tenantId !== tenantId),
  )
  context.touch()
}
