/** Names under which the sign-in host is known, in all of Microsoft's clouds. */
export const LOGIN_HOSTS = [
  'login.microsoftonline.com',
  'login.windows.net',
  'login.microsoft.com',
  'sts.windows.net',
  'login.microsoftonline.us',
  'login.usgovcloudapi.net',
  'login.partner.microsoftonline.cn',
  'login.chinacloudapi.cn',
] as const

const REGIONS = [2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 14, 15, 16, 17, 19, 20, 21]

/** Where environments live: one label is put before each. */
const ENVIRONMENT_DOMAINS = [
  'crm.dynamics.com',
  ...REGIONS.map((region) => `crm${region}.dynamics.com`),
  'crm.microsoftdynamics.us',
  'crm.appsplatform.us',
  'crm.dynamics.cn',
] as const

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Everything that the sandbox's certificate is good for. */
export function certificateNames(): string[] {
  const environments = ENVIRONMENT_DOMAINS.flatMap((domain) => [`*.${domain}`, `*.api.${domain}`])
  return ['localhost', '127.0.0.1', ...LOGIN_HOSTS, ...environments]
}

export function isLoopback(hostname: string): boolean {
  return LOOPBACK.has(hostname)
}
