import { isObject, type Json, type JsonObject } from '../../kernel/index.ts'
import { DataverseError } from '../errors/dataverse-error.ts'
import { resourceOf } from '../errors/fault-error.ts'

/** Takes an answer as a JSON object. @throws DataverseError `unexpected_answer` */
export function asJsonObject(value: Json | undefined, asked: URL | string): JsonObject {
  if (isObject(value)) return value
  throw unexpectedAnswer(asked, 'JSON of another shape')
}

/**
 * Makes the error for an answer that is JSON, or a number, but not what the Web API gives to what was
 * asked: an address, or the path of an operation.
 */
export function unexpectedAnswer(asked: URL | string, found: string): DataverseError {
  const who = typeof asked === 'string' ? 'Dataverse' : asked.host
  const what = typeof asked === 'string' ? new URL(asked, 'https://dataverse.invalid/') : asked
  return new DataverseError('unexpected_answer', {
    what: `${who} answered ${resourceOf(what)} with ${found}.`,
    why: 'The Web API answers otherwise; something else may have answered in its place.',
    remedy:
      'Check that the address is that of a Dataverse environment and that no proxy answers in its place.',
    who: 'operator',
    facts: { found },
  })
}
