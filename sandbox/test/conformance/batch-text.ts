import type { Reply, Rig } from '../dataverse/rig.ts'

/** Lines as a batch has them, each with CRLF, the last one too. */
export function lines(...all: readonly string[]): string {
  return all.map((line) => `${line}\r\n`).join('')
}

/** One request of a batch; a change set gives it a Content-ID. */
export function part(
  boundary: string,
  requestLine: string,
  body?: unknown,
  {
    contentId,
    headers = [],
  }: { readonly contentId?: string; readonly headers?: readonly string[] } = {},
): string {
  const type = body === undefined ? [] : ['Content-Type: application/json; type=entry']
  return lines(
    `--${boundary}`,
    'Content-Type: application/http',
    'Content-Transfer-Encoding: binary',
    ...(contentId === undefined ? [] : [`Content-ID: ${contentId}`]),
    '',
    `${requestLine} HTTP/1.1`,
    ...type,
    ...headers,
    '',
    body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body),
  )
}

/** A change set of requests `[request line, body]`, numbered from 1 on. */
export function changeSet(
  outer: string,
  requests: readonly (readonly [line: string, body?: unknown])[],
  boundary = 'changeset_1',
): string {
  return (
    lines(`--${outer}`, `Content-Type: multipart/mixed; boundary=${boundary}`, '') +
    requests
      .map(([line, body], index) => part(boundary, line, body, { contentId: String(index + 1) }))
      .join('') +
    lines(`--${boundary}--`)
  )
}

/** Sends the parts of a batch whose boundary is `batch_1`. */
export function sendBatch(
  { call }: Pick<Rig, 'call'>,
  parts: readonly string[],
  headers: Record<string, string> = {},
): Promise<Reply> {
  return call('$batch', {
    method: 'POST',
    headers: { 'content-type': 'multipart/mixed; boundary="batch_1"', ...headers },
    body: `${parts.join('')}--batch_1--\r\n`,
  })
}

/** A batch answer with the identifiers that differ from run to run replaced. */
export function plain(text: string): string {
  const seen = new Map<string, string>()
  return text
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, (id) => {
      if (!seen.has(id)) seen.set(id, `<id ${seen.size + 1}>`)
      return seen.get(id) ?? ''
    })
    .replace(/W\/\\"\d+\\"/g, 'W/\\"<version>\\"')
}
