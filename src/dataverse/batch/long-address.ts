import { type HttpResponse, transportError } from '../../transport/index.ts'
import { checkLength, LONGEST_BATCHED_ADDRESS, type WebApi } from '../address/address.ts'
import { unexpectedAnswer } from '../answer/json-answer.ts'
import { bounded } from './bounded.ts'
import { type PartAnswer, parseAnswer } from './http-part.ts'
import { boundaryOf, MultipartFault, readParts } from './multipart.ts'
import { writeBatch } from './write-batch.ts'

const MOST_BYTES = 128 * 1024 * 1024

/**
 * Writes a GET whose address is too long for a request line as the one operation of a batch.
 *
 * @throws DataverseError `address_too_long` where it is too long for a batch as well
 */
export function inBatch(
  api: WebApi,
  request: { readonly url: URL; readonly headers?: Readonly<Record<string, string>> },
) {
  const { pathname, search } = checkLength(request.url, LONGEST_BATCHED_ADDRESS)
  const { headers = {} } = request
  const { contentType, body } = writeBatch(api, [
    { method: 'GET', path: `${pathname}${search}`, headers, read: () => undefined },
  ])
  return {
    method: 'POST',
    url: new URL('$batch', api.root),
    headers: { 'content-type': contentType },
    body,
    idempotent: true,
    allow: (response: HttpResponse) =>
      boundaryOf(response.headers.get('content-type')) !== undefined,
  }
}

/** Takes the answer to a GET out of that of its batch. @throws DataverseError `unexpected_answer` */
export async function outOfBatch(response: HttpResponse, url: URL): Promise<HttpResponse> {
  const boundary = boundaryOf(response.headers.get('content-type'))
  if (boundary === undefined) {
    await response.discard()
    throw unexpectedAnswer(url, 'something else than parts')
  }
  const answer = await onlyAnswer(response, boundary, url)
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

async function onlyAnswer(response: HttpResponse, boundary: string, url: URL): Promise<PartAnswer> {
  const answers: (PartAnswer | undefined)[] = []
  try {
    for await (const part of readParts(bounded(response, MOST_BYTES), boundary)) {
      answers.push(parseAnswer(part))
    }
  } catch (error) {
    // As any answer that breaks off, it may be asked for again.
    throw error instanceof MultipartFault
      ? transportError('body_incomplete', url.host, {}, error)
      : error
  }
  const [answer, ...others] = answers
  if (answer === undefined || others.length > 0)
    throw unexpectedAnswer(url, 'parts of another kind')
  return answer
}
