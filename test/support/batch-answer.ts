/** One answer of a scripted batch: a status with headers and a body, or the answers of a change set. */
export type ScriptedPart =
  | {
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: unknown
      readonly contentId?: string
    }
  | { readonly changeSet: readonly ScriptedPart[] }

const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  204: 'No Content',
  400: 'Bad Request',
}

/** Writes the answer to a batch as the service does. */
export function batchAnswer(parts: readonly ScriptedPart[], boundary = 'batchresponse_1') {
  return {
    headers: { 'content-type': `multipart/mixed; boundary=${boundary}` },
    body: multipart(parts, boundary),
  }
}

function multipart(parts: readonly ScriptedPart[], boundary: string): string {
  const written = parts.map((part, index) => `--${boundary}\r\n${partText(part, index)}\r\n`)
  return `${written.join('')}--${boundary}--\r\n`
}

function partText(part: ScriptedPart, index: number): string {
  if ('changeSet' in part) {
    const boundary = `changesetresponse_${index}`
    const head = `Content-Type: multipart/mixed; boundary=${boundary}`
    return `${head}\r\n\r\n${multipart(part.changeSet, boundary)}`
  }
  const { status, contentId, body } = part
  const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body)
  const type = typeof body === 'string' ? 'text/plain' : 'application/json; odata.metadata=minimal'
  const headers = {
    ...(body === undefined ? {} : { 'Content-Type': type }),
    'OData-Version': '4.0',
    ...part.headers,
  }
  return [
    'Content-Type: application/http',
    'Content-Transfer-Encoding: binary',
    ...(contentId === undefined ? [] : [`Content-ID: ${contentId}`]),
    '',
    `HTTP/1.1 ${status} ${REASONS[status] ?? 'Other'}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    '',
    text,
  ].join('\r\n')
}
