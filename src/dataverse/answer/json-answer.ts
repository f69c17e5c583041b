import { isObject, type Json, type JsonObject } from '../../kernel/index.ts'
import { DataverseError } from '../errors/dataverse-error.ts'
import { resourceOf } from '../errors/fault-error.ts'

/** Takes an answer as a JSON object. @throws DataverseError `unexpected_answer` */
export function asJsonObject(value: Json | undefined, url: URL): JsonObject {
  if (isObject(value)) return value
  throw unexpectedAnswer(url, 'JSON of another shape')
}

/** Makes the error for an answer that is JSON, or a number, but not what the Web API gives. */
export function unexpectedAnswer(url: URL, found: string): DataverseError {
  return new DataverseError('unexpected_answer', {
    what: `${url.host} answered ${resourceOf(url)} with ${found}.`,
    why: 'The Web API answers otherwise; something else may have answered in its place.',
    remedy:
      'Check that the address is that of a Dataverse environment and that no proxy answers in its place.',
    who: 'operator',
    retry: { when: 'never' },
    facts: { found },
  })
}
