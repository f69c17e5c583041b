import type { Json, Retry } from '../kernel/index.ts'
import { InvalidJson, TransportError } from '../transport/index.ts'
import type { Affects } from './catalogue/index.ts'
import { OAuthError } from './oauth-error.ts'

/** Names the failure of a server that gave no answer, or one that is not of OAuth. */
export function asEndpointFault(error: unknown, retryAfterMs?: number): unknown {
  if (error instanceof OAuthError) return error
  if (error instanceof TransportError) return error.code === 'aborted' ? error : unreachable(error)
  if (error instanceof InvalidJson) return notJson(error, retryAfterMs)
  return error
}

/** A server's JSON that is neither tokens nor an error. The text is not shown: it may hold tokens. */
export function answerInvalid(
  host: string,
  status: number,
  known: { readonly reason?: string; readonly retryAfterMs?: number } = {},
): OAuthError {
  const affects = affectsOfStatus(status)
  return new OAuthError('token_answer_invalid', {
    what: `${host} answered, but not as an authorization server does.`,
    why: known.reason ?? 'The answer holds neither tokens nor an OAuth error.',
    remedy: 'Check the endpoints of the Auth Client.',
    who: affects === 'transient' ? 'microsoft' : 'you',
    retry: retryOf(affects, known.retryAfterMs),
    affects,
    facts: { host, status },
  })
}

function unreachable(cause: TransportError): OAuthError {
  const { why, remedy, who, retry } = cause.explanation
  // A fault of the network passes, and must never cost a grant; these two stay until something is changed.
  const stays = cause.code === 'egress_refused' || cause.code === 'redirect_refused'
  return new OAuthError('token_endpoint_unreachable', {
    what: `The authorization server gave no usable answer: ${cause.message}`,
    why,
    remedy,
    who,
    retry: stays ? retry : { when: 'later' },
    affects: stays ? 'configuration' : 'transient',
    facts: { ...cause.facts, reason: cause.code },
    cause,
  })
}

function notJson(cause: InvalidJson, retryAfterMs: number | undefined): OAuthError {
  const { status, kind, host } = cause.facts
  const broken = kind === 'cut_short' || kind === 'empty'
  const affects = broken ? 'transient' : affectsOfStatus(Number(status))
  const { why } = cause.explanation
  return new OAuthError('token_endpoint_failed', {
    what: `${textOf(host)} answered with status ${textOf(status)} and something that is not an OAuth answer.`,
    why,
    remedy:
      affects === 'transient'
        ? 'Try again later. If it stays, check the endpoints of the Auth Client and any proxy on the way.'
        : 'Check the endpoints of the Auth Client, and any proxy on the way.',
    who: affects === 'transient' ? 'microsoft' : 'you',
    retry: retryOf(affects, retryAfterMs),
    affects,
    facts: cause.facts,
    cause,
  })
}

function retryOf(affects: Affects, afterMs: number | undefined): Retry {
  if (affects !== 'transient') return { when: 'never' }
  return afterMs === undefined ? { when: 'later' } : { when: 'later', afterMs }
}

function affectsOfStatus(status: number): Affects {
  return status >= 500 || status === 429 ? 'transient' : 'configuration'
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : 'The server'
}

/** Tells whether a failure passes by itself. */
export function isTransient(error: unknown): boolean {
  return error instanceof OAuthError && error.affects === 'transient'
}
