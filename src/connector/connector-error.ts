import { CodedError } from '../kernel/index.ts'

/** Why an action could not use what it was given. */
export type ConnectorErrorCode =
  | 'document_too_large'
  | 'invalid_field'
  | 'missing_field'
  | 'no_file'
  | 'no_object_found'
  | 'objects_not_created'
  | 'objects_not_deleted'
  | 'several_objects_found'
  | 'too_many_objects'
  | 'unknown_column'
  | 'unknown_table'

/** A configuration or input that an action cannot use; `facts.field` names the field by its key. */
export class ConnectorError extends CodedError<ConnectorErrorCode> {}

/** A field as an error names it: by its key, and by its label where it has one. */
export interface FieldName {
  readonly key: string
  readonly label?: string
}

/** Makes the error for a field that holds what it cannot. */
export function invalidField(
  field: FieldName,
  problem: string,
  remedy: string,
  cause?: unknown,
): ConnectorError {
  return fieldError('invalid_field', field, problem, remedy, cause)
}

/** Makes the error for a field that has to be given and is not. */
export function missingField(field: FieldName, remedy: string): ConnectorError {
  return fieldError('missing_field', field, 'it is missing', remedy)
}

/** Makes the error for a name that the environment does not know; `near` are names like it. */
export function unknownName(
  code: 'unknown_column' | 'unknown_table',
  field: FieldName,
  problem: string,
  near: readonly string[],
): ConnectorError {
  const likely = near.length === 0 ? '' : ` Did you mean ${near.join(', ')}?`
  const kind = code === 'unknown_table' ? 'table' : 'column'
  return fieldError(code, field, problem, `Use the logical name of a ${kind}.${likely}`)
}

function fieldError(
  code: ConnectorErrorCode,
  { key, label }: FieldName,
  problem: string,
  remedy: string,
  cause?: unknown,
): ConnectorError {
  const name = label === undefined ? `The field ${key}` : `The field “${label}” (${key})`
  return new ConnectorError(code, {
    what: `${name} cannot be used: ${problem}.`,
    why: problem,
    remedy,
    who: 'you',
    retry: { when: 'never' },
    facts: { field: key },
    ...(cause === undefined ? {} : { cause }),
  })
}
