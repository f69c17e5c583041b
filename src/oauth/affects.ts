import type { Affects } from './catalogue/index.ts'

// What Microsoft's own libraries take for "a person must sign in again", and the plain OAuth 2 errors
// that mean the grant is gone.
const CREDENTIAL_ERRORS = [
  'invalid_grant',
  'interaction_required',
  'consent_required',
  'login_required',
  'bad_token',
  'ui_not_allowed',
  'interrupted_user',
  'access_denied',
  'authorization_declined',
  'expired_token',
  'bad_verification_code',
]
const CREDENTIAL_SUBERRORS = [
  'message_only',
  'additional_action',
  'basic_action',
  'user_password_expired',
  'consent_required',
  'bad_token',
  'ui_not_allowed',
  'interrupted_user',
]
const TRANSIENT_ERRORS = [
  'temporarily_unavailable',
  'server_error',
  'slow_down',
  'authorization_pending',
]

/**
 * Decides what a refusal puts out of action, by `error` and `suberror` alone: numbers and texts may
 * change any day.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
export function affectsOf(
  error: string,
  suberror: string | undefined,
  status: number | undefined,
): Affects {
  if (TRANSIENT_ERRORS.includes(error)) return 'transient'
  if (status !== undefined && (status >= 500 || status === 429)) return 'transient'
  if (CREDENTIAL_ERRORS.includes(error)) return 'credential'
  if (suberror !== undefined && CREDENTIAL_SUBERRORS.includes(suberror)) return 'credential'
  if (error === 'invalid_client' || error === 'unauthorized_client') return 'auth-client'
  return 'configuration'
}
