import { DataverseError } from '../dataverse/index.ts'
import { ConnectorError, type FieldName, invalidField, nameOf } from './connector-error.ts'

const REFUSED: ReadonlySet<string> = new Set(['invalid_argument', 'unsafe_address'])

/**
 * Gives what the client refused before any call the name of the user's own field: `fields` leads from the
 * client's argument to it.
 */
export function namingField(error: unknown, fields: Readonly<Record<string, FieldName>>): unknown {
  if (!(error instanceof DataverseError) || !REFUSED.has(error.code)) return error
  const argument = error.facts['field']
  if (typeof argument !== 'string') return error
  const field = fields[argument] ?? { key: argument }
  const { what, why, remedy } = error.explanation
  const problem = error.code === 'invalid_argument' ? why : lower(what)
  return invalidField(field, problem, remedy, error)
}

const UNREADABLE: ReadonlySet<string> = new Set(['address_too_long', 'bad_request'])

/** Gives what the service could not read the name of the field that holds a whole query or request. */
export function namingQuery(error: unknown, field: FieldName): unknown {
  if (!(error instanceof DataverseError) || !UNREADABLE.has(error.code)) return error
  const { what, why, remedy } = error.explanation
  return new ConnectorError('invalid_field', {
    what: `${nameOf(field)} cannot be used: ${what}`,
    ...{ why, remedy },
    facts: { ...error.facts, field: field.key },
    cause: error,
  })
}

/** Does a call, and gives what the client refuses the name of the user's field. */
export async function withFields<Result>(
  fields: Readonly<Record<string, FieldName>>,
  call: () => Promise<Result>,
): Promise<Result> {
  try {
    return await call()
  } catch (error) {
    throw namingField(error, fields)
  }
}

function lower(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1).replace(/\.$/, '')
}
