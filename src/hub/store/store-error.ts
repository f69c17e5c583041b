import { CodedError, type ErrorDetails } from '../../kernel/index.ts'
import { readFault } from './database-fault.ts'
import type { StoreErrorCode } from './store-error-code.ts'

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
