import { CodedError } from '../../kernel/index.ts'

/** What can go wrong with users, sessions, set-up links and API keys. Stable. */
export type AccessErrorCode =
  | 'api_key_not_found'
  | 'name_taken'
  | 'name_unsuitable'
  | 'not_signed_in'
  | 'password_unsuitable'
  | 'public_url_unsuitable'
  | 'scope_missing'
  | 'setup_link_invalid'
  | 'sign_in_busy'
  | 'sign_in_refused'
  | 'too_many_attempts'
  | 'user_not_found'
  | 'user_not_named'

/** A failure of access. */
export class AccessError extends CodedError<AccessErrorCode> {}
