import { AccessError } from './access-error.ts'

/** The address people and Microsoft reach the hub at, checked. */
export interface PublicUrl {
  /** The origin, without a path. */
  readonly url: URL
  /** Whether it is https, so that cookies can be bound to this host and to TLS. */
  readonly secure: boolean
}

/**
 * Checks a public URL: https anywhere, http on this machine only, and no path, since the session's cookie
 * belongs to a whole host.
 *
 * @throws AccessError `public_url_unsuitable`
 * @see https://www.rfc-editor.org/rfc/rfc6265#section-8.5
 */
export function checkPublicUrl(text: string | URL): PublicUrl {
  const url = URL.parse(String(text))
  if (url === null || !/^https?:$/.test(url.protocol))
    throw unsuitable('It is not an http or https address.')
  if (url.username !== '' || url.password !== '')
    throw unsuitable('It holds a user name or a password.')
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '')
    throw unsuitable('It has a path, a query or a fragment, but a hub needs a host of its own.')
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    throw unsuitable('It is http on another machine: sessions and codes would travel in the clear.')
  return { url: new URL(url.origin), secure: url.protocol === 'https:' }
}

/** Tells whether a host name always means this machine. */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(\.\d{1,3}){3}$/.test(hostname)
  )
}

function unsuitable(why: string) {
  return new AccessError('public_url_unsuitable', {
    what: 'The public URL cannot be used.',
    why,
    remedy:
      'Give an https address such as https://fairlead.example.com, or http://localhost:4000 for this machine only.',
    who: 'operator',
  })
}
