import type { Clock, Json, JsonObject, Logger } from '../kernel/index.ts'
import {
  type HttpRequest,
  type HttpResponse,
  type Retry,
  readJson,
  type Send,
  TransportError,
} from '../transport/index.ts'
import { LONGEST_ADDRESS, longestAddress, resolvePath, type WebApi } from './address/address.ts'
import { asJsonObject } from './answer/json-answer.ts'
import { inBatch, outOfBatch } from './batch/long-address.ts'
import { beginCall, type CallOptions } from './call-options.ts'
import { parseChallenge, unauthorizedError } from './errors/challenge.ts'
import { type Fault, parseFault, withoutSecrets } from './errors/fault.ts'
import { classOfFault, faultError, resourceOf } from './errors/fault-error.ts'
import { passingFailure } from './errors/passing.ts'
import type { InnerRefusal } from './limits/limits.ts'
import type { Operation } from './operation.ts'
import type { AccessToken, TokenSource } from './token-source.ts'
import { waitFor } from './wait-for.ts'

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

/** Gives an error in the place of another. */
export type Explain = (error: unknown, call: CallOptions) => Promise<unknown>

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
  readonly #retry: Retry
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #onRefusalWithin: ((refusal: InnerRefusal) => void) | undefined
  readonly #explain: Explain

  constructor(options: {
    readonly api: WebApi
    readonly tokens: TokenSource
    readonly send: Send
    readonly retry: Retry
    readonly clock: Clock
    readonly logger: Logger
    /** Gives an error in the place of the one that a call ended with, such as one that says more. */
    readonly explain?: Explain
    /** Hears of operations of a batch that were refused for a limit. */
    readonly onRefusalWithin?: (refusal: InnerRefusal) => void
  }) {
    this.api = options.api
    this.#tokens = options.tokens
    this.#send = options.send
    this.#retry = options.retry
    this.#clock = options.clock
    this.#logger = options.logger
    this.#onRefusalWithin = options.onRefusalWithin
    this.#explain = options.explain ?? (async (error) => error)
  }

  /** Sends a request, again while what stops it passes; error answers throw. The body is not read. */
  request(request: SessionRequest): Promise<HttpResponse> {
    return this.#call(request, async (response) => response)
  }

  /** Reads a JSON object. @throws InvalidJson where something else answers */
  json(request: Omit<SessionRequest, 'method'>): Promise<JsonObject> {
    return this.#call({ ...request, method: 'GET' }, (response) =>
      readObject(response, request.url),
    )
  }

  /** Reads a JSON object as `json` does, and tells as of when it is, where the service says so. */
  datedJson(
    request: Omit<SessionRequest, 'method'>,
  ): Promise<{ readonly body: JsonObject; readonly servedAt?: number }> {
    return this.#call({ ...request, method: 'GET' }, async (response, sentAt) => {
      const servedAt = servedAtOf(response, this.#clock.now() - sentAt)
      const body = await readObject(response, request.url)
      return { body, ...(servedAt === undefined ? {} : { servedAt }) }
    })
  }

  /** Sends an operation on its own and reads its answer. */
  async perform<Result>(operation: Operation<Result>, options: CallOptions): Promise<Result> {
    const { method, path, headers, body, idempotent, allow, allowRepeated, read } = operation
    const request: SessionRequest = {
      ...options,
      allow: ({ status, repeated = false }) =>
        allow?.includes(status) === true || (repeated && allowRepeated?.includes(status) === true),
      ...(idempotent === undefined ? {} : { idempotent }),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headers: { ...(body === undefined ? {} : JSON_CONTENT), ...headers },
      method,
      url: resolvePath(this.api, path, longestAddress(method)),
    }
    const answer = await this.#call(request, async (response) => {
      const { status, headers: answered, repeated = false } = response
      return { status, headers: answered, body: await readBody(response), repeated }
    })
    return read(answer)
  }

  /** Makes a reader of error answers that come as parts of another answer. */
  async faultReader(
    call: CallOptions,
  ): Promise<(answer: Parameters<typeof parseFault>[0]) => Fault> {
    const token = await this.#token(beginCall(call, this.#clock))
    const sentAt = this.#clock.now()
    let refused = false
    return (answer) => {
      const fault = parseFault(answer, this.#clock.now())
      // All refusals of one batch are one piece of news.
      if (!refused && classOfFault(fault) === 'throttled') {
        refused = true
        this.#onRefusalWithin?.({ ...fault, sentAt })
      }
      return withoutSecrets(fault, [token.value.reveal()])
    }
  }

  /** The options of a call of several requests: its deadline is that of all of them together. */
  begin(options: CallOptions): CallOptions {
    return beginCall(options, this.#clock)
  }

  /** Waits for what is no request, as long as a call may; `what` completes "while it waited for …". */
  wait<Result>(promise: Promise<Result>, what: string, call: CallOptions): Promise<Result> {
    return waitFor(promise, what, call, this.#clock)
  }

  /** Sends a request and reads its answer, both again while what stops them passes. */
  async #call<Result>(
    request: SessionRequest,
    read: (response: HttpResponse, sentAt: number) => Promise<Result>,
  ): Promise<Result> {
    const bounded = { ...request, ...this.begin(request) }
    const attempt = async (repeated: boolean) => {
      const sentAt = this.#clock.now()
      return read(await this.#exchange(bounded, repeated), sentAt)
    }
    try {
      return await this.#retry({ request: bounded, attempt, passing: passingFailure })
    } catch (error) {
      throw await this.#explain(error, bounded)
    }
  }

  /** Sends a request, once more with another token after a 401. */
  async #exchange(request: SessionRequest, repeated: boolean): Promise<HttpResponse> {
    const { method, url } = request
    if (method === 'GET' && url.href.length > LONGEST_ADDRESS) {
      return this.#exchangeInBatch(request, repeated)
    }
    const token = await this.#token(request)
    const first = await this.#send(withToken(request, token))
    if (first.status !== 401) {
      return this.#checked(request, { ...first, repeated }, token)
    }
    await first.discard()
    this.#logger.info('dataverse token refused', {
      host: url.host,
      path: resourceOf(url),
    })
    const other = await this.wait(
      this.#tokens.replace(token, request.signal),
      'another access token',
      request,
    )
    const second = await this.#send(withToken(request, other))
    return this.#checked(request, { ...second, repeated }, other)
  }

  async #exchangeInBatch(request: SessionRequest, repeated: boolean): Promise<HttpResponse> {
    const response = await this.#exchange({ ...request, ...inBatch(this.api, request) }, repeated)
    const answer = await outOfBatch(response, request.url)
    return this.#checked(request, { ...answer, repeated }, await this.#token(request))
  }

  // A source of tokens may hang, or not heed the signal.
  async #token(call: CallOptions): Promise<AccessToken> {
    return this.wait(this.#tokens.token(call.signal), 'an access token', call)
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

function isAllowed(allow: SessionRequest['allow'], response: HttpResponse): boolean {
  return typeof allow === 'function' ? allow(response) : allow?.includes(response.status) === true
}

async function readObject(response: HttpResponse, url: URL): Promise<JsonObject> {
  return asJsonObject(await readJson(response, { maxBytes: MOST_ANSWER_BYTES, exact: true }), url)
}

// What was written while the service was reading may be missing from its answer. A clock that is set back
// meanwhile makes it no later than its own word.
function servedAtOf({ headers }: HttpResponse, tookMs: number): number | undefined {
  const answeredAt = Date.parse(headers.get('date') ?? '')
  return Number.isNaN(answeredAt) ? undefined : answeredAt - Math.max(0, tookMs)
}

async function readBody(response: HttpResponse): Promise<Json | undefined> {
  if (response.status === 204) {
    await response.discard()
    return undefined
  }
  if (/\bjson\b/i.test(response.headers.get('content-type') ?? '')) {
    return readJson(response, { maxBytes: MOST_ANSWER_BYTES, exact: true })
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
  const { method, url, headers, body, signal, deadlineAt, timeoutMs = LONGEST_CALL_MS } = request
  return {
    method,
    url,
    headers: { ...HEADERS, ...headers, authorization: `Bearer ${token.value.reveal()}` },
    ...(body === undefined ? {} : { body }),
    ...(signal === undefined ? {} : { signal }),
    ...(deadlineAt === undefined ? {} : { deadlineAt }),
    timeoutMs,
  }
}
