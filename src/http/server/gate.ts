import { isLoopback } from '../../hub/access/index.ts'
import { HttpError } from './http-error.ts'

/**
 * Refuses a call whose Host is not the public URL's: another name that leads here may belong to a page that
 * wants to read the hub with its visitor's browser.
 *
 * @throws HttpError `host_refused`
 */
export function checkHost(host: string | undefined, publicUrl: URL): void {
  const called = readHost(host, publicUrl.protocol)
  if (called?.host === publicUrl.host) return
  throw new HttpError('host_refused', {
    what: 'This hub does not answer under this address.',
    why: `It was called as "${called?.host ?? 'nothing'}", but its public URL is ${publicUrl.origin}.`,
    remedy: `Use ${publicUrl.origin}, or set FAIRLEAD_PUBLIC_URL to the address you use. A proxy in front must pass the Host header on.`,
    who: 'operator',
    facts: { publicUrl: publicUrl.origin },
  })
}

/** Tells whether a Host names this machine, as a health check of its operator does. */
export function isLocalHost(host: string | undefined): boolean {
  const called = readHost(host, 'http:')
  return called !== undefined && isLoopback(called.hostname)
}

function readHost(host: string | undefined, protocol: string): URL | undefined {
  if (host === undefined || !/^[\w.:[\]-]+$/.test(host)) return undefined
  return URL.parse(`${protocol}//${host}`) ?? undefined
}

/** What of a call tells which page made it. */
export interface Origins {
  readonly method: string
  readonly origin: string | undefined
  /** The Sec-Fetch-Site header, which no page can set. */
  readonly site: string | undefined
  /** Whether the browser's own cookie speaks for the caller. */
  readonly cookie: boolean
}

/**
 * Refuses a write that a page of another origin made a browser send.
 *
 * @throws HttpError `origin_refused`
 * @see https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
 */
export function checkOrigin({ method, origin, site, cookie }: Origins, publicUrl: URL): void {
  if (method === 'GET' || method === 'HEAD') return
  // A page that sends no referrer has the origin "null": then only the browser's own word counts.
  const named = origin === 'null' ? undefined : origin
  const ours = named === publicUrl.origin || (named === undefined && site === 'same-origin')
  const program = origin === undefined && site === undefined && !cookie
  if ((ours && (site ?? 'same-origin') === 'same-origin') || program) return
  throw new HttpError('origin_refused', {
    what: 'This call came from a page of another origin.',
    why: `Writes with a session are taken only from pages of ${publicUrl.origin}.`,
    remedy: `Open ${publicUrl.origin} and do it there. A program uses an API key instead of a cookie.`,
  })
}
