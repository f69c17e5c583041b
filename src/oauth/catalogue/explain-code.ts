import { normalizeDataverseCode } from './dataverse-code.ts'
import { entryOf } from './entries.ts'
import { type CatalogueExplanation, explain, type Hints } from './entry.ts'
import { type Evidence, refine } from './evidence.ts'

/**
 * Explains an AADSTS number of Entra ID, known or not.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict'
 * import { explainAadsts } from 'fairlead/oauth'
 *
 * const { remedy } = explainAadsts(50011, { redirectUri: 'https://hub.example/callback/oauth2' })
 * assert.match(remedy, /https:\/\/hub\.example\/callback\/oauth2/)
 * ```
 */
export function explainAadsts(
  number: number | string,
  hints: Hints = {},
  evidence: Evidence = {},
): CatalogueExplanation {
  const code = String(number)
  const entry = entryOf(code)
  if (entry) return refine(explain(entry, hints), hints, evidence)
  return {
    code,
    what: `Entra ID answered with the error AADSTS${code}.`,
    why: 'Fairlead has no explanation of its own for this number.',
    remedy: `Look it up at ${aadstsLink(code)}; if that does not help, give the number, the trace id and the time to the administrator of your directory.`,
    who: 'entra-administrator',
    retry: { when: 'never' },
    affects: 'configuration',
  }
}

/** Explains a Dataverse code, in hex or decimal, known or not; `undefined` if it is no such code. */
export function explainDataverse(
  code: string | number,
  hints: Hints = {},
  evidence: Evidence = {},
): CatalogueExplanation | undefined {
  const normalized = normalizeDataverseCode(code)
  if (normalized === undefined) return undefined
  const entry = entryOf(normalized)
  if (entry) return refine(explain(entry, hints), hints, evidence)
  return {
    code: normalized,
    what: `Dataverse answered with the error ${normalized}.`,
    why: 'Fairlead has no explanation of its own for this code; the message of Dataverse may name the reason.',
    remedy: `Look it up at ${DATAVERSE_LINK}; if that does not help, give the code, the request id and the time to the administrator of the environment.`,
    who: 'crm-administrator',
    retry: { when: 'never' },
    affects: 'configuration',
  }
}

/** Explains the `error` value of an OAuth answer; `undefined` if the catalogue lacks it. */
export function explainOAuthError(
  error: string,
  hints: Hints = {},
): CatalogueExplanation | undefined {
  const entry = /^[a-z_]{1,40}$/.test(error) ? entryOf(error) : undefined
  return entry && explain(entry, hints)
}

/** Microsoft's own page about an AADSTS number. */
export function aadstsLink(code: string): string {
  return `https://login.microsoftonline.com/error?code=${code}`
}

/** Microsoft's list of Dataverse codes. */
export const DATAVERSE_LINK =
  'https://learn.microsoft.com/power-apps/developer/data-platform/reference/web-service-error-codes'
