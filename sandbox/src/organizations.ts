import type { Member } from './dataverse/index.ts'
import type { App, User } from './entra/index.ts'
import type { Handler } from './exchange.ts'
import type { OrganizationIdentity } from './identity.ts'
import type { Seeded } from './seeded.ts'

/** An environment before it has an address. */
export interface OrganizationPlan {
  readonly uniqueName: string
  readonly friendlyName: string
  /** 0 or 1: which of the two tenants owns it. */
  readonly tenant: 0 | 1
  /** The domain of its real-looking host. */
  readonly domain: string
}

export const ORGANIZATION_PLANS: readonly OrganizationPlan[] = [
  {
    uniqueName: 'orgfb974624',
    friendlyName: 'Harborlight',
    tenant: 0,
    domain: 'crm4.dynamics.com',
  },
  {
    uniqueName: 'org5c20e1d7',
    friendlyName: 'Harborlight Test',
    tenant: 0,
    domain: 'crm4.dynamics.com',
  },
  { uniqueName: 'org81d3a9f0', friendlyName: 'Oakmere', tenant: 1, domain: 'crm.dynamics.com' },
  {
    uniqueName: 'orge6b47c12',
    friendlyName: 'Oakmere Test',
    tenant: 1,
    domain: 'crm11.dynamics.com',
  },
]

const ADMINISTRATOR = 'System Administrator'
const ORDINARY = 'Basic User'

/** Real-looking names of an environment: itself, and its API host. */
export function hostAliases(plan: OrganizationPlan): string[] {
  return [`${plan.uniqueName}.${plan.domain}`, `${plan.uniqueName}.api.${plan.domain}`]
}

/** Gives an environment its addresses. */
export function identify(
  plan: OrganizationPlan,
  seeded: Seeded,
  tenantId: string,
  entraOrigin: string,
  address: { readonly origin: string; readonly port: number },
): OrganizationIdentity {
  const scheme = address.origin.split(':')[0]
  const loopback = ['127.0.0.1', 'localhost'].map((host) => `${scheme}://${host}:${address.port}`)
  const aliases = hostAliases(plan).map((host) => `https://${host}`)
  return {
    id: seeded.guid(`organization ${plan.uniqueName}`),
    uniqueName: plan.uniqueName,
    friendlyName: plan.friendlyName,
    tenantId,
    origins: [...new Set([address.origin, ...loopback, ...aliases])],
    authorizationUri: `${entraOrigin}/${tenantId}/oauth2/authorize`,
  }
}

/** Who is known in the environments of a tenant: by their story, and the two application users. */
export function membersOf(
  tenantId: string,
  users: readonly User[],
  apps: ReadonlyMap<string, App>,
): Member[] {
  const people = users
    .filter((user) => user.tenantId === tenantId || user.guestOf.includes(tenantId))
    .filter((user) => user.story !== 'notInOrganization')
    .map((user) => ({
      entraObjectId: user.id,
      name: user.displayName,
      email: user.username,
      roles: rolesOf(user),
      ...(user.story === 'disabledInOrganization' ? { disabled: true } : {}),
    }))
  const labels = [
    'singleTenant',
    'consented',
    'multiTenant',
    'expiredSecret',
    'certificate',
    'strictRefresh',
  ]
  const applications = labels.flatMap((label) => {
    const app = apps.get(label)
    const objectId = app?.servicePrincipals[tenantId]
    if (!app || objectId === undefined) return []
    const email = `${app.appId}@applications.example`
    return [
      {
        entraObjectId: objectId,
        name: `# ${app.displayName}`,
        email,
        applicationId: app.appId,
        roles: [ADMINISTRATOR],
      },
    ]
  })
  return [...people, ...applications]
}

/**
 * Lets the challenge name the address that the client asked, and, under a real-looking host,
 * the real-looking sign-in host.
 */
export function withAskedNames(
  handler: Handler,
  identity: OrganizationIdentity,
  aliases: readonly string[],
): Handler {
  const signIn = new URL(identity.authorizationUri).origin
  return async (exchange) => {
    const answer = await handler(exchange)
    const challenge = answer.headers?.['www-authenticate']
    if (typeof challenge !== 'string') return answer
    const isAlias = aliases.includes(exchange.url.hostname)
    const text = challenge
      .replace(`resource_id=${identity.origins[0]}/`, `resource_id=${exchange.url.origin}/`)
      .replace(signIn, isAlias ? 'https://login.microsoftonline.com' : signIn)
    return { ...answer, headers: { ...answer.headers, 'www-authenticate': text } }
  }
}

function rolesOf(user: User): string[] {
  if (user.story === 'withoutRole') return []
  return [user.admin ? ADMINISTRATOR : ORDINARY]
}
