import { cloudOfEnvironmentHost } from '../../../transport/index.ts'

/** What differs between Microsoft's clouds for somebody who registers an app. */
export interface GuideCloud {
  readonly loginUrl: string
  readonly portalUrl: string
  readonly powerPlatformUrl: string
  /** Its name for `az cloud set`. */
  readonly azName: string
}

type Admin = Pick<GuideCloud, 'powerPlatformUrl' | 'azName'>

const PUBLIC_ADMIN: Admin = {
  powerPlatformUrl: 'https://admin.powerplatform.microsoft.com',
  azName: 'AzureCloud',
}

// https://learn.microsoft.com/power-platform/admin/powerapps-us-government
const ADMIN: Readonly<Record<string, Admin>> = {
  gcc: { ...PUBLIC_ADMIN, powerPlatformUrl: 'https://gcc.admin.powerplatform.microsoft.us' },
  'gcc-high': {
    powerPlatformUrl: 'https://high.admin.powerplatform.microsoft.us',
    azName: 'AzureUSGovernment',
  },
  dod: { powerPlatformUrl: 'https://admin.appsplatform.us', azName: 'AzureUSGovernment' },
  china: {
    powerPlatformUrl: 'https://admin.powerplatform.partner.microsoftonline.cn',
    azName: 'AzureChinaCloud',
  },
}

/** Finds the cloud of an environment by its host; the public one for any other host. */
export function guideCloudOf(environmentUrl: URL): GuideCloud {
  const cloud = cloudOfEnvironmentHost(environmentUrl.hostname)
  return {
    loginUrl: `https://${cloud?.loginHosts[0] ?? 'login.microsoftonline.com'}`,
    portalUrl: cloud?.portal ?? 'https://portal.azure.com',
    ...(ADMIN[cloud?.id ?? ''] ?? PUBLIC_ADMIN),
  }
}
