import type { Secret } from '../kernel/index.ts'

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
