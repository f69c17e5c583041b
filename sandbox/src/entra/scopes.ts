import { aadsts } from './aadsts.ts'
import type { App } from './model.ts'
import type { Resource } from './resources.ts'

const PROTOCOL_SCOPES: ReadonlySet<string> = new Set([
  'openid',
  'profile',
  'email',
  'offline_access',
])

/** Tells the scopes of OpenID Connect from permissions on a resource. */
export function isProtocolScope(scope: string): boolean {
  return PROTOCOL_SCOPES.has(scope)
}

/** A v2 `scope` taken apart. */
export interface ScopeRequest {
  /** The resource as the client spelt it; absent when only protocol scopes were asked. */
  readonly resource?: string
  /** Permissions on that resource, `.default` among them. */
  readonly permissions: readonly string[]
  readonly protocol: readonly string[]
}

/** Takes a v2 scope apart. @throws AADSTS28000 when it names two resources */
export function readScope(scope: string): ScopeRequest {
  const protocol: string[] = []
  const permissions: string[] = []
  const resources = new Set<string>()
  for (const word of scope.split(' ').filter(Boolean)) {
    if (PROTOCOL_SCOPES.has(word.toLowerCase())) {
      protocol.push(word.toLowerCase())
      continue
    }
    const slash = word.lastIndexOf('/')
    // A permission without resource is Microsoft Graph's.
    resources.add(slash < 0 ? 'https://graph.microsoft.com' : word.slice(0, slash))
    permissions.push(word.slice(slash + 1))
  }
  if (resources.size > 1) throw aadsts(28000, { scope })
  const [resource] = resources
  return { ...(resource === undefined ? {} : { resource }), permissions, protocol }
}

/**
 * The permissions on the resource that the request amounts to.
 * v1 and `.default` mean what the registration lists, so that a resource it does not list is refused.
 * @throws AADSTS650057 not in the registration, 650053 no such permission
 */
export function requestedPermissions(
  app: App,
  resource: Resource,
  permissions: readonly string[] | 'static',
  spelling: string,
): string[] {
  if (permissions === 'static' || permissions.includes('.default')) {
    const listed = app.permissions.filter((one) => one.resourceAppId === resource.appId)
    if (listed.length === 0) {
      const valid = [...new Set(app.permissions.map((one) => one.resourceAppId))].join(', ')
      throw aadsts(650057, {
        appId: app.appId,
        name: app.displayName,
        resource: spelling,
        resourceAppId: resource.appId,
        valid,
      })
    }
    return listed.map((one) => one.scope)
  }
  for (const scope of permissions) {
    if (!resource.scopes.includes(scope)) {
      throw aadsts(650053, { name: app.displayName, scope, resource: resource.appId })
    }
  }
  return [...permissions]
}
