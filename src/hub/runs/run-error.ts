import { CodedError } from '../../kernel/index.ts'

/** Why a run could not begin or go on. */
export type RunErrorCode =
  | 'message_too_large'
  | 'run_too_long'
  | 'unknown_action'
  | 'unknown_credential'

/** A run that the hub itself refused or ended. */
export class RunError extends CodedError<RunErrorCode> {}
