import { shownText } from '../dataverse/index.ts'
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

/** Makes the error for a field that holds what it cannot; `problem` goes after “cannot be used:”. */
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
  kind = code === 'unknown_table' ? 'table' : 'column',
): ConnectorError {
  return fieldError(code, field, problem, `Use the logical name of a ${kind}.${didYouMean(near)}`)
}

/** Asks for the names that are like a wrong one, to be put behind a remedy. */
export function didYouMean(near: readonly string[]): string {
  return near.length === 0 ? '' : ` Did you mean ${near.join(' or ')}?`
}

const MOST_SHOWN = 100

/** Quotes what somebody wrote: no longer than a line, without characters that a terminal would obey. */
export function quoted(text: string): string {
  const line = text.trim()
  return `“${shownText(line, MOST_SHOWN)}${line.length > MOST_SHOWN ? '…' : ''}”`
}

/** Makes a sentence of its words. */
export function sentence(words: string): string {
  const ended = /[.?!]”?$/.test(words) ? words : `${words}.`
  return ended.charAt(0).toUpperCase() + ended.slice(1)
}

/** Names a field at the beginning of a sentence. */
export function nameOf({ key, label }: FieldName): string {
  const name = shownText(key, MOST_SHOWN)
  return label === undefined ? `The field ${name}` : `The field “${label}” (${name})`
}

function fieldError(
  code: ConnectorErrorCode,
  field: FieldName,
  problem: string,
  remedy: string,
  cause?: unknown,
): ConnectorError {
  return new ConnectorError(code, {
    what: sentence(`${nameOf(field)} cannot be used: ${problem}`),
    why: sentence(problem),
    remedy,
    facts: { field: field.key },
    ...(cause === undefined ? {} : { cause }),
  })
}
