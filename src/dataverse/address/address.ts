import { DataverseError, invalidArgument } from '../errors/dataverse-error.ts'

/** Where one environment's Web API lives. */
export interface WebApi {
  /** Ends in a slash: `https://org1.crm4.dynamics.com/api/data/v9.2/`. */
  readonly root: URL
  /** What every address must stay under: `/api/data/`, after the environment's own path if it has one. */
  readonly dataPath: string
}

// Names and keys without anything that an address parser could read as more: most of what is written.
const PLAIN = /^[A-Za-z_]\w*(?:\([\w',=-]*\))?(?:\/[A-Za-z_]\w*)*$/
const VERSION = /^v?(\d{1,2}\.\d{1,2}(?:\.\d{1,3})?)$/
// https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/overview
/** The longest address of a request. */
export const LONGEST_ADDRESS = 32_768
/** The longest address of a GET within a batch, into which longer ones are moved. */
export const LONGEST_BATCHED_ADDRESS = 65_536

/**
 * Builds the Web API's address from the environment's.
 *
 * @throws DataverseError `invalid_argument`
 */
export function webApi(environmentUrl: string | URL, apiVersion: string): WebApi {
  const version = VERSION.exec(apiVersion.trim())?.[1]
  if (version === undefined) {
    throw invalidArgument('apiVersion', 'it is not of the form v9.2', 'Write it as v9.2.')
  }
  const base = parse(environmentUrl)
  // An organization of an own server has a path, https://host/org, which belongs to every address.
  const path = base.pathname.replace(/\/+$/, '')
  if (/\/api\/data(\/|$)/i.test(path)) {
    throw invalidArgument(
      'environmentUrl',
      'it is the address of the Web API',
      'Give the bare address of the environment, such as https://org1.crm4.dynamics.com.',
    )
  }
  const dataPath = `${path}/api/data/`
  return { root: new URL(`${dataPath}v${version}/`, base.origin), dataPath }
}

/**
 * Resolves an address that a caller wrote, relative to the Web API or absolute, and only then checks
 * that it has not left the environment.
 *
 * @throws DataverseError `unsafe_address`
 */
export function resolvePath(api: WebApi, path: string, longest = LONGEST_ADDRESS): URL {
  if (PLAIN.test(path)) return checkLength(new URL(api.root.href + path), longest)
  const relative = /^\/(?![/\\]|api\/)/i.test(path) && !path.startsWith(api.dataPath)
  const url = tryUrl(relative ? path.slice(1) : path, api.root)
  const problem = url === undefined ? 'it is not an address' : departure(api, url)
  if (url !== undefined && problem === undefined) return checkLength(withoutHash(url), longest)
  throw new DataverseError('unsafe_address', {
    what: `The address was refused: ${problem}.`,
    why: 'Requests carry this environment’s access token, which must not reach anything else.',
    remedy: `Give an address relative to ${api.root.href}, such as accounts?$top=1.`,
    facts: { field: 'path', ...(url === undefined ? {} : { host: url.host }) },
  })
}

/**
 * Resolves a link from an answer of the service, under the same rule.
 *
 * @throws DataverseError `unsafe_link`
 */
export function resolveLink(api: WebApi, link: string, base: URL): URL {
  const url = tryUrl(link, base)
  const problem = url === undefined ? 'it is not an address' : departure(api, url)
  if (url !== undefined && problem === undefined) return withoutHash(url)
  throw new DataverseError('unsafe_link', {
    what: `A link in the answer was not followed: ${problem}.`,
    why: 'Requests carry this environment’s access token, which must not reach anything else.',
    remedy: 'Check that the environment’s address is the one it uses for itself in its links.',
    who: 'crm-administrator',
    facts: { host: url?.host ?? null, expected: api.root.host },
  })
}

/** Refuses an address that is longer than the service reads. @throws DataverseError `address_too_long` */
export function checkLength(url: URL, longest = LONGEST_ADDRESS): URL {
  if (url.href.length <= longest) return url
  throw new DataverseError('address_too_long', {
    what: `The request’s address has ${url.href.length} characters; Dataverse reads ${longest}.`,
    why: 'The query is too long to be sent in an address.',
    remedy: 'Select fewer columns or filter by fewer values.',
    facts: { length: url.href.length },
  })
}

/** The longest address that a request may be given; that of a GET may be moved into a batch. */
export function longestAddress(method: string): number {
  return method === 'GET' ? LONGEST_BATCHED_ADDRESS : LONGEST_ADDRESS
}

function departure(api: WebApi, url: URL): string | undefined {
  if (url.origin !== api.root.origin) {
    // An address without a host, such as of a file, has no origin.
    const elsewhere = url.host === '' ? url.protocol : `${url.protocol}//${url.host}`
    return `it leads to ${elsewhere}, not ${api.root.origin}`
  }
  if (url.username !== '' || url.password !== '') return 'it carries a user name'
  if (!url.pathname.startsWith(api.dataPath)) return `it is outside of ${api.dataPath}`
  return url.pathname.includes('%') && climbs(url.pathname)
    ? 'its path holds encoded steps upwards'
    : undefined
}

// A server may decode once more than the URL parser did, so that encoded dots are looked at twice.
function climbs(path: string): boolean {
  let decoded = path
  for (let round = 0; round < 2; round += 1) {
    try {
      decoded = decodeURIComponent(decoded)
    } catch {
      return round === 0
    }
    if (decoded.split(/[/\\]/).some((segment) => segment === '..' || segment === '.')) return true
  }
  return false
}

function parse(environmentUrl: string | URL): URL {
  const url = tryUrl(String(environmentUrl))
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url
  throw invalidArgument(
    'environmentUrl',
    'it is not a web address',
    'Give the environment’s address, such as https://org1.crm4.dynamics.com.',
  )
}

function tryUrl(text: string, base?: URL): URL | undefined {
  return URL.canParse(text, base?.href) ? new URL(text, base) : undefined
}

function withoutHash(url: URL): URL {
  if (!url.href.includes('#')) return url
  const copy = new URL(url)
  copy.hash = ''
  return copy
}
