import { filterFault } from './filter-fault.ts'

/** What a piece of a filter's text is. */
export type TokenKind =
  | 'alias'
  | 'end'
  | 'json'
  | 'name'
  | 'sign'
  /** A value with its type before it: `Microsoft.Dynamics.CRM.OwnershipTypes'UserOwned'`. */
  | 'typed'
  /** A number, date or GUID. */
  | 'value'
  | 'text'

/** A piece of a filter's text. */
export interface Token {
  readonly kind: TokenKind
  readonly text: string
  readonly at: number
}

const SPACE = /[ \t\r\n]+/y
const KINDS: readonly (readonly [TokenKind, RegExp])[] = [
  ['value', /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![\w-])/iy],
  [
    'value',
    /\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,12})?)?(?:Z|[+-]\d\d:\d\d)?)?(?![\w-])/iy,
  ],
  ['value', /[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?[dflm]?(?!\w)/iy],
  ['text', /'(?:[^']|'')*'/y],
  ['typed', /[A-Za-z_][\w.]*'(?:[^']|'')*'/y],
  ['name', /[\p{L}_$][\p{L}\p{N}_.]*/uy],
  ['alias', /@[\p{L}_][\p{L}\p{N}_]*/uy],
  ['sign', /[(),:/=]/y],
]

/** Cuts a filter's text into its pieces; the last one is the end. @throws DataverseError `invalid_filter` */
export function readTokens(text: string): readonly Token[] {
  const tokens: Token[] = []
  let at = 0
  while (true) {
    at += matchAt(SPACE, text, at)?.length ?? 0
    if (at >= text.length) break
    const token = tokenAt(text, at)
    tokens.push(token)
    at += token.text.length
  }
  return [...tokens, { kind: 'end', text: '', at: text.length }]
}

function tokenAt(text: string, at: number): Token {
  const first = text[at]
  if (first === '[' || first === '{') return { kind: 'json', text: jsonAt(text, at), at }
  for (const [kind, pattern] of KINDS) {
    const found = matchAt(pattern, text, at)
    if (found !== undefined) return { kind, text: found, at }
  }
  if (first === "'") {
    throw filterFault(
      text,
      at,
      'a text begins that has no end',
      'Close the text, and write a quote within it twice.',
    )
  }
  if (first === '"') {
    throw filterFault(text, at, 'a double quote begins no text', 'Write texts in single quotes.')
  }
  throw filterFault(
    text,
    at,
    'this character has no meaning',
    'Write values that are texts in single quotes.',
  )
}

// Up to the bracket that closes it, those within its texts aside.
function jsonAt(text: string, at: number): string {
  const piece = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.|'')*'|[[\]{}]|[^"'[\]{}]+/gsuy
  let depth = 0
  piece.lastIndex = at
  for (let found = piece.exec(text); found !== null; found = piece.exec(text)) {
    if (/^[[{]/.test(found[0])) depth += 1
    else if (/^[\]}]/.test(found[0])) depth -= 1
    if (depth === 0) return text.slice(at, piece.lastIndex)
  }
  throw filterFault(
    text,
    at,
    'a list begins that has no end',
    'Close the list and the texts in it.',
  )
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0]
}
