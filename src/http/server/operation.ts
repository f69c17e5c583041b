import type { z } from 'zod'
import type { Principal } from '../../hub/access/index.ts'
import { demand } from '../../hub/access/index.ts'
import type { Logger, Secret } from '../../kernel/index.ts'
import type { Route } from '../contract/index.ts'
import { HttpError } from './http-error.ts'

/** What a route knows of a call besides what was sent. */
export interface Call {
  /** Who is calling. @throws AccessError `not_signed_in` */
  principal(): Promise<Principal>
  /** Aborted when the caller has gone, or the time is up. */
  readonly signal: AbortSignal
  /** Where the call comes from, an IP address. */
  readonly address: string
  readonly requestId: string
  readonly logger: Logger
  /** The token of the session cookie, if one came along. */
  readonly sessionToken: Secret | undefined
  /** Sets the session cookie, or clears it. */
  keepSession(session: { readonly token: Secret; readonly expiresAt: number } | undefined): void
}

/** What was sent, as the contract reads it. */
export interface Sent<R extends Route> {
  readonly params: z.output<R['params']>
  readonly query: z.output<R['query']>
  readonly body: z.output<R['body']>
}

/** What was sent, unread. */
export interface RawSent {
  readonly params: unknown
  readonly query: unknown
  readonly body: unknown
}

/** A route with what answers it: reading, right, hub and presenting are one call. */
export interface Operation {
  readonly route: Route
  answer(raw: RawSent, call: Call): Promise<unknown>
  /** For callers that take the answer line by line. */
  readonly lines?: (raw: RawSent, call: Call) => AsyncIterable<unknown>
  /** Where the answer is a document. */
  readonly document?: (raw: RawSent, call: Call) => Promise<Document>
}

/** A document as it leaves. */
export interface Document {
  readonly name?: string
  readonly contentType: string
  readonly size: number
  readonly body: ReadableStream<Uint8Array>
}

/**
 * Binds a route of the contract to what answers it. What leaves is read by the contract too, so that a
 * field that the contract does not name never leaves.
 */
export function bind<R extends Route>(
  route: R,
  answer: (sent: Sent<R>, call: Call) => Promise<z.input<R['response']>>,
): Operation {
  return {
    route,
    answer: async (raw, call) => {
      await admit(route, call)
      return route.response.parse(await answer(readSent(route, raw), call))
    },
  }
}

/** Binds a route whose answer can be streamed. */
export function bindStream<R extends Route & { readonly line: z.ZodType }>(
  route: R,
  answer: (sent: Sent<R>, call: Call) => Promise<z.input<R['response']>>,
  lines: (sent: Sent<R>, call: Call) => AsyncIterable<z.input<R['line']>>,
): Operation {
  return {
    ...bind<R>(route, answer),
    lines: async function* (raw, call) {
      await admit(route, call)
      for await (const line of lines(readSent(route, raw), call)) yield route.line.parse(line)
    },
  }
}

/** Binds a route whose answer is a document. */
export function bindDocument<R extends Route & { readonly document: true }>(
  route: R,
  open: (sent: Sent<R>, call: Call) => Promise<Document>,
): Operation {
  return {
    route,
    answer: async () => undefined,
    document: async (raw, call) => {
      await admit(route, call)
      return await open(readSent(route, raw), call)
    },
  }
}

/** Lets in whoever may call a route. @throws AccessError `not_signed_in`, `scope_missing` */
export async function admit(route: Route, call: Call): Promise<void> {
  if (route.access !== 'public') demand(await call.principal(), route.access)
}

function readSent<R extends Route>(route: R, raw: RawSent): Sent<R> {
  return {
    params: read<R['params']>(route.params, 'path', raw.params),
    query: read<R['query']>(route.query, 'query', raw.query),
    body: read<R['body']>(route.body, 'body', raw.body ?? noBody(route)),
  }
}

// A body whose every field may be left out may be left out itself.
function noBody({ body }: Route): object | undefined {
  return body.safeParse(undefined).success ? undefined : {}
}

function read<S extends z.ZodType>(schema: S, place: string, value: unknown): z.output<S> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const fields = result.error.issues.slice(0, 20).map((issue) => ({
    field: [place, ...issue.path.map(String)].join('.'),
    message: issue.message,
  }))
  throw new HttpError('request_invalid', {
    what: 'The request is not as the API expects it.',
    why: fields.map(({ field, message }) => `${field}: ${message}`).join('; '),
    remedy: 'Correct the fields that are named; /docs shows every one of them.',
    facts: { fields },
  })
}
