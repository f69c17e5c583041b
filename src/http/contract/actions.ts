import { z } from 'zod'
import { plain, type Route } from './route.ts'
import { id, json, jsonObject, listOf } from './values.ts'

const subject = 'Actions'

const manifestEntry = z
  .object({
    name: z.string(),
    title: z.string(),
    description: z.string().optional(),
    fields: json,
    input: json.optional(),
    output: json.optional(),
  })
  .meta({ id: 'Action' })

const output = z.object({ kind: z.literal('data'), body: json, id: z.string().optional() })

export const listActions = {
  ...plain,
  method: 'GET',
  path: '/api/v1/actions',
  subject,
  summary: 'List what can be run on a Credential',
  access: 'read',
  response: listOf(manifestEntry),
} as const satisfies Route

export const runAction = {
  ...plain,
  method: 'POST',
  path: '/api/v1/credentials/{id}/actions/{name}',
  subject,
  summary: 'Run an action',
  description:
    'As JSON the answer holds at most 10,000 outputs; `Accept: application/x-ndjson` has no limit.',
  access: 'run',
  params: z.strictObject({ id, name: z.string().min(1).max(100) }),
  body: z.strictObject({ config: jsonObject.default({}), input: json.default({}) }),
  response: z.object({ outputs: z.array(output) }),
  line: z.discriminatedUnion('kind', [
    output,
    z.object({ kind: z.literal('checkpoint'), cursor: json }),
  ]),
} as const satisfies Route
