import { LONGEST_BATCHED_ADDRESS, resolvePath, type WebApi } from '../address/address.ts'
import type { Operation } from '../operation.ts'
import { checkHeaders } from '../request-headers.ts'
import { type BatchItem, isChangeSet } from './batch-item.ts'

/** A batch as it is sent. */
export interface WrittenBatch {
  readonly contentType: string
  readonly body: string
}

// No part holds a line break of its own (JSON escapes them, addresses and headers cannot have any), so
// that no line within a part can be taken for a delimiter, whatever its values are.
const BATCH = 'batch_fairlead'
const CHANGE_SET = 'changeset_fairlead'
// Every line ends in CRLF, the last one too: the service cannot read a batch otherwise.
// https://learn.microsoft.com/troubleshoot/power-platform/dataverse/web-api-client-errors
const CRLF = '\r\n'

/** Writes operations and change sets as one `multipart/mixed` body. */
export function writeBatch(api: WebApi, items: readonly BatchItem[]): WrittenBatch {
  const parts = items.map((item, index) =>
    isChangeSet(item)
      ? writeChangeSet(api, item.operations, `${CHANGE_SET}_${index + 1}`)
      : writePart(api, item),
  )
  return { contentType: `multipart/mixed; boundary="${BATCH}"`, body: multipart(BATCH, parts) }
}

function writeChangeSet(
  api: WebApi,
  operations: readonly Operation<unknown>[],
  boundary: string,
): string {
  const parts = operations.map((operation, index) => writePart(api, operation, index + 1))
  const type = `Content-Type: multipart/mixed; boundary="${boundary}"`
  return [type, '', multipart(boundary, parts)].join(CRLF)
}

function multipart(boundary: string, parts: readonly string[]): string {
  const delimited = parts.map((part) => `--${boundary}${CRLF}${part}${CRLF}`)
  return `${delimited.join('')}--${boundary}--${CRLF}`
}

function writePart(api: WebApi, operation: Operation<unknown>, contentId?: number): string {
  const { method, body } = operation
  const type = body === undefined ? {} : { 'content-type': 'application/json; type=entry' }
  const headers = { accept: 'application/json', ...type, ...checkHeaders(operation.headers ?? {}) }
  return [
    'Content-Type: application/http',
    'Content-Transfer-Encoding: binary',
    ...(contentId === undefined ? [] : [`Content-ID: ${contentId}`]),
    '',
    `${method} ${requestTarget(api, operation)} HTTP/1.1`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    '',
    body === undefined ? '' : JSON.stringify(body),
  ].join(CRLF)
}

function requestTarget(api: WebApi, operation: Operation<unknown>): string {
  if (/^\$\d+(?=[/?(]|$)/.test(operation.path)) return operation.path
  const url = addressOf(api, operation)
  return `${url.pathname}${url.search}`
}

/** The address of an operation in a batch. @throws DataverseError `unsafe_address`, `address_too_long` */
export function addressOf(api: WebApi, { method, path }: Operation<unknown>): URL {
  return method === 'GET' ? resolvePath(api, path, LONGEST_BATCHED_ADDRESS) : resolvePath(api, path)
}
