import type { z } from 'zod'
import type { Secret } from '../../kernel/index.ts'
import {
  type Answer,
  contract,
  type DocumentOperation,
  type Line,
  lastLine,
  type Operation,
  type Request as RequestFor,
  type ResponseOf,
  type Route,
  STREAM_TYPE,
  type StreamedOperation,
} from '../contract/index.ts'
import {
  cutShort,
  fromProblem,
  HubError,
  notTheHub,
  readFailure,
  unreachable,
} from './hub-error.ts'
import { readLines } from './lines.ts'

/** Sends one request as `fetch` does; a hub in the same process can be called without a socket. */
export type Fetch = (request: Request) => Promise<Response>

/** Which hub to call, and as whom. */
export interface ClientOptions {
  /** The public URL of the hub. */
  readonly url: URL
  /** An API key; without one only public operations work, or the browser's own cookie counts. */
  readonly key?: Secret
  readonly fetch?: Fetch
}

export interface CallOptions {
  readonly signal?: AbortSignal
}

/** Calls a hub: every operation of the contract by its name, with its types. */
export interface HubClient {
  /**
   * @throws HubError with the code of the hub's problem, or `hub_unreachable`, `not_a_hub`
   * @example
   * ```ts
   * import { createClient } from 'fairlead'
   *
   * const hub = createClient({ url: new URL('http://localhost:4000') })
   * const { items } = await hub.call('listCredentials', {})
   * ```
   */
  call<Name extends Exclude<Operation, DocumentOperation>>(
    name: Name,
    request: RequestFor<Name>,
    options?: CallOptions,
  ): Promise<Answer<Name>>
  /**
   * Streams the answer line by line, without its last line; leaving the loop ends the call.
   *
   * @throws HubError also `stream_incomplete` when the connection ends before the last line
   */
  stream<Name extends StreamedOperation>(
    name: Name,
    request: RequestFor<Name>,
    options?: CallOptions,
  ): AsyncIterable<Line<Name>>
  /** Reads a document as it comes. @throws HubError as `call` */
  download<Name extends DocumentOperation>(
    name: Name,
    request: RequestFor<Name>,
    options?: CallOptions,
  ): Promise<Download>
}

/** A document on its way. */
export interface Download {
  /** The file name that the document came with. */
  readonly name?: string
  readonly contentType: string
  readonly body: ReadableStream<Uint8Array>
}

interface Parts {
  readonly params?: object
  readonly query?: object
  readonly body?: object | undefined
}

/** Makes a client of the hub at an address. */
export function createClient(options: ClientOptions): HubClient {
  return {
    call: (name, request, call = {}) => callOnce(options, contract[name], request, call),
    stream: (name, request, call = {}) => streamLines(options, contract[name], request, call),
    download: (name, request, call = {}) => download(options, contract[name], request, call),
  }
}

async function callOnce<R extends Route>(
  options: ClientOptions,
  route: R,
  parts: Parts,
  { signal }: CallOptions,
): Promise<ResponseOf<R>> {
  const response = await exchange(options, route, parts, 'application/json', signal)
  const text = await response.text().catch((error: unknown) => {
    throw signal?.aborted ? signal.reason : cutShort(error)
  })
  return parse<R['response']>(
    route.response,
    response.status === 204 ? undefined : readJson(text, response.status),
  )
}

async function* streamLines<R extends Route & { readonly line: z.ZodType }>(
  options: ClientOptions,
  route: R,
  parts: Parts,
  { signal }: CallOptions,
): AsyncGenerator<z.output<R['line']>> {
  const response = await exchange(options, route, parts, STREAM_TYPE, signal)
  if (response.body === null) throw notTheHub(response.status)
  try {
    for await (const sent of readLines(response.body)) {
      const last = lastLine.safeParse(sent)
      if (last.data?.kind === 'problem') throw fromProblem(last.data.problem)
      if (last.data?.kind === 'end') return
      yield parse<R['line']>(route.line, sent)
    }
  } catch (error) {
    if (signal?.aborted) throw signal.reason
    throw error instanceof HubError ? error : cutShort(error)
  }
  throw cutShort()
}

async function download(
  options: ClientOptions,
  route: Route,
  parts: Parts,
  { signal }: CallOptions,
): Promise<Download> {
  const { headers, body, status } = await exchange(options, route, parts, '*/*', signal)
  if (body === null) throw notTheHub(status)
  const contentType = headers.get('content-type') ?? 'application/octet-stream'
  const name = nameIn(headers.get('content-disposition') ?? '')
  return { contentType, body, ...(name !== undefined && { name }) }
}

// RFC 6266, in the one form in which the hub writes it.
function nameIn(disposition: string): string | undefined {
  const [, encoded] = /; filename\*=UTF-8''([^;]+)$/.exec(disposition) ?? []
  try {
    return encoded === undefined ? undefined : decodeURIComponent(encoded)
  } catch {
    return undefined
  }
}

async function exchange(
  options: ClientOptions,
  route: Route,
  parts: Parts,
  accept: string,
  signal: AbortSignal | undefined,
): Promise<Response> {
  const request = buildRequest(options, route, parts, accept, signal)
  const response = await (options.fetch ?? fetch)(request).catch((error: unknown) => {
    throw signal?.aborted ? signal.reason : unreachable(options.url, error)
  })
  if (response.status === route.status) return response
  throw readFailure(response.status, await response.text().catch(() => ''))
}

function buildRequest(
  { url, key }: ClientOptions,
  route: Route,
  { params, query, body }: Parts,
  accept: string,
  signal: AbortSignal | undefined,
): Request {
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => encodePart(params, name))
  const target = new URL(path, url)
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) target.searchParams.set(name, String(value))
  }
  const headers = new Headers({ accept })
  if (key !== undefined) headers.set('authorization', `Bearer ${key.reveal()}`)
  if (body !== undefined) headers.set('content-type', 'application/json')
  return new Request(target, {
    method: route.method,
    headers,
    redirect: 'error',
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
  })
}

function encodePart(params: object | undefined, name: string): string {
  const found = Object.entries(params ?? {}).find(([key]) => key === name)
  return encodeURIComponent(String(found?.[1]))
}

function parse<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const read = schema.safeParse(value)
  if (read.success) return read.data
  throw notTheHub(200, read.error)
}

function readJson(text: string, status: number): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw notTheHub(status, error)
  }
}
