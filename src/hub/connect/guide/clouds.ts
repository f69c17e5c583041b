/** What differs between Microsoft's clouds for somebody who registers an app. */
export interface GuideCloud {
  readonly loginUrl: string
  readonly portalUrl: string
  readonly powerPlatformUrl: string
  /** Its name for `az cloud set`. */
  readonly azName: string
}

const PUBLIC: GuideCloud = {
  loginUrl: 'https://login.microsoftonline.com',
  portalUrl: 'https://portal.azure.com',
  powerPlatformUrl: 'https://admin.powerplatform.microsoft.com',
  azName: 'AzureCloud',
}

const US_GOVERNMENT: GuideCloud = {
  loginUrl: 'https://login.microsoftonline.us',
  portalUrl: 'https://portal.azure.us',
  powerPlatformUrl: 'https://high.admin.powerplatform.microsoft.us',
  azName: 'AzureUSGovernment',
}

const CLOUDS: readonly (readonly [host: RegExp, cloud: GuideCloud])[] = [
  [/\.crm\.microsoftdynamics\.us$/, US_GOVERNMENT],
  [
    /\.crm\.appsplatform\.us$/,
    { ...US_GOVERNMENT, powerPlatformUrl: 'https://admin.appsplatform.us' },
  ],
  [
    /\.crm9\.dynamics\.com$/,
    { ...PUBLIC, powerPlatformUrl: 'https://gcc.admin.powerplatform.microsoft.us' },
  ],
  [
    /\.crm\.dynamics\.cn$/,
    {
      loginUrl: 'https://login.partner.microsoftonline.cn',
      portalUrl: 'https://portal.azure.cn',
      powerPlatformUrl: 'https://admin.powerplatform.partner.microsoftonline.cn',
      azName: 'AzureChinaCloud',
    },
  ],
]

/** Finds the cloud of an environment by its host; the public one for any other host. */
export function guideCloudOf(environmentUrl: URL): GuideCloud {
  return CLOUDS.find(([host]) => host.test(environmentUrl.hostname))?.[1] ?? PUBLIC
}
