import { json } from '../answers.ts'
import type { SandboxClock } from '../clock.ts'
import type { Exchange } from '../exchange.ts'
import type { NamedFailure } from '../faults/index.ts'
import { AadstsError } from './aadsts.ts'
import { AADSTS_TABLE } from './aadsts-table.ts'
import { failureToCallback } from './callback-answers.ts'
import { errorPage } from './pages/message-pages.ts'
import { readEntraRequest } from './request.ts'
import { describeFailure, NO_STORE, timestamp } from './token-answers.ts'

type Action = Parameters<NamedFailure>[1]

/** Answers a request with the failure that a test asked for, in the place that suits the request. */
export function createNamedFailure(clock: SandboxClock): NamedFailure {
  return (exchange, action) => {
    const request = readEntraRequest(exchange, '', clock)
    const failure = toError(action)
    if (exchange.url.pathname.toLowerCase().endsWith('/authorize')) {
      const uri = exchange.url.searchParams.get('redirect_uri')
      if (action.place === 'page' || uri === null) return errorPage(request, failure)
      const state = exchange.url.searchParams.get('state') ?? undefined
      return failureToCallback(
        request,
        { redirect: { platform: 'web', uri }, mode: 'query', state },
        failure,
      )
    }
    return asJson(exchange, clock, action, failure)
  }
}

function asJson(exchange: Exchange, clock: SandboxClock, action: Action, failure: AadstsError) {
  const request = readEntraRequest(exchange, '', clock)
  const separator = action.trailer === 'lines' ? '\r\n' : ' '
  const inner = describeFailure(request, failure, separator)
  const { outer } = action
  const numbers = outer === undefined ? [failure.number] : [outer, failure.number]
  const body = {
    error: failure.error,
    error_description:
      outer === undefined ? inner : `AADSTS${outer}: Error validating credentials. ${inner}`,
    ...(action.omitErrorCodes ? {} : { error_codes: numbers }),
    timestamp: timestamp(request.now),
    trace_id: request.traceId,
    correlation_id: request.correlationId,
    error_uri: `${request.origin}/error?code=${failure.number}`,
    ...(failure.suberror === undefined ? {} : { suberror: failure.suberror }),
    ...(failure.claims === undefined ? {} : { claims: failure.claims }),
  }
  const headers: Record<string, string> = { ...NO_STORE }
  if (action.retryAfter !== undefined) headers['retry-after'] = action.retryAfter
  return json(failure.status, body, headers)
}

function toError(action: Action): AadstsError {
  const [error = 'invalid_request', status = 400, text = 'An error occurred.', suberror] =
    AADSTS_TABLE[action.number] ?? []
  const chosen = action.suberror ?? suberror
  return new AadstsError(action.number, action.text ?? text.replace(/\{\w+\}/g, '…'), {
    error: action.error ?? error,
    status: action.status ?? status,
    ...(chosen === undefined ? {} : { suberror: chosen }),
    ...(action.claims === undefined ? {} : { claims: action.claims }),
  })
}
