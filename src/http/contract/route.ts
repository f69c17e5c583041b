import { z } from 'zod'

/** What an API key may do; each scope of the list holds the ones before it. */
export const scopes = ['read', 'run', 'manage', 'admin'] as const

export type Scope = (typeof scopes)[number]

/** One operation of the API: where it is, who may call it, what goes in and what comes out. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** The path with its parameters in braces. */
  readonly path: `/api/v1/${string}`
  readonly subject: string
  readonly summary: string
  readonly description?: string
  /** `public` needs no sign-in. */
  readonly access: Scope | 'public'
  readonly params: z.ZodType
  readonly query: z.ZodType
  readonly body: z.ZodType
  /** How long the body may be, in bytes, where that is more than others have; strangers’ ones are not read. */
  readonly maxBodyBytes?: number
  readonly status: 200 | 201 | 202 | 204
  readonly response: z.ZodType
  /** One line of the answer, but the last, when the caller accepts `application/x-ndjson`. */
  readonly line?: z.ZodType
  /** The answer is a document of any type, byte by byte. */
  readonly document?: true
}

const nothing = z.strictObject({})

/** What most operations do not have: spread it first, then write what differs. */
export const plain = {
  params: nothing,
  query: nothing,
  body: z.undefined(),
  status: 200,
} as const

/** The answer of an operation that has nothing to say: status 204. */
export const empty = z.undefined()

/** What a caller hands over; a part that may be empty may be left out. */
export type RequestOf<R extends Route> = Part<'params', R> & Part<'query', R> & Part<'body', R>

type Part<Name extends 'params' | 'query' | 'body', R extends Route> =
  Record<never, never> extends z.input<R[Name]>
    ? { readonly [name in Name]?: z.input<R[Name]> }
    : undefined extends z.input<R[Name]>
      ? { readonly [name in Name]?: z.input<R[Name]> }
      : { readonly [name in Name]: z.input<R[Name]> }

/** What a caller gets. */
export type ResponseOf<R extends Route> = z.output<R['response']>
