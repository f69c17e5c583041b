import { cloudOfEnvironmentHost, isLoopbackHost } from '../transport/index.ts'
import { inputError } from './oauth-error.ts'
import { otherProduct } from './other-products.ts'

/** A CRM address taken apart. */
export interface CrmAddress {
  /** Scheme, host and port of the environment. */
  readonly environmentUrl: URL
  /** The version that was part of the address, e.g. `v9.2`. */
  readonly apiVersion?: string
  /** What was read into it or left out, for the person who typed it. */
  readonly notes: readonly string[]
}

/**
 * Reads a CRM address in any of the forms that people paste: bare host, environment, Web API address
 * with or without version, a link out of the app.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict'
 * import { parseCrmAddress } from 'fairlead/oauth'
 *
 * const { environmentUrl, apiVersion } = parseCrmAddress('org1.crm4.dynamics.com/api/data/v9.2/')
 * assert.equal(environmentUrl.href, 'https://org1.crm4.dynamics.com/')
 * assert.equal(apiVersion, 'v9.2')
 * ```
 * @throws OAuthError `address_missing`, `address_unreadable`, `address_insecure`, `address_other_product`
 */
export function parseCrmAddress(text: string): CrmAddress {
  const notes: string[] = []
  const typed = text.replace(/[\s\p{Cf}<>"'`]+/gu, '')
  if (typed === '') throw missing()
  const complete = /^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? typed : `https://${typed}`
  if (complete !== typed) notes.push('https:// was added.')
  const url = URL.parse(complete)
  if (url === null || !/^https?:$/.test(url.protocol)) throw unreadable()
  if (url.username !== '' || url.password !== '' || /[{}*%]/.test(url.hostname)) throw unreadable()
  const environmentUrl = environmentOf(url, notes)
  const other = otherProduct(environmentUrl.hostname)
  if (other) throw inputError('address_other_product', other)
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname)) throw insecure(environmentUrl)
  const apiVersion = versionOf(url, notes)
  return { environmentUrl, notes, ...(apiVersion === undefined ? {} : { apiVersion }) }
}

/**
 * Brings the version in an address and the one in the form's field together; `v9.2` if neither is there.
 *
 * @throws OAuthError `api_version_invalid`, `api_version_conflict`
 */
export function resolveApiVersion(
  address: Pick<CrmAddress, 'apiVersion'>,
  field: string | undefined = '',
): string {
  const typed = field.replace(/[\s\p{Cf}/]+/gu, '').toLowerCase()
  if (typed === '') return address.apiVersion ?? 'v9.2'
  const [, number] = /^v?(\d{1,2}\.\d{1,2})$/.exec(typed) ?? []
  if (number === undefined) {
    throw inputError('api_version_invalid', {
      what: 'The API version cannot be read.',
      why: 'A version of the Web API looks like v9.2.',
      remedy: 'Leave it empty for v9.2, or write v and the number.',
      facts: { field: 'apiVersion' },
    })
  }
  const version = `v${number}`
  if (address.apiVersion === undefined || address.apiVersion === version) return version
  throw inputError('api_version_conflict', {
    what: 'The address and the field name different API versions.',
    why: `The address says ${address.apiVersion}, the field says ${version}.`,
    remedy: `Leave the field empty to use ${address.apiVersion}, or take the version out of the address.`,
    facts: { field: 'apiVersion', inAddress: address.apiVersion, inField: version },
  })
}

// Defender for Cloud Apps appends its own domain to the links of a watched session.
const SESSION_PROXY = /\.(?:[a-z]{2}\d?\.)?mcas(?:-gov)?\.(?:ms|us)$/

function environmentOf(url: URL, notes: string[]): URL {
  const origin = new URL(url.origin)
  // The full stop of a sentence; DNS would take it for the root.
  origin.hostname = origin.hostname.replace(/\.$/, '')
  if (SESSION_PROXY.test(origin.hostname)) {
    origin.hostname = origin.hostname.replace(SESSION_PROXY, '')
    notes.push('The part added by Defender for Cloud Apps was left out.')
  }
  if (cloudOfEnvironmentHost(origin.host) && /^[^.]+\.api\./.test(origin.hostname)) {
    origin.hostname = origin.hostname.replace(/^([^.]+)\.api\./, '$1.')
    notes.push("The environment's own host was taken instead of its API host.")
  }
  return origin
}

function versionOf(url: URL, notes: string[]): string | undefined {
  const isWebApi = /^\/*(api\/*(data(\/.*)?)?)?$/i.test(url.pathname)
  const [, version, beyond = ''] =
    /^\/api\/+data\/+v?(\d{1,2}\.\d{1,2})(?:\/+(.*))?$/i.exec(url.pathname) ?? []
  if (version === undefined ? !isWebApi || url.search !== '' : beyond !== '' || url.search !== '') {
    notes.push('Only the environment was taken from the link.')
  }
  return version === undefined ? undefined : `v${version}`
}

function missing() {
  return inputError('address_missing', {
    what: 'The CRM address is empty.',
    why: 'Everything else is found from it.',
    remedy:
      'Open the CRM environment in a browser and copy its address, such as https://org1.crm4.dynamics.com',
    facts: { field: 'address' },
  })
}

function unreadable() {
  return inputError('address_unreadable', {
    what: 'The CRM address cannot be read.',
    why: 'It is not a web address, or holds a placeholder or a user name.',
    remedy:
      'Open the CRM environment in a browser and copy its address, such as https://org1.crm4.dynamics.com',
    facts: { field: 'address' },
  })
}

function insecure(environmentUrl: URL) {
  const fix = environmentUrl.origin.replace(/^http:/, 'https:')
  return inputError('address_insecure', {
    what: 'The CRM address begins with http://.',
    why: 'Tokens and data would cross the network in clear.',
    remedy: `Write ${fix}`,
    facts: { field: 'address', fix },
  })
}
