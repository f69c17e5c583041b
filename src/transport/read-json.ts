import { CodedError, type Json } from '../kernel/index.ts'
import { parseExactJson } from './exact-json.ts'
import type { HttpResponse } from './exchange.ts'

/** What came instead of JSON. */
export type InvalidJsonKind = 'empty' | 'html' | 'cut_short' | 'other'

/** An answer that should have been JSON and is not. Its text is never shown. */
export class InvalidJson extends CodedError<'invalid_json'> {}

/**
 * Reads an answer's body as JSON.
 *
 * @param options `exact` gives whole numbers beyond ±2^53 as texts of their digits
 * @throws InvalidJson `invalid_json`, with `facts.kind` telling what it was instead
 * @throws TransportError `body_too_large`, `body_incomplete`, `timeout`
 */
export async function readJson(
  response: HttpResponse,
  options: { readonly maxBytes?: number; readonly exact?: boolean } = {},
): Promise<Json> {
  const text = await response.text(options)
  try {
    const plain = text.replace(/^\uFEFF/, '')
    return options.exact === true ? parseExactJson(plain) : JSON.parse(plain)
  } catch {
    throw invalidJson(response, kindOf(text))
  }
}

function kindOf(text: string): InvalidJsonKind {
  const start = text.trimStart().slice(0, 200)
  if (start === '') return 'empty'
  if (/^<(!doctype|html|head|body|\?xml|!--)/i.test(start)) return 'html'
  return /^[[{]/.test(start) && !/[\]}]\s*$/.test(text) ? 'cut_short' : 'other'
}

const REASONS: Readonly<Record<InvalidJsonKind, string>> = {
  empty: 'The answer is empty.',
  html: 'The answer is a web page: the address leads to a page for people, or a proxy or sign-in page stands before it.',
  cut_short: 'The answer begins as JSON and breaks off.',
  other: 'The answer is text of another kind.',
}

function invalidJson(response: HttpResponse, kind: InvalidJsonKind): InvalidJson {
  const { status, url, headers } = response
  const contentType = headers.get('content-type')
  return new InvalidJson('invalid_json', {
    what: `${url.host} answered with something that is not JSON.`,
    why: REASONS[kind],
    remedy: 'Check the address. If it is right, try again later.',
    retry: status >= 500 || kind === 'cut_short' ? { when: 'later' } : { when: 'never' },
    facts: { kind, status, host: url.host, ...(contentType === null ? {} : { contentType }) },
  })
}
