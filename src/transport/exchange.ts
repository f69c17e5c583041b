import type { Readable } from 'node:stream'
import type { AnswerHeaders } from './answer-headers.ts'

/** One HTTP request as the rooms above hand it down. Header names are lower-case. */
export interface HttpRequest {
  readonly method: string
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  /** A stream is sent as it comes, once: such a request is never repeated. */
  readonly body?: string | Uint8Array | Readable
  /** The whole exchange, body included, ends by then. */
  readonly signal?: AbortSignal
  /** Overrides the sender's own limit, in ms from the request to the last byte of the answer. */
  readonly timeoutMs?: number
  /** When the whole call ends, its waits included, in ms since 1970: nothing waits beyond it. */
  readonly deadlineAt?: number
  /** Whether the request may be sent again after an unknown outcome; by default GET and HEAD only. */
  readonly idempotent?: boolean
}

/** An answer whose body has not been read: read it whole, or as a stream, or discard it; exactly once. */
export interface HttpResponse {
  readonly status: number
  readonly headers: AnswerHeaders
  /** The address that answered. */
  readonly url: URL
  /** Set where an earlier sending of the same request may have taken effect before this answer. */
  readonly repeated?: boolean
  /** Reads the body as text. @throws TransportError `body_too_large`, `body_incomplete`, `timeout` */
  text(options?: { readonly maxBytes?: number }): Promise<string>
  /** The body as it arrives, already decompressed. */
  stream(): ReadableStream<Uint8Array>
  /** Gives the connection back without reading the body. */
  discard(): Promise<void>
}

/** Sends one request. */
export type Send = (request: HttpRequest) => Promise<HttpResponse>

/** Wraps a sender: looks at or changes the request, sends it any number of times, looks at the answer. */
export type Policy = (request: HttpRequest, next: Send) => Promise<HttpResponse>

/** Puts policies around a sender, the first one outermost. */
export function chain(policies: readonly Policy[], send: Send): Send {
  return policies.reduceRight<Send>((next, policy) => (request) => policy(request, next), send)
}
