import { CodedError } from '../../kernel/index.ts'

/** What can go wrong while connecting or verifying, beyond what the rooms below report. Stable. */
export type ConnectErrorCode =
  | 'address_unreadable'
  | 'api_version_unsupported'
  | 'audience_mismatch'
  | 'auth_client_changed'
  | 'callback_invalid'
  | 'clock_skewed'
  | 'flow_interrupted'
  | 'flow_not_found'
  | 'grant_mismatch'
  | 'identity_changed'
  | 'table_unreadable'
  | 'tenant_mismatch'
  | 'ticket_invalid'
  | 'token_expired'
  | 'took_too_long'

/** A failure of connecting or verifying. */
export class ConnectError extends CodedError<ConnectErrorCode> {}
