import { aadsts } from './aadsts.ts'
import type { EntraContext } from './context.ts'
import type { App, Tenant, User } from './model.ts'

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/i

/** What the first segment of an address names: one tenant, or any. */
export type TenantChoice =
  | { readonly kind: 'tenant'; readonly tenant: Tenant }
  | { readonly kind: 'any'; readonly alias: 'common' | 'organizations' | 'consumers' }

/** Finds the tenant of an address. @throws AADSTS900023 no tenant name, 90002 unknown */
export function chooseTenant(context: EntraContext, path: string): TenantChoice {
  const name = path.toLowerCase()
  if (name === 'common' || name === 'organizations' || name === 'consumers') {
    return { kind: 'any', alias: name }
  }
  if (!GUID.test(name) && !DOMAIN.test(name)) throw aadsts(900023, { tenant: path })
  const tenant = context.state.tenants.find((one) => one.id === name || one.domains.includes(name))
  if (!tenant) throw aadsts(90002, { tenant: path })
  return { kind: 'tenant', tenant }
}

/** The path in its one canonical spelling: the alias, or the tenant's id. */
export function canonicalPath(choice: TenantChoice): string {
  return choice.kind === 'tenant' ? choice.tenant.id : choice.alias
}

/**
 * Finds the app that may be used at that tenant.
 * @throws AADSTS700016 unknown there, 50194 single-tenant through /common, 9002332, 7000112 disabled
 */
export function findApp(context: EntraContext, clientId: string, choice: TenantChoice): App {
  const app = context.state.apps.find((one) => one.appId === clientId.toLowerCase())
  const tenant = choice.kind === 'tenant' ? choice.tenant.displayName : 'Microsoft Accounts'
  if (!app) throw aadsts(700016, { appId: clientId, tenant })
  const named = { appId: app.appId, name: app.displayName }
  if (choice.kind === 'any') {
    if (choice.alias === 'consumers') throw aadsts(9002332, named)
    if (app.audience === 'single') throw aadsts(50194, named)
  } else if (app.audience === 'single' && app.tenantId !== choice.tenant.id) {
    throw aadsts(700016, { appId: clientId, tenant })
  }
  if (!app.enabled) throw aadsts(7000112, named)
  return app
}

export function tenantById(context: EntraContext, id: string): Tenant {
  const tenant = context.state.tenants.find((one) => one.id === id)
  if (!tenant) throw aadsts(90002, { tenant: id })
  return tenant
}

export function findUser(context: EntraContext, id: string): User | undefined {
  return context.state.users.find((user) => user.id === id)
}

export function findUserByName(context: EntraContext, username: string): User | undefined {
  return context.state.users.find((user) => user.username === username.trim().toLowerCase())
}

/** Tells whether the user has an account in that tenant, as a member or a guest. */
export function isInTenant(user: User, tenantId: string): boolean {
  return user.tenantId === tenantId || user.guestOf.includes(tenantId)
}

/** The app's object in a tenant; made when the app is first used there. */
export function servicePrincipal(context: EntraContext, app: App, tenantId: string): string {
  const known = app.servicePrincipals[tenantId]
  if (known) return known
  const made = context.seeded.guid(`service principal ${app.appId} ${tenantId}`)
  app.servicePrincipals[tenantId] = made
  context.touch()
  return made
}

/** 16000/50020's name of where an account comes from. */
export function identityProvider(user: User): string {
  return `https://sts.windows.net/${user.tenantId}/`
}
