import type { CatalogueExplanation, Hints } from './entry.ts'
import type { Evidence } from './evidence.ts'
import {
  aadstsLink,
  DATAVERSE_LINK,
  explainAadsts,
  explainDataverse,
  explainOAuthError,
} from './explain-code.ts'
import { type PastedText, readPastedText } from './pasted-text.ts'

/** An explanation of a pasted text, with what a support request to Microsoft needs. */
export interface TextExplanation extends CatalogueExplanation {
  /** Microsoft's page about the code. */
  readonly link?: string
  readonly traceId?: string
  readonly correlationId?: string
  /** When it happened, as Microsoft wrote it. */
  readonly timestamp?: string
}

/**
 * Explains any text that holds an error of Entra ID, Dataverse or an OAuth server: an error page, a log,
 * a callback address, JSON, or the bare number. The most specific explanation comes first. Empty when the text holds none.
 *
 * Never throws, and repeats of the text only ids, addresses and names.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict'
 * import { explainText } from 'fairlead/oauth'
 *
 * const [first] = explainText('AADSTS50011: The redirect URI ... does not match', {
 *   redirectUri: 'https://hub.example/callback/oauth2',
 * })
 * assert.equal(first?.code, '50011')
 * assert.match(first.remedy, /https:\/\/hub\.example\/callback\/oauth2/)
 * ```
 */
export function explainText(text: string, hints: Hints = {}): readonly TextExplanation[] {
  const pasted = readPastedText(text)
  const known = { ...hintsIn(pasted.plain), ...hints }
  const evidence = evidenceIn(pasted.plain)
  const entra = pasted.aadsts
    .toReversed()
    .map((number) => ({ ...explainAadsts(number, known, evidence), link: aadstsLink(number) }))
  const dataverse = pasted.dataverse.flatMap((code) => {
    const explanation = explainDataverse(code, known, evidence)
    return explanation ? [{ ...explanation, link: DATAVERSE_LINK }] : []
  })
  const numbered = distinct([...entra, ...dataverse])
  if (numbered.length > 0) return numbered.map((explanation) => withIds(explanation, pasted))
  return pasted.errors.flatMap((error) => {
    const explanation = explainOAuthError(error, known)
    return explanation ? [withIds(explanation, pasted)] : []
  })
}

function withIds(explanation: TextExplanation, pasted: PastedText): TextExplanation {
  const { traceId, correlationId, timestamp } = pasted
  return {
    ...explanation,
    ...(traceId === undefined ? {} : { traceId }),
    ...(correlationId === undefined ? {} : { correlationId }),
    ...(timestamp === undefined ? {} : { timestamp }),
  }
}

function distinct(explanations: readonly TextExplanation[]): readonly TextExplanation[] {
  return [...new Map(explanations.map((explanation) => [explanation.code, explanation])).values()]
}

const GUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'

// The English text names what is concerned; in another language the hints of the caller serve.
const NAMED: readonly (readonly [name: keyof Hints, pattern: RegExp])[] = [
  ['clientId', new RegExp(`appli\\w+(?: with (?:identifier|the ID|ID))? '(${GUID})'`, 'i')],
  ['clientId', new RegExp(`Client app ID: (${GUID})`, 'i')],
  ['resource', /Resource value from request: ([^\s'"]{4,200}?)\.?(?:\s|$)/i],
  ['resource', /resource principal named ([^\s'"]{4,200}) was not found/i],
  [
    'tenantId',
    /(?:in the tenant named|in the directory|in tenant|Tenant) '?([\w.-]{2,120}?)'?(?:[.,\s]|$)/,
  ],
  ['field', /(?:following parameter: |required field )'([\w.-]{1,60})'/i],
  ['userPrincipalName', /User account '([^\s'"<>]{3,120})'/i],
]

function hintsIn(plain: string): Hints {
  return Object.fromEntries(
    NAMED.flatMap(([name, pattern]) => {
      const value = plain.match(pattern)?.[1]
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

function evidenceIn(plain: string): Evidence {
  const privilege =
    plain.match(/\b(prv[A-Za-z0-9_]{2,120})\b/)?.[1] ??
    plain.match(/does not have (\w{3,30}Access) right/i)?.[1]
  const table = plain.match(/entity(?: of)? '?([a-z][a-z0-9_]{1,100})'?/)?.[1]
  return {
    ...(privilege === undefined ? {} : { privilege }),
    ...(table === undefined ? {} : { table }),
  }
}
