import { readFile } from 'node:fs/promises'
import { OAuthError, parseCrmAddress } from '../../../oauth/index.ts'
import { guideCloudOf } from './clouds.ts'
import { registrationScript } from './registration-script.ts'

/** What is known of this hub and its reader. */
export interface GuideValues {
  readonly redirectUri: string
  readonly platformName: string
  /** The CRM address, if the reader has named one; one that cannot be read counts as none. */
  readonly crmAddress?: string | URL
  readonly tenantId?: string
  readonly clientId?: string
  /** ms since 1970; the script's secret ends two years later. */
  readonly now: number
}

const EXAMPLE_ADDRESS = new URL('https://org1.crm4.dynamics.com')
const TEMPLATE = new URL('../../../../docs/connecting.md', import.meta.url)

/** Reads the guide and fills it in: Markdown, ready to be shown at `/guide`. */
export async function readGuide(values: GuideValues): Promise<string> {
  return fillGuide(await readFile(TEMPLATE, 'utf8'), values)
}

/** Fills the placeholders of a guide. What is in the values is text, never Markdown or HTML. */
export function fillGuide(template: string, values: GuideValues): string {
  const known = placeholders(values)
  return template.replace(/\{(\w+)\}/g, (all, name: string) => known.get(name) ?? all)
}

function placeholders(values: GuideValues): ReadonlyMap<string, string> {
  const address = readAddress(values.crmAddress) ?? EXAMPLE_ADDRESS
  const cloud = guideCloudOf(address)
  const platformName = values.platformName.replace(/[\r\n`<>[\]|*_]/g, ' ').trim()
  return new Map([
    ['redirectUri', values.redirectUri],
    ['encodedRedirectUri', encodeURIComponent(values.redirectUri)],
    ['platformName', platformName],
    ['crmAddress', address.origin],
    ['encodedCrmAddress', encodeURIComponent(`${address.origin}/`)],
    ['tenantId', plainName(values.tenantId) ?? 'your-tenant-id'],
    ['clientId', plainName(values.clientId) ?? 'your-client-id'],
    ['loginUrl', cloud.loginUrl],
    ['portalUrl', cloud.portalUrl],
    ['powerPlatformUrl', cloud.powerPlatformUrl],
    ['script', script(values, platformName, cloud.azName)],
  ])
}

function readAddress(address: string | URL | undefined): URL | undefined {
  try {
    return address ? parseCrmAddress(String(address)).environmentUrl : undefined
  } catch (error) {
    if (error instanceof OAuthError) return undefined
    throw error
  }
}

// Both come from a link that anybody can make: nothing but an id or a domain name gets into the page.
function plainName(text: string | undefined): string | undefined {
  return text !== undefined && /^[\w.-]{1,120}$/.test(text) ? text : undefined
}

function script({ redirectUri, now }: GuideValues, appName: string, azCloud: string): string {
  const secretExpires = twoYearsAfter(now)
  return registrationScript({ appName, redirectUri, azCloud, secretExpires })
}

// One day less than 24 months, which is the most that many directories allow.
function twoYearsAfter(now: number): string {
  const date = new Date(now)
  date.setUTCFullYear(date.getUTCFullYear() + 2)
  date.setUTCDate(date.getUTCDate() - 1)
  return date.toISOString().slice(0, 10)
}
