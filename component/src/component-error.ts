import { CodedError, saysMore } from '../../src/kernel/index.ts'

/** What only the platform's side of the component can meet. */
export type ComponentErrorCode =
  | 'attachment_foreign'
  | 'credential_missing'
  | 'message_too_large'
  | 'no_objects_for_sample'
  | 'object_storage_failed'
  | 'object_storage_missing'
  | 'platform_api_failed'
  | 'token_expired'
  | 'webhook_stranger'
  | 'webhook_unavailable'

/** A failure between the component and its platform. */
export class ComponentError extends CodedError<ComponentErrorCode> {}

/**
 * Makes a plain error of any failure: the runtime passes on name, message and stack and nothing else, so
 * that what it was caused by stands in the stack. Causes, and a failure that nobody foresaw, may have words
 * of the data in them: they go by their names and where they happened.
 */
export function plainError(error: unknown): Error {
  const known = error instanceof CodedError ? error : undefined
  const { what, why, remedy } = known?.explanation ?? UNFORESEEN
  // The sentence about a field has its reason in it.
  const plain = new Error([what, ...(saysMore({ what, why }) ? [why] : []), remedy].join(' '))
  plain.name = known?.code ?? 'internal'
  const causes = causesOf(error).flatMap((cause) => [
    `Caused by: ${nameOf(cause)}`,
    ...framesOf(cause),
  ])
  plain.stack = [`${plain.name}: ${plain.message}`, ...framesOf(error), ...causes].join('\n')
  return plain
}

const UNFORESEEN = {
  what: 'The step failed in a way that the component does not foresee.',
  why: 'This is a fault of the component.',
  remedy: 'Report it with the stack of this error, which holds no data.',
}

const MOST_CAUSES = 5

function causesOf(error: unknown): readonly Error[] {
  const causes: Error[] = []
  let cause = error instanceof Error ? error.cause : undefined
  while (cause instanceof Error && causes.length < MOST_CAUSES) {
    causes.push(cause)
    cause = cause.cause
  }
  return causes
}

function nameOf(error: Error): string {
  return error instanceof CodedError ? error.code : error.name
}

function framesOf(error: unknown): readonly string[] {
  const stack = error instanceof Error ? error.stack : undefined
  return stack?.split('\n').filter((line) => /^\s+at /.test(line)) ?? []
}
