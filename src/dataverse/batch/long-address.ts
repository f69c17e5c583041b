import type { HttpResponse } from '../../transport/index.ts'
import { checkLength, LONGEST_BATCHED_ADDRESS, type WebApi } from '../address/address.ts'
import { unexpectedAnswer } from '../answer/json-answer.ts'
import type { SessionRequest } from '../session.ts'
import { parseAnswer } from './http-part.ts'
import { boundaryOf, partsOf } from './multipart.ts'
import { writeBatch } from './write-batch.ts'

const MOST_BYTES = 128 * 1024 * 1024

/**
 * Writes a GET whose address is too long for a request line as the one operation of a batch.
 *
 * @throws DataverseError `address_too_long` where it is too long for a batch as well
 */
export function inBatch(api: WebApi, request: SessionRequest): SessionRequest {
  const { method: _, headers = {}, allow: __, ...rest } = request
  const url = checkLength(request.url, LONGEST_BATCHED_ADDRESS)
  const path = `${url.pathname}${url.search}`
  const { contentType, body } = writeBatch(api, [
    { method: 'GET', path, headers, read: () => undefined },
  ])
  return {
    ...rest,
    method: 'POST',
    url: new URL('$batch', api.root),
    headers: { 'content-type': contentType },
    body,
    idempotent: true,
    allow: (response) => boundaryOf(response.headers.get('content-type')) !== undefined,
  }
}

/** Takes the answer to a GET out of that of its batch. @throws DataverseError `unexpected_answer` */
export async function outOfBatch(response: HttpResponse, url: URL): Promise<HttpResponse> {
  const boundary = boundaryOf(response.headers.get('content-type'))
  if (boundary === undefined) {
    await response.discard()
    throw unexpectedAnswer(url, 'something else than parts')
  }
  const bytes = Buffer.from(await response.text({ maxBytes: MOST_BYTES }))
  const [part, ...others] = partsOf(bytes, boundary)
  const answer = part === undefined ? undefined : parseAnswer(part)
  if (answer === undefined || others.length > 0)
    throw unexpectedAnswer(url, 'parts of another kind')
  const { status, headers, text } = answer
  return {
    status,
    headers,
    url,
    text: async () => text,
    stream: () => new Blob([text]).stream(),
    discard: async () => undefined,
  }
}
