import { Secret } from '../kernel/index.ts'
import { type Account, accountOf } from './claims.ts'

/** What an authorization server gave. Times are ms since 1970. */
export interface TokenSet {
  readonly accessToken: Secret
  readonly expiresAt: number
  readonly refreshToken?: Secret
  readonly scope?: string
  /** Who signed in, for display and to notice another person; not proven. */
  readonly account?: Account
}

// RFC 6749 leaves expires_in optional, and names no default; an hour is what servers commonly mean.
const DEFAULT_LIFETIME_SECONDS = 3600

/**
 * Takes out of an answer what the OAuth library would misread: Entra's v1 endpoints sign no id_token, and
 * name an issuer that the endpoint does not tell. It is kept aside, to show who signed in.
 */
export function tidyAnswer(answer: { readonly [key: string]: unknown }): {
  readonly rest: { readonly [key: string]: unknown }
  readonly idToken?: Secret
} {
  const { id_token: idToken, expires_in: expiresIn, refresh_token: refreshToken, ...known } = answer
  // An empty refresh token means none: the old one stays good.
  const others = refreshToken ? { ...known, refresh_token: refreshToken } : known
  const seconds = typeof expiresIn === 'string' ? Number.parseFloat(expiresIn) : expiresIn
  const usable = typeof seconds === 'number' && Number.isFinite(seconds) && seconds >= 0
  const rest = { ...others, ...(usable ? { expires_in: seconds } : {}) }
  return typeof idToken === 'string' ? { rest, idToken: new Secret(idToken) } : { rest }
}

/** Makes the token set of an answer that the OAuth library has accepted. */
export function tokenSetOf(
  answer: {
    readonly access_token: string
    readonly expires_in?: number | undefined
    readonly refresh_token?: string | undefined
    readonly scope?: string | undefined
  },
  idToken: Secret | undefined,
  requestedAt: number,
): TokenSet {
  const { access_token, expires_in = DEFAULT_LIFETIME_SECONDS, refresh_token, scope } = answer
  const accessToken = new Secret(access_token)
  const account = accountOf([idToken, accessToken])
  return {
    accessToken,
    expiresAt: requestedAt + expires_in * 1000,
    ...(refresh_token ? { refreshToken: new Secret(refresh_token) } : {}),
    ...(scope === undefined ? {} : { scope }),
    ...(account && { account }),
  }
}
