import type { Json, Retry } from '../kernel/index.ts'
import { withoutQuotes } from '../transport/index.ts'
import { affectsOf } from './affects.ts'
import {
  type Affects,
  type CatalogueExplanation,
  type Evidence,
  entryOf,
  explainAadsts,
  explainOAuthError,
  type Hints,
} from './catalogue/index.ts'
import { OAuthError, type OAuthErrorCode, type OAuthFailure } from './oauth-error.ts'

export interface RefusalContext {
  readonly hints: Hints
  readonly evidence?: Evidence
  readonly status?: number
  /** `Retry-After`, in ms. */
  readonly retryAfterMs?: number
  /** Texts of the request that the server may have quoted back, and nobody may see. */
  readonly secrets?: readonly string[]
}

/** Makes the error of a refusal: behaviour from `error` and `suberror`, words from the number. */
export function refusal(
  code: OAuthErrorCode,
  fields: { readonly [key: string]: unknown },
  context: RefusalContext,
): OAuthError {
  const { hints, evidence, status } = context
  const failure = readFailure(fields, context.secrets ?? [])
  const number = mostSpecific(failure.numbers)
  const explanation = explain(failure, number, hints, evidence)
  const affects = affectsOf(failure.error, failure.suberror, status)
  const { what, why, remedy, who } = explanation
  return new OAuthError(code, {
    what,
    why,
    remedy,
    who,
    retry: retryOf(affects, explanation, context.retryAfterMs),
    affects,
    failure,
    facts: factsOf(failure, number, status),
  })
}

/** Reads the fields of an OAuth error answer, of JSON or of a query. */
export function readFailure(
  fields: { readonly [key: string]: unknown },
  secrets: readonly string[],
): OAuthFailure {
  const text = (name: string) => {
    const value = fields[name]
    return typeof value === 'string' && value !== '' ? clean(value, secrets) : undefined
  }
  const [description, trailer] = splitTrailer(text('error_description') ?? '')
  const optional = {
    suberror: text('suberror'),
    description,
    traceId: text('trace_id') ?? trailer.traceId,
    correlationId: text('correlation_id') ?? trailer.correlationId,
    timestamp: text('timestamp') ?? trailer.timestamp,
    // A challenge is handed on, not shown, so that it must stay whole.
    claims: typeof fields['claims'] === 'string' ? fields['claims'].slice(0, 8_000) : undefined,
  }
  const known = Object.entries(optional).filter(([, value]) => value !== undefined && value !== '')
  const { error_description: told, error_uri: uri } = fields
  const numbers = numbersOf(fields['error_codes'], textOf(told), textOf(uri))
  return { error: text('error') ?? 'unknown_error', numbers, ...Object.fromEntries(known) }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 8_000) : ''
}

function numbersOf(codes: unknown, description: string, uri: string): readonly number[] {
  if (Array.isArray(codes) && codes.length > 0) {
    return codes
      .filter((code) => typeof code === 'number' || typeof code === 'string')
      .map(Number)
      .filter((code) => Number.isSafeInteger(code) && code > 0)
  }
  const inText = [...description.matchAll(/AADSTS(\d{4,8})\b/g)].map(([, digits]) => Number(digits))
  if (inText.length > 0) return [...new Set(inText)]
  const [, inUri] = /[?&]code=(\d{4,8})\b/.exec(uri) ?? []
  return inUri === undefined ? [] : [Number(inUri)]
}

// Older answers wrap one code in another, the wrapper first: the last that we can explain says most.
function mostSpecific(numbers: readonly number[]): number | undefined {
  return numbers.findLast((number) => entryOf(String(number)) !== undefined) ?? numbers.at(-1)
}

function explain(
  failure: OAuthFailure,
  number: number | undefined,
  hints: Hints,
  evidence: Evidence | undefined,
): Omit<CatalogueExplanation, 'affects'> {
  if (number !== undefined) return explainAadsts(number, hints, evidence)
  const known = explainOAuthError(failure.error, hints)
  if (known) return known
  return {
    code: failure.error,
    what: `The authorization server refused with "${failure.error}".`,
    why: failure.description ?? 'It gave no reason.',
    remedy: 'Look the error up in the documents of the authorization server.',
    who: 'you',
    retry: { when: 'never' },
  }
}

function retryOf(
  affects: Affects,
  explanation: Pick<CatalogueExplanation, 'retry'>,
  retryAfterMs: number | undefined,
): Retry {
  if (affects !== 'transient') {
    return explanation.retry.when === 'later' ? { when: 'never' } : explanation.retry
  }
  if (retryAfterMs !== undefined) return { when: 'later', afterMs: retryAfterMs }
  return explanation.retry.when === 'later' ? explanation.retry : { when: 'later' }
}

function factsOf(
  failure: OAuthFailure,
  number: number | undefined,
  status: number | undefined,
): Readonly<Record<string, Json>> {
  const { error, suberror, description, traceId, correlationId, timestamp } = failure
  const optional = {
    status,
    suberror,
    aadsts: number === undefined ? undefined : `AADSTS${number}`,
    description,
    traceId,
    correlationId,
    timestamp,
  }
  const facts: Record<string, Json> = { error }
  for (const [name, value] of Object.entries(optional)) if (value !== undefined) facts[name] = value
  return facts
}

function splitTrailer(text: string) {
  const [, description = text, rest = ''] = /^(.*?)(\s+Trace ID:.*)$/s.exec(text) ?? []
  const field = (name: string) => new RegExp(`${name}:\\s*([^\\s]+)`).exec(rest)?.[1]
  const trailer = {
    traceId: field('Trace ID'),
    correlationId: field('Correlation ID'),
    timestamp: /Timestamp:\s*(\S+(?: \S+)?)/.exec(rest)?.[1],
  }
  return [description, trailer] as const
}

// A server that quotes the request back must not make us show its secrets.
function clean(text: string, secrets: readonly string[]): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  const plain = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '')
  return withoutQuotes(plain.slice(0, 2_000), secrets)
}
