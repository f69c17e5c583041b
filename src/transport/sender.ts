import type { Clock, Logger } from '../kernel/index.ts'
import { readableBody } from './body.ts'
import { createDispatchers, type Dispatchers } from './dispatchers.ts'
import type { Egress } from './egress.ts'
import { chain, type HttpRequest, type HttpResponse, type Send } from './exchange.ts'
import { asTransportError } from './fault.ts'
import { requestLog } from './request-log.ts'
import { startTimeLimit } from './time-limit.ts'
import { TransportError } from './transport-error.ts'

/** What a sender is made of, and its limits. */
export interface SenderOptions {
  readonly egress: Egress
  readonly clock: Clock
  readonly logger: Logger
  /** From the request to the last byte of its answer, for requests that set no limit of their own. */
  readonly timeoutMs?: number
  readonly maxHeaderBytes?: number
}

/** Sends requests over pooled connections until it is closed. */
export interface Sender {
  readonly send: Send
  /** Ends what is under way with `aborted` and closes every connection. */
  close(): Promise<void>
}

/**
 * Makes the one way out of the process. It sends once and never follows a redirect: a token must not
 * travel where an answer points to.
 *
 * @example
 * ```ts
 * import { silentLogger, systemClock } from 'fairlead/kernel'
 * import { createEgress, createSender } from 'fairlead/transport'
 *
 * const egress = createEgress({ allow: ['https://crm.example.org:443'] })
 * const sender = createSender({ egress, clock: systemClock, logger: silentLogger })
 * const url = new URL('https://crm.example.org/api/data/v9.2/')
 * const response = await sender.send({ method: 'GET', url, headers: {} })
 * await response.discard()
 * await sender.close()
 * ```
 */
export function createSender(options: SenderOptions): Sender {
  const { egress, clock, logger, timeoutMs = 30_000, maxHeaderBytes = 32_768 } = options
  const dispatchers = createDispatchers(egress, maxHeaderBytes)
  const closing = new AbortController()
  const once: Send = async (request) => {
    const host = request.url.host
    const signals = [request.signal, closing.signal]
    const limit = startTimeLimit({ clock, ms: request.timeoutMs ?? timeoutMs, host, signals })
    try {
      const answer = await dispatch(request, egress, dispatchers, limit.signal)
      const headers = headersOf(answer.headers)
      const empty = request.method === 'HEAD' || answer.statusCode === 204
      const body = readableBody(answer, headers, { host, limit, empty })
      const response = { status: answer.statusCode, headers, url: request.url, ...body }
      return await refuseRedirect(response)
    } catch (error) {
      limit.end()
      throw asTransportError(limit.signal.aborted ? limit.signal.reason : error, host)
    }
  }
  const close = async () => {
    closing.abort()
    await dispatchers.close()
  }
  return { send: chain([requestLog(logger, clock)], once), close }
}

function dispatch(
  request: HttpRequest,
  egress: Egress,
  dispatchers: Dispatchers,
  signal: AbortSignal,
) {
  signal.throwIfAborted()
  const { url, method, body } = request
  return dispatchers.for(egress.route(url)).request({
    origin: url.origin,
    path: url.pathname + url.search,
    method,
    headers: { 'accept-encoding': 'gzip, br', 'user-agent': 'fairlead', ...request.headers },
    signal,
    ...(body === undefined ? {} : { body }),
  })
}

function headersOf(raw: Record<string, string | string[] | undefined>): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(raw)) {
    for (const each of Array.isArray(value) ? value : [value ?? '']) headers.append(name, each)
  }
  return headers
}

async function refuseRedirect(response: HttpResponse): Promise<HttpResponse> {
  const { status, url, headers } = response
  if (![301, 302, 303, 307, 308].includes(status)) return response
  await response.discard()
  const target = URL.parse(headers.get('location') ?? '', url.href)
  throw new TransportError('redirect_refused', {
    what: `${url.host} answered with a redirect, which Fairlead does not follow.`,
    why: 'A token or secret must not be carried to an address that an answer names. Often the address is another one now, or a sign-in page stands before it.',
    remedy: `Use the address that is meant directly${target ? `; the redirect points to ${target.origin}` : ''}.`,
    who: 'you',
    retry: { when: 'never' },
    facts: { host: url.host, status, ...(target ? { target: target.origin } : {}) },
  })
}
