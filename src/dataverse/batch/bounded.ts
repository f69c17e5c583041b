import { type HttpResponse, transportError } from '../../transport/index.ts'

/** The bytes of an answer, up to a limit. @throws TransportError `body_too_large` */
export async function* bounded(
  response: HttpResponse,
  maxBytes: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  let bytes = 0
  for await (const chunk of response.stream()) {
    if (bytes + chunk.byteLength > maxBytes) yield chunk.subarray(0, maxBytes - bytes)
    bytes += chunk.byteLength
    if (bytes > maxBytes) throw transportError('body_too_large', response.url.host, { maxBytes })
    yield chunk
  }
}
