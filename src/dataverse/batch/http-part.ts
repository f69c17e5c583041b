import type { Json } from '../../kernel/index.ts'
import { type BodyPart, parseHeaders, splitHead } from './multipart.ts'

/** One answer within a batch. */
export interface PartAnswer {
  readonly status: number
  readonly headers: Headers
  /** The operation that it belongs to, where the service says so. */
  readonly contentId?: string
  readonly text: string
}

// One answer of the field has a space in it: HTTP/ 1.1
const STATUS_LINE = /^HTTP\/ ?\d(?:\.\d)? ([1-5]\d\d)(?: .*)?$/

/** Reads the HTTP answer in a part; none where it holds something else. */
export function parseAnswer(part: BodyPart): PartAnswer | undefined {
  const { head, content } = splitHead(part.content)
  const [first = '', ...lines] = head.split(/\r?\n/)
  const status = STATUS_LINE.exec(first.trim())?.[1]
  if (status === undefined) return undefined
  const headers = parseHeaders(lines)
  const contentId = part.headers.get('content-id') ?? headers.get('content-id')
  return {
    status: Number(status),
    headers,
    ...(contentId === null ? {} : { contentId }),
    // As everywhere, a byte order mark at the beginning is not a part of the text.
    text: new TextDecoder().decode(content),
  }
}

/** The body of an answer: JSON where it says so, else its text. @throws SyntaxError */
export function bodyOf({ headers, text }: PartAnswer): Json | undefined {
  if (text.trim() === '') return undefined
  return /\bjson\b/i.test(headers.get('content-type') ?? '') ? JSON.parse(text) : text
}
