import { z } from 'zod'
import { RAW_METHODS, type RawRequest } from '../../dataverse/index.ts'
import type { Json } from '../../kernel/index.ts'
import { invalidField } from '../connector-error.ts'
import { defineAction } from '../define-entry.ts'
import { A_TEXT, checkboxField } from '../field.ts'
import { namingField } from '../naming-field.ts'

const config = z.object({
  doNotThrow404: checkboxField({
    label: "Don't throw error on 404 Response",
    help: 'A 404 is then a message as any other answer.',
    order: 10,
  }),
})

// Any JSON: checked, but described to forms as anything.
const anyJson = z.custom<Json>((value) => z.json().safeParse(value).success, { error: 'JSON' })

const input = z.object({
  url: z
    .string({ error: A_TEXT })
    .trim()
    .min(1, { error: A_TEXT })
    .meta({ title: 'URL', description: 'Relative to the Base URL, such as accounts?$top=1.' }),
  method: z
    .preprocess(
      (value) => (typeof value === 'string' ? value.trim().toUpperCase() : value),
      z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'], {
        error: `one of ${RAW_METHODS.join(', ')}`,
      }),
    )
    .meta({ title: 'Method', type: 'string', enum: [...RAW_METHODS] }),
  headers: z
    .preprocess(
      (value) => (value === null || value === '' ? undefined : value),
      z
        .record(z.string(), z.string({ error: A_TEXT }), { error: 'an object of texts by name' })
        .optional(),
    )
    .meta({ title: 'Headers', type: 'object', additionalProperties: { type: 'string' } }),
  data: anyJson.optional().meta({ title: 'Request Body' }),
})

const output = z.object({
  statusCode: z.int(),
  headers: z.record(z.string(), z.string()),
  responseBody: anyJson,
})

const BODY = { key: 'data', label: 'Request Body' }

const FIELDS = { path: { key: 'url', label: 'URL' }, body: BODY }

/** Sends one request that the user wrote, within the environment. */
export const makeRawRequest = defineAction({
  name: 'makeRawRequest',
  title: 'Make Raw Request',
  help: 'Sends a request to the Web API as it is written.',
  order: 90,
  config,
  input,
  output,
  run: async function* ({ config, input: { url, method, headers, data }, dataverse, signal }) {
    const request: RawRequest = {
      method,
      path: url,
      signal,
      ...(headers === undefined ? {} : { headers }),
      ...(data === undefined || data === '' ? {} : { body: bodyOf(data, headers ?? {}) }),
      ...(config.doNotThrow404 ? { allow: [404] } : {}),
    }
    try {
      const { status, headers, body } = await dataverse.raw(request)
      yield { kind: 'data', body: { statusCode: status, headers, responseBody: body } }
    } catch (error) {
      throw namingField(error, FIELDS)
    }
  },
})

// A text is JSON already, unless a header says that it is something else.
function bodyOf(data: Json, headers: Readonly<Record<string, string>>): Json {
  const typed = Object.keys(headers).some((name) => name.trim().toLowerCase() === 'content-type')
  if (typeof data !== 'string' || typed) return data
  try {
    JSON.parse(data)
    return data
  } catch {
    throw invalidField(
      BODY,
      'it is a text that is not JSON',
      'Give JSON, or say what it is by a Content-Type header.',
    )
  }
}
