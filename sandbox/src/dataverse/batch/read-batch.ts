import {
  badEnvelope,
  badHeader,
  badHttpVersion,
  badLength,
  badRequestLine,
  doubleContentId,
  endsTooSoon,
  missingContentId,
  missingType,
  nestedChangeSet,
  notInChangeSet,
  tooManyRequests,
  wrongEncoding,
  wrongType,
} from './faults.ts'
import { type Part, readHead, readLine, readMultipart } from './multipart.ts'

/** One request as a batch carries it. */
export interface InnerRequest {
  readonly method: string
  /** As it was written: absolute, from the root, relative, or a reference such as `$1`. */
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  readonly contentId: string | undefined
}

export type BatchItem =
  | { readonly kind: 'request'; readonly request: InnerRequest }
  | { readonly kind: 'changeSet'; readonly requests: readonly InnerRequest[] }

export interface Batch {
  readonly items: readonly BatchItem[]
  /** False when the lines do not end as they must: the last item cannot be read. */
  readonly readable: boolean
}

const MOST_REQUESTS = 1_000

/** Reads a whole batch before anything of it is done. @throws Fault when it is malformed */
export function readBatch(type: string | undefined, bytes: Buffer): Batch {
  const { parts, strict, ending } = readMultipart(bytes, boundaryOf(type))
  let count = 0
  let lines = strict
  const items = parts.map((part): BatchItem => {
    const item = readItem(part)
    count += item.kind === 'request' ? 1 : item.requests.length
    if (count > MOST_REQUESTS) throw tooManyRequests(MOST_REQUESTS)
    lines &&= item.strict
    return item
  })
  // https://learn.microsoft.com/troubleshoot/power-platform/dataverse/dataverse-web-api-and-sdk/web-api-client-errors
  // CRLF everywhere, the last line included; or else two other line endings at the end.
  return { items, readable: (lines && ending === '\r\n') || ending === '\n\n' }
}

function boundaryOf(type: string | undefined): string {
  if (type === undefined) throw badEnvelope('The batch request must have a "Content-Type" header.')
  if (!/^multipart\/mixed\s*(;|$)/i.test(type)) {
    throw badEnvelope("The batch request must have 'multipart/mixed' as the media type.")
  }
  const boundary = readBoundary(type)
  if (boundary === undefined) {
    throw badEnvelope(
      'The batch request must have a boundary specification in the "Content-Type" header.',
    )
  }
  return boundary
}

function readBoundary(type: string): string | undefined {
  const match = /;\s*boundary\s*=\s*(?:"([^"]+)"|([^\s;"]+))/i.exec(type)
  return match?.[1] ?? match?.[2]
}

function readItem(part: Part): BatchItem & { readonly strict: boolean } {
  const type = part.headers.get('content-type')
  if (type === undefined) throw missingType()
  if (!/^multipart\/mixed\s*(;|$)/i.test(type)) {
    const { request, strict } = readRequest(part)
    return { kind: 'request', request, strict }
  }
  const boundary = readBoundary(type)
  if (boundary === undefined) throw wrongType(type)
  const inner = readMultipart(part.content, boundary)
  const ids = new Set<string>()
  let { strict } = inner
  const requests = inner.parts.map((one) => {
    const read = readChange(one, ids)
    strict &&= read.strict
    return read.request
  })
  return { kind: 'changeSet', requests, strict }
}

function readChange(part: Part, ids: Set<string>): { request: InnerRequest; strict: boolean } {
  if (/^multipart\/mixed/i.test(part.headers.get('content-type') ?? '')) throw nestedChangeSet()
  const read = readRequest(part)
  const { method, contentId } = read.request
  if (!['POST', 'PUT', 'DELETE', 'PATCH'].includes(method)) throw notInChangeSet(method)
  if (contentId === undefined) throw missingContentId()
  if (ids.has(contentId)) throw doubleContentId(contentId)
  ids.add(contentId)
  return read
}

function readRequest({ headers, content, delimiter }: Part): {
  request: InnerRequest
  strict: boolean
} {
  const type = headers.get('content-type')
  if (type === undefined) throw missingType()
  if (!/^application\/http\s*(;|$)/i.test(type)) throw wrongType(type)
  if (headers.get('content-transfer-encoding')?.toLowerCase() !== 'binary') throw wrongEncoding()
  const line = readLine(content, 0)
  if (line.text === '' && content.length === 0) throw endsTooSoon()
  const { method, target } = readRequestLine(line.text)
  // The delimiter follows at once, where headers or an empty line must be.
  if (line.next > content.length) throw badHeader(delimiter)
  const head = readHead(content.subarray(line.next), delimiter)
  return {
    request: {
      method,
      target,
      headers: Object.fromEntries(head.headers),
      body: cutToLength(head.rest, head.headers.get('content-length')),
      contentId: headers.get('content-id'),
    },
    strict: line.strict && head.strict,
  }
}

/** The address lies between the first and the last space and may hold others. */
function readRequestLine(line: string): { method: string; target: string } {
  const first = line.indexOf(' ')
  const last = line.lastIndexOf(' ')
  if (first < 1 || last <= first + 1) throw badRequestLine(line)
  const version = line.slice(last + 1)
  if (version !== 'HTTP/1.1') throw badHttpVersion(version)
  return { method: line.slice(0, first), target: line.slice(first + 1, last).trim() }
}

function cutToLength(body: Buffer, length: string | undefined): Buffer {
  if (length === undefined) return body
  if (!/^\d{1,10}$/.test(length)) throw badLength(length)
  if (Number(length) > body.length) throw endsTooSoon()
  return body.subarray(0, Number(length))
}
