/** One of Microsoft's separate clouds, each with its own directory and its own environments. */
export interface Cloud {
  readonly id: string
  readonly name: string
  /** The login hosts, the one to write first; the others are its aliases. */
  readonly loginHosts: readonly [string, ...string[]]
  /** Domains whose subdomains are environments; `crm*` stands for `crm`, `crm2`, `crm11` and so on. */
  readonly environmentDomains: readonly string[]
  readonly portal: string
}

/**
 * Microsoft's clouds as data. GCC signs in with the public login hosts, so that a login host alone does
 * not tell the two apart: the first cloud that matches is named.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud
 */
export const CLOUDS: readonly Cloud[] = [
  {
    id: 'public',
    name: 'Microsoft public cloud',
    loginHosts: [
      'login.microsoftonline.com',
      'login.windows.net',
      'login.microsoft.com',
      'sts.windows.net',
    ],
    environmentDomains: ['crm*.dynamics.com'],
    portal: 'https://portal.azure.com',
  },
  {
    id: 'gcc',
    name: 'US Government Community Cloud (GCC)',
    loginHosts: ['login.microsoftonline.com', 'login.windows.net'],
    environmentDomains: ['crm9.dynamics.com'],
    portal: 'https://portal.azure.com',
  },
  {
    id: 'gcc-high',
    name: 'US Government Community Cloud High (GCC High)',
    loginHosts: ['login.microsoftonline.us', 'login.usgovcloudapi.net'],
    environmentDomains: ['crm.microsoftdynamics.us'],
    portal: 'https://portal.azure.us',
  },
  {
    id: 'dod',
    name: 'US Department of Defense (DoD)',
    loginHosts: ['login.microsoftonline.us', 'login.usgovcloudapi.net'],
    environmentDomains: ['crm.appsplatform.us'],
    portal: 'https://portal.azure.us',
  },
  {
    id: 'china',
    name: 'Microsoft cloud in China, operated by 21Vianet',
    loginHosts: ['login.partner.microsoftonline.cn', 'login.chinacloudapi.cn'],
    environmentDomains: ['crm.dynamics.cn'],
    portal: 'https://portal.azure.cn',
  },
]

/** The first cloud that a login host belongs to. */
export function cloudOfLoginHost(host: string): Cloud | undefined {
  const name = host.toLowerCase()
  return CLOUDS.find((cloud) => cloud.loginHosts.includes(name))
}

/** The cloud whose environment this host is, e.g. `org1.crm4.dynamics.com` or `org1.api.crm4.…`. */
export function cloudOfEnvironmentHost(host: string): Cloud | undefined {
  const name = host.toLowerCase()
  const matches = CLOUDS.filter((cloud) =>
    cloud.environmentDomains.some((domain) => environmentPattern(domain).test(name)),
  )
  // crm9.dynamics.com is also one of crm*.dynamics.com: the narrower entry stands later.
  return matches.at(-1)
}

/** Tells whether Fairlead may reach a host without the operator having named it. */
export function isMicrosoftHost(host: string): boolean {
  return cloudOfLoginHost(host) !== undefined || cloudOfEnvironmentHost(host) !== undefined
}

function environmentPattern(domain: string): RegExp {
  const escaped = domain.replaceAll('.', '\\.').replace('*', '\\d{0,2}')
  return new RegExp(`^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\\.api)?\\.${escaped}$`)
}
