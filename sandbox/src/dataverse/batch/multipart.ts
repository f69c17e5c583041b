import { badHeader, doubleHeader, endsTooSoon } from './faults.ts'

/** One part of a multipart body: its headers by lower-case name, and what follows the empty line. */
export interface Part {
  readonly headers: ReadonlyMap<string, string>
  readonly content: Buffer
  /** The line that ends it. */
  readonly delimiter: string
}

export interface Multipart {
  readonly parts: readonly Part[]
  /** Whether every line of it, not those inside the payloads, ends with CRLF. */
  readonly strict: boolean
  /** What follows the closing delimiter directly. */
  readonly ending: string
}

interface Delimiter {
  /** Where the line break before it begins. */
  readonly start: number
  /** Where the line after it begins. */
  readonly end: number
  readonly closing: boolean
  readonly strict: boolean
}

const LF = 0x0a
const CR = 0x0d

/** Takes a multipart body apart. @throws Fault when it has no end, or a header is none */
export function readMultipart(bytes: Buffer, boundary: string): Multipart {
  const parts: Part[] = []
  let strict = true
  let last = nextDelimiter(bytes, boundary, 0)
  while (last && !last.closing) {
    strict &&= last.strict
    const next = nextDelimiter(bytes, boundary, last.end)
    if (!next) throw endsTooSoon()
    const delimiter = `--${boundary}`
    const head = readHead(bytes.subarray(last.end, Math.max(last.end, next.start)), delimiter)
    strict &&= head.strict
    parts.push({ headers: head.headers, content: head.rest, delimiter })
    last = next
  }
  if (!last) throw endsTooSoon()
  return {
    parts,
    strict: strict && last.strict,
    ending: bytes.toString('latin1', last.end, last.end + 2),
  }
}

/**
 * Reads header lines up to the empty one. The end of the content counts as that one if a line has
 * just ended: the break before a delimiter belongs to the delimiter.
 */
export function readHead(
  content: Buffer,
  delimiter: string,
): { headers: Map<string, string>; rest: Buffer; strict: boolean } {
  const headers = new Map<string, string>()
  let strict = true
  let at = 0
  while (at < content.length) {
    const line = readLine(content, at)
    // A line that the delimiter cuts off would go on with it.
    if (line.next > content.length) throw badHeader(delimiter)
    strict &&= line.strict
    at = line.next
    if (line.text === '') break
    const colon = line.text.indexOf(':')
    if (colon < 1) throw badHeader(line.text)
    const name = line.text.slice(0, colon).trim().toLowerCase()
    if (headers.has(name)) throw doubleHeader(line.text.slice(0, colon).trim())
    headers.set(name, line.text.slice(colon + 1).trim())
  }
  return { headers, rest: content.subarray(at), strict }
}

/** One line without its break; `next` lies behind the end when there is no break. */
export function readLine(
  content: Buffer,
  at: number,
): { text: string; next: number; strict: boolean } {
  const end = content.indexOf(LF, at)
  if (end < 0) return { text: content.toString('utf8', at), next: content.length + 1, strict: true }
  const strict = end > at && content[end - 1] === CR
  return { text: content.toString('utf8', at, strict ? end - 1 : end), next: end + 1, strict }
}

function nextDelimiter(bytes: Buffer, boundary: string, from: number): Delimiter | undefined {
  const wanted = Buffer.from(`--${boundary}`)
  for (let at = bytes.indexOf(wanted, from); at >= 0; at = bytes.indexOf(wanted, at + 1)) {
    if (at > 0 && bytes[at - 1] !== LF) continue
    const found = delimiterAt(bytes, at, at + wanted.length)
    if (found) return found
  }
  return undefined
}

/** A delimiter is a line of its own: another boundary may begin like this one. */
function delimiterAt(bytes: Buffer, at: number, behind: number): Delimiter | undefined {
  const broken = at > 0 && bytes[at - 1] === LF
  const soft = broken && bytes[at - 2] !== CR
  const start = broken ? at - (soft ? 1 : 2) : at
  if (bytes.toString('latin1', behind, behind + 2) === '--') {
    return { start, end: behind + 2, closing: true, strict: !soft }
  }
  const line = readLine(bytes, behind)
  if (line.text.trim() !== '' || line.next > bytes.length) return undefined
  return { start, end: line.next, closing: false, strict: !soft && line.strict }
}
