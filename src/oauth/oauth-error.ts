import { CodedError, type ErrorDetails } from '../kernel/index.ts'
import type { Affects } from './catalogue/index.ts'

/** What went wrong in the dealings with an authorization server, or in what describes one. */
export type OAuthErrorCode =
  | 'address_insecure'
  | 'address_missing'
  | 'address_other_product'
  | 'address_unreadable'
  | 'api_version_conflict'
  | 'api_version_invalid'
  | 'authorization_response_invalid'
  | 'authorization_refused'
  | 'certificate_unusable'
  | 'device_code_expired'
  | 'device_flow_unavailable'
  | 'discovery_failed'
  | 'discovery_not_an_environment'
  | 'discovery_resource_mismatch'
  | 'discovery_untrusted_login'
  | 'endpoint_incomplete'
  | 'endpoint_insecure'
  | 'endpoint_missing'
  | 'endpoint_placeholder'
  | 'endpoint_unreadable'
  | 'endpoints_clouds_differ'
  | 'endpoints_mixed'
  | 'endpoints_swapped'
  | 'endpoints_tenants_differ'
  | 'federated_assertion_unreadable'
  | 'issuer_mismatch'
  | 'shared_tenant_refused'
  | 'token_answer_invalid'
  | 'token_endpoint_unreachable'
  | 'token_endpoint_failed'
  | 'token_refused'

/** What an authorization server says when it refuses. No secrets. */
export interface OAuthFailure {
  readonly error: string
  readonly suberror?: string
  /** The server's own words, cut and with the request's secrets taken out. */
  readonly description?: string
  /** AADSTS numbers in the server's order. */
  readonly numbers: readonly number[]
  readonly traceId?: string
  readonly correlationId?: string
  readonly timestamp?: string
  /** A claims challenge, to be sent with the next authorization request. */
  readonly claims?: string
}

export interface OAuthErrorDetails extends ErrorDetails {
  readonly affects: Affects
  readonly failure?: OAuthFailure
}

/** A failure of the OAuth part: of what was typed in, of the server, or of the grant. */
export class OAuthError extends CodedError<OAuthErrorCode> {
  /** What the failure puts out of action. */
  readonly affects: Affects
  readonly failure?: OAuthFailure

  constructor(code: OAuthErrorCode, details: OAuthErrorDetails) {
    super(code, details)
    this.affects = details.affects
    if (details.failure) this.failure = details.failure
  }
}

/** An error in what a person entered: theirs to correct, and nothing else is harmed. */
export function inputError(
  code: OAuthErrorCode,
  details: Pick<ErrorDetails, 'what' | 'why' | 'remedy' | 'facts'>,
): OAuthError {
  return new OAuthError(code, {
    ...details,
    affects: 'configuration',
  })
}
