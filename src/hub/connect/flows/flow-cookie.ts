import { isToken } from './one-use-token.ts'

/** The cookie that binds a flow to one browser; `SameSite=Lax` lets it come back from the sign-in page. */
export interface FlowCookie {
  readonly name: string
  readonly value: string
  readonly maxAgeSeconds: number
  /** Whether it travels over https only; then its name binds it to this very host. */
  readonly secure: boolean
}

const NAME = 'fairlead-flow-'
const MOST = 20

/**
 * Makes the cookie of one flow. Each flow has its own, so that two tabs do not disturb each other.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6265bis#section-4.1.3.2
 */
export function flowCookie(
  flowId: string,
  value: string,
  { secure, maxAgeSeconds }: { readonly secure: boolean; readonly maxAgeSeconds: number },
): FlowCookie {
  return { name: `${secure ? '__Host-' : ''}${NAME}${flowId}`, value, maxAgeSeconds, secure }
}

/** Finds the values of all flow cookies that a browser sent; from an https hub's only the bound ones. */
export function flowCookieValues(
  cookies: Readonly<Record<string, string>>,
  secure: boolean,
): readonly string[] {
  const prefix = `${secure ? '__Host-' : ''}${NAME}`
  return Object.entries(cookies)
    .filter(([name, value]) => name.startsWith(prefix) && isToken(value))
    .map(([, value]) => value)
    .slice(0, MOST)
}
