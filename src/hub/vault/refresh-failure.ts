import type { Explanation, Random } from '../../kernel/index.ts'
import { OAuthError } from '../../oauth/index.ts'
import { TransportError } from '../../transport/index.ts'
import type { Problem } from './auth-client.ts'
import { VaultError } from './vault-error.ts'

const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 300_000
const MOST_FAILURES = 16

/** Whether a failed refresh may have been carried out all the same, its answer lost on the way. */
export function outcomeIsKnown(error: OAuthError): boolean {
  if (error.failure !== undefined) return true
  for (let cause: unknown = error.cause; cause instanceof Error; cause = cause.cause)
    if (cause instanceof TransportError) return NOT_SENT.has(cause.code)
  return false
}

const NOT_SENT: ReadonlySet<string> = new Set([
  'connection_refused',
  'dns_failed',
  'egress_refused',
  'tls_failed',
])

/**
 * What a failed renewal puts out of action. Only a refusal in OAuth's own words costs a grant: a page of
 * HTML or a closed way out says nothing of it.
 */
export function effectOf(error: OAuthError): 'transient' | 'credential' | 'auth-client' {
  if (error.affects !== 'configuration') return error.affects
  const refused = error.failure !== undefined || error.code === 'shared_tenant_refused'
  return refused ? 'credential' : 'transient'
}

/** Tells whether the server refused the client's own proof, so that another secret may be tried. */
export function isProofRefused(error: unknown): boolean {
  return error instanceof OAuthError && error.failure?.error === 'invalid_client'
}

/** Tells whether the server refused the refresh token itself, and not what the user may do. */
export function isGrantRefused(error: unknown): boolean {
  if (!(error instanceof OAuthError) || error.failure?.error !== 'invalid_grant') return false
  const { suberror } = error.failure
  return error.affects === 'credential' && (suberror === undefined || suberror === 'bad_token')
}

/** How long to leave the server alone after so many failures: what it asks for, else ever longer. */
export function coolDownMs(explanation: Explanation, failures: number, random: Random): number {
  const { retry } = explanation
  const asked = retry.when === 'later' ? (retry.afterMs ?? 0) : 0
  const grown = FIRST_WAIT_MS * 2 ** Math.min(failures, MOST_FAILURES)
  const wait = Math.min(LONGEST_WAIT_MS, grown) * (0.5 + random.next() / 2)
  return Math.round(Math.max(asked, wait))
}

/** What is kept of a failure. */
export function toProblem(error: OAuthError, since: number): Problem {
  const { failure } = error
  return {
    code: error.code,
    ...error.explanation,
    since,
    facts: { ...error.facts, ...(failure && { numbers: [...failure.numbers] }) },
  }
}

/** What is kept when a refused refresh token had been sent before, and the answer never stored. */
export function interruptedProblem(error: OAuthError, since: number, startedAt: number): Problem {
  const problem = toProblem(error, since)
  return {
    ...problem,
    code: 'refresh_interrupted',
    what: 'The sign-in was lost: a refresh was interrupted before its answer could be stored.',
    why: 'A hub process ended or stood still between sending the refresh token and storing the new one. This authorization server accepts each refresh token only once and then ends the sign-in.',
    remedy:
      'Press Authenticate and sign in again. The Credential keeps its id, and all that uses it goes on.',
    who: 'you',
    retry: { when: 'never' },
    facts: { ...problem.facts, refreshStartedAt: startedAt },
  }
}

/** Makes the error for a Credential that only its user can bring back. */
export function needsReconnect(problem: Problem | null, id: string, cause?: unknown): VaultError {
  return new VaultError('needs_reconnect', {
    what: problem?.what ?? 'The Credential has to be connected again.',
    why: problem?.why ?? 'Its sign-in has ended.',
    remedy: problem?.remedy ?? 'Press Authenticate and sign in again.',
    who: problem?.who ?? 'you',
    facts: { ...problem?.facts, credentialId: id, problem: problem?.code ?? 'unknown' },
    cause,
  })
}

/** Makes the error for a Credential whose Auth Client the authorization server refuses. */
export function authClientFailing(
  problem: Problem,
  authClientId: string,
  cause?: unknown,
): VaultError {
  return new VaultError('auth_client_failing', {
    what: problem.what,
    why: problem.why,
    remedy: problem.remedy,
    who: problem.who,
    retry: { when: 'later' },
    facts: { ...problem.facts, authClientId, problem: problem.code },
    cause,
  })
}

/** Makes the error for a Credential whose last refresh failed a moment ago. */
export function coolingDown(problem: Problem | null, id: string, afterMs: number): VaultError {
  return new VaultError('token_cooling_down', {
    what: problem?.what ?? 'The last refresh failed a moment ago.',
    why: problem?.why ?? 'The authorization server did not answer as it should.',
    remedy: 'Wait: Fairlead tries again by itself at the next use.',
    who: problem?.who ?? 'microsoft',
    retry: { when: 'later', afterMs },
    facts: { credentialId: id, ...(problem && { problem: problem.code }) },
  })
}

/** Makes the error for a Credential that nobody has connected yet. */
export function notConnected(id: string): VaultError {
  return new VaultError('credential_not_connected', {
    what: 'The Credential is not connected yet.',
    why: 'Nobody has signed in for it, or its address or Auth Client was changed since.',
    remedy: 'Press Authenticate and sign in.',
    facts: { credentialId: id },
  })
}

/** Makes the error for a renewal by another process that takes too long. */
export function tokenBusy(id: string, waitedMs: number): VaultError {
  return new VaultError('token_busy', {
    what: `No token could be had within ${waitedMs / 1_000} s.`,
    why: 'Other processes of the hub are renewing it and do not come to an end.',
    remedy: 'Try again in a minute. If it stays so, look at the logs of the other processes.',
    who: 'operator',
    retry: { when: 'later' },
    facts: { credentialId: id },
  })
}

/** Makes the error for a token that is refused though it was obtained a moment ago. */
export function tokenRejected(id: string): VaultError {
  return new VaultError('token_rejected', {
    what: 'The environment refuses a token that was obtained a moment ago.',
    why: 'A new one would be refused as well: the user, the audience or the clock is not what the environment expects.',
    remedy: 'Run Verify: it looks at the token, the user and the clock one by one.',
    retry: { when: 'later', afterMs: 60_000 },
    facts: { credentialId: id },
  })
}
