import type { Entra, User } from './entra/index.ts'
import type { OrganizationIdentity } from './identity.ts'
import { hostAliases, ORGANIZATION_PLANS } from './organizations.ts'
import type { Origins } from './origins.ts'

/** What the sandbox prints when it is ready: addresses, and everything needed to use it. */
export interface SandboxLine {
  readonly orgUrl: string
  readonly apiUrl: string
  /** The sign-in host, without a tenant. */
  readonly authority: string
  readonly tenantId: string
  readonly clientId: string
  readonly clientSecret: string
  readonly users: readonly {
    readonly username: string
    readonly password: string
    /** What the user is there to show: `admin`, `member`, `guest`, `disabled` and so on. */
    readonly state: string
    readonly displayName: string
    readonly tenantId: string
    readonly objectId: string
  }[]
  readonly adminUrl: string
  /** The test CA in PEM; null over http. */
  readonly caFile: string | null
  readonly organizations: readonly {
    readonly url: string
    readonly apiUrl: string
    readonly uniqueName: string
    readonly tenantId: string
    readonly hostAliases: readonly string[]
  }[]
  readonly tenants: readonly {
    readonly id: string
    readonly displayName: string
    readonly domains: readonly string[]
  }[]
  /** All seeded registrations; `label` says what each is there to show. */
  readonly apps: readonly {
    readonly label: string
    readonly name: string
    readonly tenantId: string
    readonly clientId: string
    readonly clientSecret: string | null
    readonly secretId: string | null
    readonly redirectUris: readonly string[]
  }[]
}

/** Puts the line together. */
export function describeSandbox(
  entra: Entra,
  identities: readonly OrganizationIdentity[],
  origins: Origins,
): SandboxLine {
  const apps = [...entra.apps()].map(([label, app]) => ({
    label,
    name: app.displayName,
    tenantId: app.tenantId,
    clientId: app.appId,
    clientSecret: app.secrets[0]?.value ?? null,
    secretId: app.secrets[0]?.id ?? null,
    redirectUris: app.redirectUris.map((one) => one.uri),
  }))
  const organizations = identities.map(describeOrganization)
  const [named] = apps
  const [first] = organizations
  return {
    orgUrl: first?.url ?? '',
    apiUrl: first?.apiUrl ?? '',
    authority: origins.entra.origin,
    tenantId: named?.tenantId ?? '',
    clientId: named?.clientId ?? '',
    clientSecret: named?.clientSecret ?? '',
    users: entra.context.state.users.map(describeUser),
    adminUrl: origins.admin.origin,
    caFile: origins.caFile,
    organizations,
    tenants: entra.context.state.tenants,
    apps,
  }
}

function describeOrganization(identity: OrganizationIdentity, index: number) {
  const plan = ORGANIZATION_PLANS[index]
  const url = identity.origins[0] ?? ''
  return {
    url,
    apiUrl: `${url}/api/data/v9.2`,
    uniqueName: identity.uniqueName,
    tenantId: identity.tenantId,
    hostAliases: plan ? hostAliases(plan) : [],
  }
}

function describeUser(user: User) {
  const { username, password, displayName, tenantId } = user
  return { username, password, state: user.story, displayName, tenantId, objectId: user.id }
}
