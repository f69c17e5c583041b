import type { Clock, Json, JsonObject, Logger } from '../kernel/index.ts'
import {
  type HttpRequest,
  type HttpResponse,
  readJson,
  type Send,
  TransportError,
} from '../transport/index.ts'
import { LONGEST_ADDRESS, longestAddress, resolvePath, type WebApi } from './address/address.ts'
import { asJsonObject } from './answer/json-answer.ts'
import { inBatch, outOfBatch } from './batch/long-address.ts'
import { parseChallenge, unauthorizedError } from './errors/challenge.ts'
import { type Fault, parseFault, withoutSecrets } from './errors/fault.ts'
import { faultError, resourceOf } from './errors/fault-error.ts'
import type { Operation } from './operation.ts'
import type { AccessToken, TokenSource } from './token-source.ts'

/** What one call may be told, whatever it does. */
export interface CallOptions {
  readonly signal?: AbortSignal
  /** The most that each request may take, in ms, its body included. */
  readonly timeoutMs?: number
}

/** One request of the client, before it carries a token. */
export interface SessionRequest extends CallOptions {
  readonly method: string
  readonly url: URL
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  /** Error answers that this caller takes as answers, by their statuses or by a test. */
  readonly allow?: readonly number[] | ((response: HttpResponse) => boolean)
  /** Whether it may be sent again after an unknown outcome; GET always may. */
  readonly idempotent?: boolean
}

// The service ends its own work after two minutes.
const LONGEST_CALL_MS = 150_000
const MOST_ERROR_BYTES = 1024 * 1024
const MOST_ANSWER_BYTES = 128 * 1024 * 1024

// https://learn.microsoft.com/power-apps/developer/data-platform/webapi/compose-http-requests-handle-errors
const HEADERS = { accept: 'application/json', 'odata-version': '4.0', 'odata-maxversion': '4.0' }
const JSON_CONTENT = { 'content-type': 'application/json; charset=utf-8' }

/** Sends requests to one environment in one user's name: tokens, error answers, JSON. */
export class Session {
  readonly api: WebApi
  readonly #tokens: TokenSource
  readonly #send: Send
  readonly #clock: Clock
  readonly #logger: Logger

  constructor(options: {
    readonly api: WebApi
    readonly tokens: TokenSource
    readonly send: Send
    readonly clock: Clock
    readonly logger: Logger
  }) {
    this.api = options.api
    this.#tokens = options.tokens
    this.#send = options.send
    this.#clock = options.clock
    this.#logger = options.logger
  }

  /** Sends a request, once more with another token after a 401; error answers throw. */
  async request(request: SessionRequest): Promise<HttpResponse> {
    const { method, url } = request
    if (method === 'GET' && url.href.length > LONGEST_ADDRESS) return this.#requestInBatch(request)
    const token = await this.#tokens.token(request.signal)
    const first = await this.#send(withToken(request, token))
    if (first.status !== 401) return this.#checked(request, first, token)
    await first.discard()
    this.#logger.info('dataverse token refused', {
      host: request.url.host,
      path: resourceOf(request.url),
    })
    const other = await this.#tokens.replace(token, request.signal)
    return this.#checked(request, await this.#send(withToken(request, other)), other)
  }

  /**
   * Reads a JSON object; once more where the answer breaks off, which the policies below cannot see.
   *
   * @throws InvalidJson where something else answers
   */
  async json(request: Omit<SessionRequest, 'method'>): Promise<JsonObject> {
    return againIfCut(true, () => this.#readOnce(request))
  }

  /** Sends an operation on its own and reads its answer; one that may be repeated again if it breaks off. */
  async perform<Result>(operation: Operation<Result>, options: CallOptions): Promise<Result> {
    const { method, path, headers, body, idempotent, allow, allowRepeated, read } = operation
    let cut = false
    const request: SessionRequest = {
      ...options,
      allow: ({ status, repeated = cut }) =>
        allow?.includes(status) === true || (repeated && allowRepeated?.includes(status) === true),
      ...(idempotent === undefined ? {} : { idempotent }),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headers: { ...(body === undefined ? {} : JSON_CONTENT), ...headers },
      method,
      url: resolvePath(this.api, path, longestAddress(method)),
    }
    const answer = await againIfCut(idempotent ?? method === 'GET', async () => {
      const response = await this.request(request)
      const { status, headers: answered, repeated = cut } = response
      cut = true
      return { status, headers: answered, body: await readBody(response), repeated }
    })
    return read(answer)
  }

  /** Makes a reader of error answers that come as parts of another answer. */
  async faultReader(
    signal?: AbortSignal,
  ): Promise<(answer: Parameters<typeof parseFault>[0]) => Fault> {
    const token = await this.#tokens.token(signal)
    return (answer) => withoutSecrets(parseFault(answer, this.#clock.now()), [token.value.reveal()])
  }

  async #readOnce(request: Omit<SessionRequest, 'method'>): Promise<JsonObject> {
    const response = await this.request({ ...request, method: 'GET' })
    return asJsonObject(await readJson(response, { maxBytes: MOST_ANSWER_BYTES }), request.url)
  }

  async #requestInBatch(request: SessionRequest): Promise<HttpResponse> {
    const response = await this.request({ ...request, ...inBatch(this.api, request) })
    const answer = await outOfBatch(response, request.url)
    return this.#checked(request, answer, await this.#tokens.token(request.signal))
  }

  async #checked(
    request: SessionRequest,
    response: HttpResponse,
    token: AccessToken,
  ): Promise<HttpResponse> {
    const { status } = response
    const answered = (status >= 200 && status < 300) || isAllowed(request.allow, response)
    if (answered && status !== 401) return response
    const fault = await this.#readFault(response, token)
    if (status !== 401) throw faultError(fault, request)
    const challenge = parseChallenge(response.headers.get('www-authenticate'))
    throw unauthorizedError(this.api, challenge, fault)
  }

  async #readFault(response: HttpResponse, token: AccessToken): Promise<Fault> {
    const { status, headers } = response
    const text = await response.text({ maxBytes: MOST_ERROR_BYTES }).catch(textLost)
    const fault = parseFault({ status, headers, text }, this.#clock.now())
    // Whatever quotes the request in its error page must not bring the token into our errors.
    return withoutSecrets(fault, [token.value.reveal()])
  }
}

// The policies beneath cannot see an answer that breaks off while it is read.
async function againIfCut<Result>(repeatable: boolean, exchange: () => Promise<Result>) {
  try {
    return await exchange()
  } catch (error) {
    const cut = error instanceof TransportError && error.code === 'body_incomplete'
    if (!cut || !repeatable) throw error
    return exchange()
  }
}

function isAllowed(allow: SessionRequest['allow'], response: HttpResponse): boolean {
  return typeof allow === 'function' ? allow(response) : allow?.includes(response.status) === true
}

async function readBody(response: HttpResponse): Promise<Json | undefined> {
  if (response.status === 204) {
    await response.discard()
    return undefined
  }
  if (/\bjson\b/i.test(response.headers.get('content-type') ?? '')) {
    return readJson(response, { maxBytes: MOST_ANSWER_BYTES })
  }
  const text = await response.text({ maxBytes: MOST_ANSWER_BYTES })
  return text === '' ? undefined : text
}

// The status says more than that its page was too long or broke off.
function textLost(error: unknown): string {
  if (error instanceof TransportError && error.code !== 'aborted') return ''
  throw error
}

function withToken(request: SessionRequest, token: AccessToken): HttpRequest {
  const { method, url, headers, body, idempotent, signal, timeoutMs = LONGEST_CALL_MS } = request
  return {
    method,
    url,
    headers: { ...HEADERS, ...headers, authorization: `Bearer ${token.value.reveal()}` },
    ...(body === undefined ? {} : { body }),
    ...(idempotent === undefined ? {} : { idempotent }),
    ...(signal === undefined ? {} : { signal }),
    timeoutMs,
  }
}
