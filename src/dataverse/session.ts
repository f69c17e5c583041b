import type { Clock, Json, JsonObject, Logger } from '../kernel/index.ts'
import {
  type HttpRequest,
  type HttpResponse,
  type Retry,
  readJson,
  type Send,
  TransportError,
  transportError,
} from '../transport/index.ts'
import { LONGEST_ADDRESS, longestAddress, resolvePath, type WebApi } from './address/address.ts'
import { asJsonObject } from './answer/json-answer.ts'
import { inBatch, outOfBatch } from './batch/long-address.ts'
import { parseChallenge, unauthorizedError } from './errors/challenge.ts'
import { type Fault, parseFault, withoutSecrets } from './errors/fault.ts'
import { faultError, resourceOf } from './errors/fault-error.ts'
import { passingFailure } from './errors/passing.ts'
import type { Operation } from './operation.ts'
import { orAborted, TokenRenewal } from './token-renewal.ts'
import type { AccessToken, TokenSource } from './token-source.ts'

/** What one call may be told, whatever it does. */
export interface CallOptions {
  readonly signal?: AbortSignal
  /** The most that each request may take, in ms, its body included. */
  readonly timeoutMs?: number
  /** The most that the whole call may take, in ms: tokens, waits and repetitions included. */
  readonly deadlineMs?: number
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

interface BoundedRequest extends SessionRequest {
  readonly deadlineAt?: number
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
  readonly #renewal: TokenRenewal
  readonly #send: Send
  readonly #retry: Retry
  readonly #clock: Clock
  readonly #logger: Logger

  constructor(options: {
    readonly api: WebApi
    readonly tokens: TokenSource
    readonly send: Send
    readonly retry: Retry
    readonly clock: Clock
    readonly logger: Logger
  }) {
    this.api = options.api
    this.#tokens = options.tokens
    this.#renewal = new TokenRenewal(options.tokens)
    this.#send = options.send
    this.#retry = options.retry
    this.#clock = options.clock
    this.#logger = options.logger
  }

  /** Sends a request, again while what stops it passes; error answers throw. The body is not read. */
  request(request: SessionRequest): Promise<HttpResponse> {
    return this.#call(request, async (response) => response)
  }

  /** Reads a JSON object. @throws InvalidJson where something else answers */
  json(request: Omit<SessionRequest, 'method'>): Promise<JsonObject> {
    return this.#call({ ...request, method: 'GET' }, async (response) =>
      asJsonObject(await readJson(response, { maxBytes: MOST_ANSWER_BYTES }), request.url),
    )
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
    signal?: AbortSignal,
  ): Promise<(answer: Parameters<typeof parseFault>[0]) => Fault> {
    const token = await this.#tokens.token(signal)
    return (answer) => withoutSecrets(parseFault(answer, this.#clock.now()), [token.value.reveal()])
  }

  /** Sends a request and reads its answer, both again while what stops them passes. */
  #call<Result>(
    request: SessionRequest,
    read: (response: HttpResponse) => Promise<Result>,
  ): Promise<Result> {
    const { deadlineMs } = request
    const deadline = deadlineMs === undefined ? {} : { deadlineAt: this.#clock.now() + deadlineMs }
    const bounded = { ...request, ...deadline }
    const attempt = async (repeated: boolean) => read(await this.#exchange(bounded, repeated))
    return this.#retry({ request: bounded, attempt, passing: passingFailure })
  }

  /** Sends a request, once more with another token after a 401. */
  async #exchange(request: BoundedRequest, repeated: boolean): Promise<HttpResponse> {
    const { method, signal, url } = request
    if (method === 'GET' && url.href.length > LONGEST_ADDRESS) {
      return this.#exchangeInBatch(request, repeated)
    }
    const token = await this.#inTime(request, this.#tokens.token(signal))
    const first = await this.#send(withToken(request, token))
    if (first.status !== 401) {
      return this.#checked(request, { ...first, repeated }, token)
    }
    await first.discard()
    this.#logger.info('dataverse token refused', {
      host: url.host,
      path: resourceOf(url),
    })
    const other = await this.#inTime(request, this.#renewal.replace(token, signal))
    const second = await this.#send(withToken(request, other))
    return this.#checked(request, { ...second, repeated }, other)
  }

  async #exchangeInBatch(request: BoundedRequest, repeated: boolean): Promise<HttpResponse> {
    const response = await this.#exchange({ ...request, ...inBatch(this.api, request) }, repeated)
    const answer = await outOfBatch(response, request.url)
    return this.#checked(request, { ...answer, repeated }, await this.#tokens.token(request.signal))
  }

  // A source of tokens may hang, or not heed the signal.
  async #inTime({ signal, deadlineAt, url }: BoundedRequest, token: Promise<AccessToken>) {
    if (deadlineAt === undefined) return orAborted(token, signal)
    const over = new AbortController()
    const late = this.#clock.sleep(Math.max(0, deadlineAt - this.#clock.now()), over.signal)
    const timeout = late.then(() => {
      throw transportError('timeout', url.host, { phase: 'token' })
    })
    try {
      return await Promise.race([orAborted(token, signal), timeout])
    } finally {
      over.abort('over')
    }
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

function withToken(request: BoundedRequest, token: AccessToken): HttpRequest {
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
