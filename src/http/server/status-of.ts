import type { CodedError } from '../../kernel/index.ts'

const STATUS: Readonly<Record<string, number>> = {
  auth_client_in_use: 409,
  body_too_large: 413,
  body_unreadable: 400,
  changed_meanwhile: 409,
  credential_in_use: 409,
  hook_superseded: 409,
  host_refused: 421,
  identity_changed: 409,
  media_type_unsupported: 415,
  name_taken: 409,
  not_found: 404,
  not_signed_in: 401,
  origin_refused: 403,
  request_invalid: 400,
  request_too_slow: 504,
  result_too_large: 422,
  run_superseded: 409,
  scope_missing: 403,
  setup_link_invalid: 403,
  sign_in_busy: 503,
  sign_in_refused: 401,
  too_many_attempts: 429,
  trigger_paused: 409,
  trigger_running: 409,
  unknown_action: 404,
  unknown_credential: 404,
}

/** The HTTP status of a failure: by its code, else by what can be done about it. */
export function statusOf(error: CodedError): number {
  const known = STATUS[error.code]
  if (known !== undefined) return known
  if (error.code.endsWith('_not_found')) return 404
  if (error.code.startsWith('store_')) return 503
  if (error.explanation.retry.when !== 'never') return 503
  return error.explanation.who === 'fairlead' ? 500 : 422
}
