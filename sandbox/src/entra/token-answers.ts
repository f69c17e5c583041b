import { json } from '../answers.ts'
import type { Answer } from '../exchange.ts'
import type { AadstsError } from './aadsts.ts'
import type { EntraRequest } from './request.ts'

/** Tokens are never kept by anything on the way. */
export const NO_STORE = { 'cache-control': 'no-store, no-cache', pragma: 'no-cache' } as const

/** The text of a failure with the trailer that support asks for. */
export function describeFailure(
  request: EntraRequest,
  failure: AadstsError,
  separator = '\r\n',
): string {
  return [
    `AADSTS${failure.number}: ${failure.message}`,
    `Trace ID: ${request.traceId}`,
    `Correlation ID: ${request.correlationId}`,
    `Timestamp: ${timestamp(request.now)}`,
  ].join(separator)
}

/** Entra's JSON failure, as the token endpoint answers it. */
export function tokenFailure(request: EntraRequest, failure: AadstsError): Answer {
  const body = {
    error: failure.error,
    error_description: describeFailure(request, failure),
    error_codes: [failure.number],
    timestamp: timestamp(request.now),
    trace_id: request.traceId,
    correlation_id: request.correlationId,
    error_uri: `${request.origin}/error?code=${failure.number}`,
    ...(failure.suberror === undefined ? {} : { suberror: failure.suberror }),
    ...(failure.claims === undefined ? {} : { claims: failure.claims }),
  }
  return json(failure.status, body, { ...NO_STORE, 'x-ms-request-id': request.traceId })
}

/** `2026-11-22 10:00:00Z` */
export function timestamp(now: number): string {
  return `${new Date(now).toISOString().slice(0, 19).replace('T', ' ')}Z`
}
