/** What a fault does to a request that it takes. */
export type FaultAction =
  | {
      readonly kind: 'respond'
      readonly status: number
      readonly headers: Readonly<Record<string, string>>
      /** Text as it is, anything else as JSON. */
      readonly body?: unknown
    }
  /** Nothing but `delayMs`. */
  | { readonly kind: 'delay' }
  | { readonly kind: 'hang' }
  /** The connection is reset and the request never served. */
  | { readonly kind: 'reset' }
  /** The request is served, its effects stay, and the connection is reset before the answer. */
  | { readonly kind: 'lose' }
  /** The answer breaks off after that many bytes. */
  | { readonly kind: 'cut'; readonly afterBytes: number }
  /** After that many bytes the answer goes no further, and the connection stays open. */
  | { readonly kind: 'stall'; readonly afterBytes: number }
  /** `content-length` says so many bytes more, or less, than come. */
  | { readonly kind: 'length'; readonly by: number }
  /** The organization is shown a token that is good for nothing, and answers with its challenge. */
  | { readonly kind: 'expireToken' }
  /** The answer arrives whole, but only half of its text. */
  | { readonly kind: 'truncate' }
  | { readonly kind: 'contentType'; readonly value: string }
  | { readonly kind: 'redirect'; readonly status: number; readonly location: string }
  | {
      readonly kind: 'aadsts'
      readonly number: number
      readonly error?: string
      readonly status?: number
      readonly suberror?: string
      readonly claims?: string
      /** Another text, in another language for example. */
      readonly text?: string
      /** An older number around it: `AADSTS70002: … AADSTS70008: …`. */
      readonly outer?: number
      readonly trailer: 'lines' | 'spaces'
      readonly omitErrorCodes: boolean
      readonly retryAfter?: string
      readonly place: 'page' | 'callback'
    }
  /** The way back from the sign-in pages: without state, with a foreign one, or never. */
  | { readonly kind: 'callback'; readonly variant: 'withoutState' | 'foreignState' | 'never' }

export interface Fault {
  /** `entra`, an organization's unique name, `organizations` for all of them, or `*`. */
  readonly target: string
  readonly match: {
    readonly method?: string
    /** A part of path and query. */
    readonly path?: string
    /** A part of the body, for example `grant_type=refresh_token`. */
    readonly body?: string
  }
  /** Waits that long first, in real ms. */
  readonly delayMs: number
  readonly action: FaultAction
  /** Requests that still pass before the fault begins. */
  skip: number
  /** Requests that it takes after that. */
  times: number
}
