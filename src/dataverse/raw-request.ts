import type { Json } from '../kernel/index.ts'
import { type AnswerHeaders, type HttpResponse, parseExactJson } from '../transport/index.ts'
import { longestAddress, resolvePath } from './address/address.ts'
import type { CallOptions } from './call-options.ts'
import { callOptions } from './call-options.ts'
import { invalidArgument } from './errors/dataverse-error.ts'
import { checkHeaders } from './request-headers.ts'
import type { Session } from './session.ts'

/** A request that the caller writes. */
export interface RawRequest extends CallOptions {
  readonly method: string
  /** Relative to the Web API's address, or absolute within the environment. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  /** Text is sent as it is; anything else as JSON. */
  readonly body?: Json
  /** Error statuses that are answers rather than errors. */
  readonly allow?: readonly number[]
}

/** The answer to a {@link RawRequest}. */
export interface RawResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Parsed where the answer is whole JSON, else the text; `null` where there is none. */
  readonly body: Json
}

/** The methods that a {@link RawRequest} may have. */
export const RAW_METHODS: readonly string[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

const MOST_BYTES = 128 * 1024 * 1024
/** Sends what the caller wrote, once its address and headers are known to be harmless. */
export async function sendRaw(session: Session, raw: RawRequest): Promise<RawResponse> {
  const method = raw.method.trim().toUpperCase()
  if (!RAW_METHODS.includes(method)) {
    throw invalidArgument('method', 'it is not one of them', `Use ${RAW_METHODS.join(', ')}.`)
  }
  const path = raw.path.trim()
  checkWritten(path)
  const url = resolvePath(session.api, path, longestAddress(method))
  const response = await session.request({
    ...callOptions(raw),
    ...(raw.allow === undefined ? {} : { allow: raw.allow }),
    ...content(method, raw, checkHeaders(raw.headers ?? {})),
    method,
    url,
  })
  return read(response)
}

// The parser of addresses would leave these out without a word.
function checkWritten(path: string): void {
  if (!path.isWellFormed() || /\p{Cc}/u.test(path)) {
    throw invalidArgument(
      'path',
      'it holds a control character, or half a character',
      'Leave it out, or encode it: a line feed is %0A.',
    )
  }
  if (!path.includes('#')) return
  throw invalidArgument(
    'path',
    'what follows “#” is never sent',
    'Write # as %23, or leave out what begins with it.',
  )
}

function content(
  method: string,
  { body }: RawRequest,
  headers: Readonly<Record<string, string>>,
): { readonly headers: Readonly<Record<string, string>>; readonly body?: string } {
  if (body === undefined || body === null) return { headers }
  if (method === 'GET') {
    throw invalidArgument('body', 'a GET request has none', 'Leave the body out, or use POST.')
  }
  const type = { 'content-type': 'application/json; charset=utf-8' }
  return {
    headers: { ...type, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  }
}

async function read(response: HttpResponse): Promise<RawResponse> {
  const text = await response.text({ maxBytes: MOST_BYTES })
  const type = response.headers.get('content-type') ?? ''
  return {
    status: response.status,
    headers: shownHeaders(response.headers),
    body: text === '' ? null : isJson(type) ? parsed(text) : text,
  }
}

function parsed(text: string): Json {
  try {
    return parseExactJson(text)
  } catch {
    return text
  }
}

// Cookies bind a caller to one of the service's servers; they are nobody else's business.
function shownHeaders(headers: AnswerHeaders): Readonly<Record<string, string>> {
  return Object.fromEntries([...headers].filter(([name]) => name !== 'set-cookie'))
}

function isJson(contentType: string): boolean {
  return /^application\/([\w.-]+\+)?json\b/i.test(contentType.trim())
}
