import { isObject, type Json, type JsonObject } from '../kernel/index.ts'
import { DataverseError } from './dataverse-error.ts'
import { resourceOf } from './fault-error.ts'

/** Parses the body of a good answer. @throws DataverseError `unexpected_answer` */
export function parseJson(
  text: string,
  response: { readonly status: number; readonly headers: Headers },
  url: URL,
): Json {
  try {
    const json: Json = JSON.parse(text.replace(/^\uFEFF/, ''))
    return json
  } catch (cause) {
    throw unexpectedAnswer(url, bodyKind(text), {
      status: response.status,
      contentType: response.headers.get('content-type') ?? '',
      cause,
    })
  }
}

/** Takes an answer as a JSON object. @throws DataverseError `unexpected_answer` */
export function asJsonObject(value: Json | undefined, url: URL): JsonObject {
  if (isObject(value)) return value
  throw unexpectedAnswer(url, 'JSON of another shape')
}

/** Makes the error for an answer that the Web API never gives. */
export function unexpectedAnswer(
  url: URL,
  found: string,
  details: {
    readonly status?: number
    readonly contentType?: string
    readonly cause?: unknown
  } = {},
): DataverseError {
  const { status, contentType, cause } = details
  return new DataverseError('unexpected_answer', {
    what: `${url.host} answered ${resourceOf(url)} with ${found}.`,
    why: 'The Web API answers with whole JSON; something else answered, or the answer was cut short.',
    remedy:
      'Check that the address is that of a Dataverse environment and that no proxy answers in its place.',
    who: 'operator',
    retry: { when: 'later' },
    ...(status === undefined ? {} : { status }),
    facts: { found, ...(contentType === undefined ? {} : { contentType }) },
    ...(cause === undefined ? {} : { cause: new Error('not JSON') }),
  })
}

function bodyKind(text: string): string {
  const start = text.trimStart().slice(0, 20)
  if (start === '') return 'an empty body'
  if (start.startsWith('<')) return 'a web page'
  return /^[[{"]/.test(start) ? 'half a JSON document' : 'text that is not JSON'
}
