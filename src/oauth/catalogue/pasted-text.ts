import { isObject } from '../../kernel/index.ts'

/** Everything of use in a text that a person pasted; nothing that could be a secret. */
export interface PastedText {
  /** AADSTS numbers in the order of the text: the last one is the most specific. */
  readonly aadsts: readonly string[]
  /** Dataverse codes as written, hex or decimal. */
  readonly dataverse: readonly string[]
  /** `error` values of OAuth answers. */
  readonly errors: readonly string[]
  readonly traceId?: string
  readonly correlationId?: string
  readonly timestamp?: string
  /** The text to look for names and addresses in. */
  readonly plain: string
}

const LONGEST = 64 * 1024

/**
 * Reads what Microsoft's error page, a log line, a callback address or an answer's JSON says.
 * Goes by numbers and ids alone, so that the language of the text does not matter. Never throws.
 */
export function readPastedText(text: string): PastedText {
  const plain = decodeEntities(decodeQuery(text.slice(0, LONGEST)))
  const json = findJson(plain)
  const numbers = [...plain.matchAll(/AADSTS[ :]?(\d{4,8})\b/gi)].map(([, number]) => number ?? '')
  const listed = [...plain.matchAll(/"?error_codes"?\s*[:=]\s*\[([\d,\s]{1,200})\]/g)].flatMap(
    ([, list]) => (list ?? '').match(/\d{4,8}/g) ?? [],
  )
  const page = [...plain.matchAll(/(?:error\?code=|Error Code:\s*)(\d{5,8})\b/gi)].map(
    ([, number]) => number ?? '',
  )
  const alone = /^\s*(\d{5,8})\s*$/.exec(plain)?.[1]
  const found = {
    traceId: idAfter(plain, /trace[ _]?id/),
    correlationId: idAfter(plain, /correlation[ _]?id/),
    timestamp: plain.match(/\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d{1,7})?Z/)?.[0],
  }
  return {
    aadsts: unique([...numbers, ...(listed.length > 0 ? listed : page), ...(alone ? [alone] : [])]),
    dataverse: dataverseCodes(plain, json),
    errors: oauthErrors(plain, json),
    ...(found.traceId === undefined ? {} : { traceId: found.traceId }),
    ...(found.correlationId === undefined ? {} : { correlationId: found.correlationId }),
    ...(found.timestamp === undefined ? {} : { timestamp: found.timestamp }),
    plain,
  }
}

function dataverseCodes(plain: string, json: unknown): readonly string[] {
  const hex = plain.match(/\b0x8[0-9a-f]{7}\b/gi) ?? []
  const decimal = plain.match(/(?<![\w.-])-2147\d{6}\b/g)
  const error = isObject(json) ? json['error'] : undefined
  const code = isObject(error) && typeof error['code'] === 'string' ? [error['code']] : []
  return unique([...code, ...hex, ...(decimal ?? [])])
}

function oauthErrors(plain: string, json: unknown): readonly string[] {
  const member = isObject(json) && typeof json['error'] === 'string' ? [json['error']] : []
  const written = [...plain.matchAll(/\berror"?\s*[=:]\s*"?([a-z_]{4,40})\b/g)]
  return unique([...member, ...written.map(([, error]) => error ?? '')])
}

// The id may stand after a colon, in JSON quotes, or in a query.
function idAfter(plain: string, name: RegExp): string | undefined {
  const id = '([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})'
  return plain.match(new RegExp(`${name.source}"?\\s*[:=]?\\s*"?${id}`, 'i'))?.[1]
}

// Only a query is decoded, and once: in other text the encoding itself is evidence.
function decodeQuery(text: string): string {
  if (!/(^|[?&#\s])error(_description)?=[^\s]*(%[0-9a-f]{2}|\+)/i.test(text)) return text
  return text.replace(/\+/g, ' ').replace(/(?:%[0-9a-f]{2})+/gi, (sequence) => {
    try {
      return decodeURIComponent(sequence)
    } catch {
      return sequence
    }
  })
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&#39;': "'",
  '&#x27;': "'",
  '&apos;': "'",
  '&quot;': '"',
  '&nbsp;': ' ',
  '&amp;': '&',
}

function decodeEntities(text: string): string {
  return text.replace(/&(?:#39|#x27|apos|quot|nbsp|amp);/gi, (entity) => {
    return ENTITIES[entity.toLowerCase()] ?? entity
  })
}

function findJson(text: string): unknown {
  const start = text.indexOf('{')
  const end = text.lastIndexOf('}')
  if (start < 0 || end <= start) return undefined
  try {
    return JSON.parse(text.slice(start, end + 1))
  } catch {
    return undefined
  }
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)].slice(0, 20)
}
