import type { Answer } from '../../exchange.ts'
import { STATUS_CODES } from '../../node-http.ts'
import { JSON_TYPE } from '../http/envelope.ts'

/** What one request of a batch is answered with. */
export interface InnerAnswer {
  readonly answer: Answer
  readonly contentId: string | undefined
  /** `REQ_ID` of an error. */
  readonly id: string
}

export type BatchAnswer =
  | { readonly kind: 'request'; readonly answer: InnerAnswer }
  | { readonly kind: 'changeSet'; readonly answers: readonly InnerAnswer[] }

const NAMES: Readonly<Record<string, string>> = {
  'content-type': 'Content-Type',
  location: 'Location',
  'odata-entityid': 'OData-EntityId',
  'preference-applied': 'Preference-Applied',
  etag: 'ETag',
}

/** Puts the answers of a batch together, in the order of its requests. */
export function writeBatch(
  status: number,
  answers: readonly BatchAnswer[],
  newGuid: () => string,
): Answer {
  const boundary = `batchresponse_${newGuid()}`
  const pieces: (string | Buffer)[] = []
  for (const answer of answers) {
    if (answer.kind === 'request') writePart(pieces, boundary, answer.answer)
    else writeChangeSet(pieces, boundary, answer.answers, newGuid)
  }
  pieces.push(`--${boundary}--\r\n`)
  return {
    status,
    headers: { 'content-type': `multipart/mixed; boundary=${boundary}` },
    body: Buffer.concat(pieces.map((piece) => Buffer.from(piece))),
  }
}

function writeChangeSet(
  pieces: (string | Buffer)[],
  outer: string,
  answers: readonly InnerAnswer[],
  newGuid: () => string,
): void {
  const boundary = `changesetresponse_${newGuid()}`
  pieces.push(`--${outer}\r\nContent-Type: multipart/mixed; boundary=${boundary}\r\n\r\n`)
  for (const answer of answers) writePart(pieces, boundary, answer)
  pieces.push(`--${boundary}--\r\n`)
}

function writePart(pieces: (string | Buffer)[], boundary: string, inner: InnerAnswer): void {
  const { answer, contentId, id } = inner
  const { status } = answer
  let head = `--${boundary}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n`
  if (contentId !== undefined) head += `Content-ID: ${contentId}\r\n`
  head += `\r\nHTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n`
  if (status >= 400) head += `REQ_ID: ${id}\r\n`
  pieces.push(`${head}${headerLines(answer)}\r\n`, answer.body ?? '', '\r\n')
}

/** Inside a batch the service says where a row is twice, and that it streams what it reads. */
function headerLines({ status, headers = {} }: Answer): string {
  const { 'content-type': type, 'odata-entityid': entity } = headers
  const shown: Record<string, string | readonly string[]> = { ...headers }
  if (entity !== undefined) shown['location'] = entity
  if (type === JSON_TYPE && status < 400)
    shown['content-type'] = `${JSON_TYPE}; odata.streaming=true`
  let lines = ''
  const line = (name: string): void => {
    const value = shown[name]
    if (value !== undefined) lines += `${NAMES[name]}: ${String(value)}\r\n`
  }
  line('content-type')
  lines += 'OData-Version: 4.0\r\n'
  for (const name of ['location', 'odata-entityid', 'preference-applied', 'etag']) line(name)
  return lines
}
