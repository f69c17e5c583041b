import { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'
import { type Clock, type Logger, silentLogger, systemClock } from '../kernel/index.ts'
import { answerHeaders } from './answer-headers.ts'
import { readableBody } from './body.ts'
import { createDispatchers } from './dispatchers.ts'
import { createEgress, type Egress } from './egress.ts'
import { chain, type HttpRequest, type HttpResponse, type Send } from './exchange.ts'
import { asTransportError } from './fault.ts'
import type { IncomingAnswer } from './incoming-answer.ts'
import { OpenExchanges } from './open-exchanges.ts'
import { requestLog } from './request-log.ts'
import { TransportError } from './transport-error.ts'

/** What a sender is made of, and its limits. */
export interface SenderOptions {
  /** @defaultValue the hosts of Microsoft's clouds, and nothing else */
  readonly egress?: Egress
  /** @defaultValue the system's clock */
  readonly clock?: Clock
  /** @defaultValue nothing is logged */
  readonly logger?: Logger
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
 * import { createEgress, createSender } from 'fairlead/transport'
 *
 * const sender = createSender({ egress: createEgress({ allow: ['https://crm.example.org:443'] }) })
 * const url = new URL('https://crm.example.org/api/data/v9.2/')
 * const response = await sender.send({ method: 'GET', url, headers: {} })
 * await response.discard()
 * await sender.close()
 * ```
 */
export function createSender(options: SenderOptions = {}): Sender {
  const {
    egress = createEgress({ allow: [] }),
    clock = systemClock,
    logger = silentLogger,
  } = options
  const { timeoutMs = 30_000, maxHeaderBytes = 32_768 } = options
  const dispatchers = createDispatchers(egress, maxHeaderBytes)
  const exchanges = new OpenExchanges(clock, timeoutMs)
  const once: Send = async (request) => {
    try {
      const dispatcher = await dispatchers.for(egress.route(request.url))
      const answer = exchanges.begin(request)
      dispatcher.dispatch(outgoing(request), answer)
      return await refuseRedirect(await responseOf(request, answer))
    } catch (error) {
      leave(request.body)
      throw asTransportError(error, request.url.host)
    }
  }
  const close = async () => {
    exchanges.close()
    await dispatchers.close()
  }
  return { send: chain([requestLog(logger, clock)], once), close }
}

// No cookie is ever sent: the service's own bind a caller to one of its servers.
function outgoing({ url, method, headers, body }: HttpRequest): Dispatcher.DispatchOptions {
  return {
    origin: url.origin,
    path: url.pathname + url.search,
    method,
    headers: { 'accept-encoding': 'gzip, br', 'user-agent': 'fairlead', ...headers },
    body: body ?? null,
  }
}

// A stream that was never asked for its bytes holds whatever it reads from.
function leave(body: HttpRequest['body']): void {
  if (body instanceof Readable) body.on('error', () => undefined).destroy()
}

async function responseOf(request: HttpRequest, answer: IncomingAnswer): Promise<HttpResponse> {
  const { status, fields } = await answer.head
  const headers = answerHeaders(fields)
  const empty = request.method === 'HEAD' || status === 204
  const body = readableBody(answer, { headers, host: request.url.host, empty })
  return { status, headers, url: request.url, ...body }
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
    facts: { host: url.host, status, ...(target ? { target: target.origin } : {}) },
  })
}
