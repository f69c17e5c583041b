import type { Explanation, Retry, Who } from '../../kernel/index.ts'

/**
 * What a failure puts out of action: nothing for long (`transient`), one user's grant (`credential`),
 * every grant of an app registration (`auth-client`), or what was typed in (`configuration`).
 */
export type Affects = 'transient' | 'credential' | 'auth-client' | 'configuration'

/** What is known where the failure happened; each fills the placeholder of its name in an entry's text. */
export interface Hints {
  /** The redirect address that Fairlead sends. */
  readonly redirectUri?: string
  /** "Application (client) ID" of the app registration. */
  readonly clientId?: string
  /** The resource that a token was asked for. */
  readonly resource?: string
  readonly scope?: string
  /** Directory (tenant) id, domain, or `common`. */
  readonly tenantId?: string
  readonly environmentUrl?: string
  /** `applicationid` of the application user in the environment; the client id by another name. */
  readonly applicationId?: string
  /** Who signed in. */
  readonly userPrincipalName?: string
  /** SHA-256 thumbprint of the certificate in use. */
  readonly thumbprint?: string
  /** The link by which an administrator grants consent. */
  readonly adminConsentUrl?: string
  /** The parameter that the server found missing. */
  readonly field?: string
  /** The Azure portal of the cloud in question. */
  readonly portal?: string
}

/** One known failure, as data. `{redirectUri}` and the other names of {@link Hints} are placeholders. */
export interface CatalogueEntry {
  /**
   * An AADSTS number as a decimal string, a Dataverse code as `0x` and eight lower-case hex digits,
   * or the `error` value of an OAuth answer.
   */
  readonly code: string
  /** The name that Microsoft's own documents give it. */
  readonly name?: string
  readonly what: string
  readonly why: string
  readonly remedy: string
  readonly who: Who
  readonly retry: Retry
  readonly affects: Affects
}

/** An entry with its placeholders filled. */
export interface CatalogueExplanation extends Explanation {
  readonly code: string
  readonly name?: string
  readonly affects: Affects
}

// Reads well in a sentence where nothing better is known.
const UNKNOWN: Readonly<Record<keyof Hints, string>> = {
  redirectUri: 'the redirect address that Fairlead shows',
  clientId: '<Client Id>',
  resource: 'the CRM address',
  scope: 'the scope',
  tenantId: 'your directory',
  environmentUrl: 'the environment',
  applicationId: '<Client Id>',
  userPrincipalName: 'the user',
  thumbprint: 'the certificate in use',
  adminConsentUrl: 'the admin consent link of this Auth Client',
  field: 'a required field',
  portal: 'https://portal.azure.com',
}

/** The names that an entry's text may use as placeholders. */
export const PLACEHOLDERS: readonly string[] = Object.keys(UNKNOWN)

/** Fills an entry's text from what is known; what is not known becomes a plain phrase. */
export function explain(entry: CatalogueEntry, hints: Hints = {}): CatalogueExplanation {
  const { code, name, who, retry, affects } = entry
  return {
    code,
    ...(name === undefined ? {} : { name }),
    what: fill(entry.what, hints),
    why: fill(entry.why, hints),
    remedy: fill(entry.remedy, hints),
    who,
    retry,
    affects,
  }
}

function fill(text: string, hints: Hints): string {
  return text.replace(/\{(\w+)\}/g, (placeholder, name: string) =>
    isHint(name) ? (hints[name] ?? UNKNOWN[name]) : placeholder,
  )
}

function isHint(name: string): name is keyof Hints {
  return Object.hasOwn(UNKNOWN, name)
}
