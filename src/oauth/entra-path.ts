import type { EndpointField } from './endpoint-text.ts'

/** An endpoint's path taken apart; `undefined` if it is not one of Entra's or AD FS's. */
export interface EntraPath {
  readonly tenant: string
  readonly protocol: 'v1' | 'v2'
  readonly kind: 'authorize' | 'token' | 'devicecode'
}

/** Takes a path such as `/common/oauth2/v2.0/token` apart. */
export function readEntraPath(url: URL): EntraPath | undefined {
  const [, tenant, version, kind] =
    /([^/]+)\/oauth2(\/v2\.0)?\/(authorize|token|devicecode)\/?$/i.exec(url.pathname) ?? []
  const known = ENTRA_KINDS.find((each) => each === kind?.toLowerCase())
  if (tenant === undefined || known === undefined) return undefined
  return { tenant: tenant.toLowerCase(), protocol: version ? 'v2' : 'v1', kind: known }
}

const ENTRA_KINDS = ['authorize', 'token', 'devicecode'] as const

/** Tells whether a tenant in a path stands for many directories. */
export function isSharedTenant(tenant: string | undefined): boolean {
  return tenant !== undefined && /^(common|organizations|consumers)$/i.test(tenant)
}

/**
 * Moves endpoints to one directory: all of them, as a code given by one directory's endpoint is refused
 * by another's (AADSTS700005). Nothing but that part of the path changes.
 */
export function moveToTenant<Field extends EndpointField>(
  endpoints: Readonly<Record<Field, string | URL>>,
  tenantId: string,
): Record<Field, string>
export function moveToTenant(
  endpoints: Readonly<Record<string, string | URL>>,
  tenantId: string,
): Record<string, string> {
  const moved = Object.entries(endpoints).map(([field, endpoint]) => {
    const text = String(endpoint)
    const [, start, end] =
      /^([^?#]*\/)[^/?#]+(\/oauth2(?:\/v2\.0)?\/(?:authorize|token|devicecode)\/?(?:[?#].*)?)$/is.exec(
        text,
      ) ?? []
    return [field, start === undefined ? text : `${start}${encodeURIComponent(tenantId)}${end}`]
  })
  return Object.fromEntries(moved)
}
