import { CodedError } from '../../src/kernel/index.ts'

/** What only the platform's side of the component can meet. */
export type ComponentErrorCode =
  | 'credential_missing'
  | 'no_objects_for_sample'
  | 'object_storage_failed'
  | 'object_storage_missing'
  | 'platform_api_failed'
  | 'token_expired'

/** A failure between the component and its platform. */
export class ComponentError extends CodedError<ComponentErrorCode> {}

/** Makes a plain error of any failure: the runtime passes on name, message and stack and nothing else. */
export function plainError(error: unknown): Error {
  if (!(error instanceof CodedError)) return error instanceof Error ? error : new Error('Failed')
  const { what, why, remedy } = error.explanation
  const plain = new Error([what, why, remedy].join(' '))
  plain.name = error.code
  return plain
}
