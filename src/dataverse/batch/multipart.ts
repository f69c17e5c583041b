/** One part of a multipart body: its own headers, and its content as it came. */
export interface BodyPart {
  readonly headers: Headers
  readonly content: Buffer
}

/** A multipart body that does not end, or is none. */
export class MultipartFault extends Error {}

const NEW_LINE = 0x0a
const RETURN = 0x0d
const HEADER = /^([!#$%&'*+.^_`|~0-9A-Za-z-]{1,200})[ \t]*:[ \t]*([\t\x20-\x7e\x80-\xff]*)$/

/** Reads the boundary from a Content-Type header; none where it is not `multipart/mixed`. */
export function boundaryOf(contentType: string | null): string | undefined {
  const found =
    /^\s*multipart\/mixed\s*;(?:[^"]|"[^"]*")*?\bboundary\s*=\s*(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i
  const [, quoted, bare] = found.exec(contentType ?? '') ?? []
  return quoted ?? bare
}

/**
 * Reads the parts of a multipart body one by one, as its bytes arrive. Only whole lines are delimiters:
 * one that stands within a line, or merely begins like it, is content.
 *
 * @throws MultipartFault
 * @see https://www.rfc-editor.org/rfc/rfc2046#section-5.1.1
 */
export async function* readParts(
  chunks: AsyncIterable<Uint8Array>,
  boundary: string,
): AsyncGenerator<BodyPart, void, undefined> {
  const scanner = new PartScanner(boundary)
  for await (const chunk of chunks) {
    for (const part of scanner.take(chunk)) yield splitPart(part)
    if (scanner.ended) return
  }
  for (const part of scanner.end()) yield splitPart(part)
}

/** Reads the parts of a multipart body that is at hand. @throws MultipartFault */
export function partsOf(content: Buffer, boundary: string): readonly BodyPart[] {
  const scanner = new PartScanner(boundary)
  const parts = [...scanner.take(content)]
  if (!scanner.ended) parts.push(...scanner.end())
  return parts.map(splitPart)
}

/** Splits a head, up to its empty line, from what follows it. */
export function splitHead(bytes: Buffer): { readonly head: string; readonly content: Buffer } {
  let start = 0
  while (start <= bytes.length) {
    const end = bytes.indexOf(NEW_LINE, start)
    if (end === -1) break
    const blank = end === start || (end === start + 1 && bytes[start] === RETURN)
    if (blank) return { head: bytes.toString('latin1', 0, start), content: bytes.subarray(end + 1) }
    start = end + 1
  }
  return { head: bytes.toString('latin1'), content: bytes.subarray(bytes.length) }
}

/** Reads `Name: value` lines; what is no header is left out. */
export function parseHeaders(lines: readonly string[]): Headers {
  const headers = new Headers()
  for (const line of lines) {
    const [, name = '', value = ''] = HEADER.exec(line) ?? []
    if (name !== '') headers.append(name, value)
  }
  return headers
}

function splitPart(part: Buffer): BodyPart {
  const { head, content } = splitHead(part)
  return { headers: parseHeaders(head.split(/\r?\n/)), content }
}

/** Cuts a body at its delimiters; holds no more than one part and what has just arrived. */
class PartScanner {
  readonly #delimiter: Buffer
  #bytes = Buffer.alloc(0)
  #used = 0
  /** Where the part, or the line, begins that is being read. */
  #start = 0
  #searched = 0
  #inPart = false
  #ended = false

  constructor(boundary: string) {
    this.#delimiter = Buffer.from(`--${boundary}`, 'latin1')
  }

  /** Whether the closing delimiter has been seen. */
  get ended(): boolean {
    return this.#ended
  }

  *take(chunk: Uint8Array): Generator<Buffer> {
    this.#append(chunk)
    yield* this.#cut(false)
  }

  *end(): Generator<Buffer> {
    yield* this.#cut(true)
    if (!this.#ended) throw new MultipartFault('The closing delimiter is missing.')
  }

  #append(chunk: Uint8Array): void {
    const kept = this.#used - this.#start
    if (this.#used + chunk.length > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(2 * (kept + chunk.length), 64 * 1024))
      this.#bytes.copy(larger, 0, this.#start, this.#used)
      this.#bytes = larger
      this.#searched -= this.#start
      this.#start = 0
      this.#used = kept
    }
    this.#bytes.set(chunk, this.#used)
    this.#used += chunk.length
  }

  *#cut(whole: boolean): Generator<Buffer> {
    while (!this.#ended) {
      const bytes = this.#bytes.subarray(0, this.#used)
      const at = bytes.indexOf(this.#delimiter, this.#searched)
      if (at === -1) {
        this.#searched = Math.max(this.#start, this.#used - this.#delimiter.length + 1)
        return
      }
      const line = delimiterLine(bytes, at, at + this.#delimiter.length, this.#start, whole)
      this.#searched = line === 'undecided' ? at : at + 1
      if (line === 'undecided') return
      if (line === 'content') continue
      if (this.#inPart) yield Buffer.from(bytes.subarray(this.#start, line.contentEnd(this.#start)))
      this.#inPart = true
      this.#ended = line.closing
      this.#start = line.next
      this.#searched = line.next
    }
  }
}

interface DelimiterLine {
  readonly closing: boolean
  readonly next: number
  readonly contentEnd: (start: number) => number
}

function delimiterLine(
  bytes: Buffer,
  at: number,
  after: number,
  start: number,
  whole: boolean,
): DelimiterLine | 'content' | 'undecided' {
  if (at !== start && bytes[at - 1] !== NEW_LINE) return 'content'
  const newLine = bytes.indexOf(NEW_LINE, after)
  const end = newLine === -1 ? bytes.length : newLine
  // Longer than this it is no delimiter, and need not be looked at.
  const rest = bytes.toString('latin1', after, Math.min(end, after + 100))
  if (!/^(?:-|--)?[ \t]*\r?$/.test(rest)) return 'content'
  if (newLine === -1 && !whole) return 'undecided'
  if (/^-[^-]?/.test(rest) && !rest.startsWith('--')) return 'content'
  return {
    closing: rest.startsWith('--'),
    next: newLine === -1 ? bytes.length : newLine + 1,
    contentEnd: (from) => withoutLineBreak(bytes, from, at),
  }
}

function withoutLineBreak(bytes: Buffer, start: number, end: number): number {
  if (end <= start) return start
  const before = bytes[end - 2] === RETURN && end - 2 >= start ? end - 2 : end - 1
  return before
}
