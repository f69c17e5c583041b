import { CodedError, type ErrorDetails } from '../../kernel/index.ts'
import { readFault } from './database-fault.ts'

/** What can go wrong with the store. Stable: programs may depend on it. */
export type StoreErrorCode =
  | 'store_binaries_missing'
  | 'store_binaries_unusable'
  | 'store_closed'
  | 'store_database_missing'
  | 'store_disk_full'
  | 'store_folder_unusable'
  | 'store_login_refused'
  | 'store_migration_failed'
  | 'store_newer_than_program'
  | 'store_not_allowed'
  | 'store_overloaded'
  | 'store_password_missing'
  | 'store_read_only'
  | 'store_start_failed'
  | 'store_timeout'
  | 'store_unreachable'
  | 'store_url_invalid'
  | 'store_version_unsupported'

/** A failure of the store: the database, its server, or the folder it lives in. */
export class StoreError extends CodedError<StoreErrorCode> {}

type Told = Pick<ErrorDetails, 'what' | 'why' | 'remedy'> & Partial<ErrorDetails>

/** Makes an error that the operator can put right, and that no repetition will. */
export function storeError(code: StoreErrorCode, told: Told): StoreError {
  return new StoreError(code, { who: 'operator', retry: { when: 'never' }, ...told })
}

/** Makes the error for a wait that ended without its event. */
export function timedOut(what: string, ms: number): StoreError {
  return storeError('store_timeout', {
    what: `${what} took longer than ${ms / 1000} s.`,
    why: 'The machine is overloaded, its disk is slow, or another process holds what was waited for.',
    remedy: 'Look at the load of the machine and at the log in the data folder, then start again.',
    retry: { when: 'later' },
  })
}

/**
 * Turns a fault of the database or of the way to it into an error that says what to do. Faults of a
 * statement stay what they are.
 */
export function asStoreError(error: unknown, server: string): unknown {
  if (!(error instanceof Error) || error instanceof CodedError) return error
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const fault = readFault(code, error.message, server)
  if (!fault) return error
  const { code: kind, ...told } = fault
  return storeError(kind, { ...told, facts: { server, faultCode: code }, cause: error })
}

/** Tells whether a statement failed because a row with the same unique key is there already. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '23505'
}
