import { type Clock, type Secret, systemClock } from '../kernel/index.ts'

/** An access token and what Dataverse's client must know of it. Times are ms since 1970. */
export interface AccessToken {
  readonly value: Secret
  readonly expiresAt: number
}

/** Where the client gets its tokens; implemented by the vault, or by any caller of the library. */
export interface TokenSource {
  /** A token that is good for at least the next minute. */
  token(signal?: AbortSignal): Promise<AccessToken>
  /** Called once after a 401: answers with another token, or throws if there is none to be had. */
  replace(failed: AccessToken, signal?: AbortSignal): Promise<AccessToken>
}

const GOOD_FOR_MS = 60_000

/**
 * Makes a source of tokens of a function that acquires one: a token is used until a minute before its
 * end, and acquired once however many calls wait for it.
 *
 * @example
 * ```ts
 * import { tokenSource } from 'fairlead/dataverse'
 * import { Secret } from 'fairlead/kernel'
 *
 * const { TENANT: tenant, CLIENT_ID = '', CLIENT_SECRET = '' } = process.env
 *
 * const tokens = tokenSource(async () => {
 *   const answer = await fetch(`https://login.microsoftonline.com/${tenant}/oauth2/v2.0/token`, {
 *     method: 'POST',
 *     body: new URLSearchParams({
 *       grant_type: 'client_credentials',
 *       client_id: CLIENT_ID,
 *       client_secret: CLIENT_SECRET,
 *       scope: 'https://org1.crm4.dynamics.com/.default',
 *     }),
 *   })
 *   const { access_token, expires_in } = Object(await answer.json())
 *   if (!answer.ok) throw new Error(`No token: ${answer.status}`)
 *   return { value: new Secret(access_token), expiresAt: Date.now() + expires_in * 1000 }
 * })
 * ```
 */
export function tokenSource(
  acquire: () => Promise<AccessToken>,
  { clock = systemClock }: { readonly clock?: Clock } = {},
): TokenSource {
  let kept: Promise<AccessToken> | undefined
  const anew = () => {
    const acquired = acquire()
    kept = acquired
    // The next call asks again.
    acquired.catch(() => {
      if (kept === acquired) kept = undefined
    })
    return acquired
  }
  return {
    token: async () => {
      const current = kept
      const token = await (current ?? anew())
      if (token.expiresAt - clock.now() > GOOD_FOR_MS) return token
      // Others who found the same token too old may have asked already.
      return kept === current || kept === undefined ? anew() : kept
    },
    replace: anew,
  }
}
