import type { Clock, JsonObject, Logger } from '../kernel/index.ts'
import {
  type HttpRequest,
  type HttpResponse,
  readJson,
  type Send,
  TransportError,
} from '../transport/index.ts'
import type { WebApi } from './address.ts'
import { parseChallenge, unauthorizedError } from './challenge.ts'
import { type Fault, parseFault, withoutSecrets } from './fault.ts'
import { faultError, resourceOf } from './fault-error.ts'
import { asJsonObject } from './json-answer.ts'
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
  /** Error statuses that this caller takes as answers. */
  readonly allow?: readonly number[]
}

// The service ends its own work after two minutes.
const LONGEST_CALL_MS = 150_000
const MOST_ERROR_BYTES = 1024 * 1024
const MOST_ANSWER_BYTES = 128 * 1024 * 1024

// https://learn.microsoft.com/power-apps/developer/data-platform/webapi/compose-http-requests-handle-errors
const HEADERS = { accept: 'application/json', 'odata-version': '4.0', 'odata-maxversion': '4.0' }

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
    try {
      return await this.#readOnce(request)
    } catch (error) {
      if (!(error instanceof TransportError) || error.code !== 'body_incomplete') throw error
      return this.#readOnce(request)
    }
  }

  async #readOnce(request: Omit<SessionRequest, 'method'>): Promise<JsonObject> {
    const response = await this.request({ ...request, method: 'GET' })
    return asJsonObject(await readJson(response, { maxBytes: MOST_ANSWER_BYTES }), request.url)
  }

  async #checked(
    request: SessionRequest,
    response: HttpResponse,
    token: AccessToken,
  ): Promise<HttpResponse> {
    const { status } = response
    const answered = (status >= 200 && status < 300) || request.allow?.includes(status) === true
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

// The status says more than that its page was too long or broke off.
function textLost(error: unknown): string {
  if (error instanceof TransportError && error.code !== 'aborted') return ''
  throw error
}

function withToken(request: SessionRequest, token: AccessToken): HttpRequest {
  const { method, url, headers, body, signal, timeoutMs = LONGEST_CALL_MS } = request
  return {
    method,
    url,
    headers: { ...HEADERS, ...headers, authorization: `Bearer ${token.value.reveal()}` },
    ...(body === undefined ? {} : { body }),
    ...(signal === undefined ? {} : { signal }),
    timeoutMs,
  }
}
