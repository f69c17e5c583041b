import { DataverseError } from '../dataverse/index.ts'
import { type FieldName, invalidField } from './connector-error.ts'

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
  return invalidField(field, error.code === 'invalid_argument' ? why : lower(what), remedy)
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
