import { CodedError } from '../../kernel/index.ts'

/** What can go wrong with Auth Clients, Credentials, their tokens and the keys. Stable. */
export type VaultErrorCode =
  | 'auth_client_failing'
  | 'auth_client_in_use'
  | 'auth_client_not_found'
  | 'changed_meanwhile'
  | 'ciphertext_invalid'
  | 'credential_in_use'
  | 'credential_not_connected'
  | 'credential_not_found'
  | 'field_invalid'
  | 'identity_changed'
  | 'key_foreign'
  | 'key_missing'
  | 'keys_invalid'
  | 'needs_reconnect'
  | 'resource_contradiction'
  | 'rotation_refused'
  | 'token_busy'
  | 'token_cooling_down'
  | 'token_rejected'

/** A failure of the vault. */
export class VaultError extends CodedError<VaultErrorCode> {}

/** Makes the error for a field that cannot be accepted; `facts.field` names it. */
export function fieldError(field: string, why: string, remedy: string): VaultError {
  return new VaultError('field_invalid', {
    what: `The field "${field}" cannot be accepted.`,
    why,
    remedy,
    facts: { field },
  })
}
