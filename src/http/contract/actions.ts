import { z } from 'zod'
import { plain, type Route } from './route.ts'
import { explanation, id, json, jsonObject, listOf } from './values.ts'

const subject = 'Actions'

const field = z
  .object({
    viewClass: z.string(),
    label: z.string(),
    help: z.string().optional(),
    placeholder: z.string().optional(),
    order: z.number(),
    required: z.boolean(),
    model: z.record(z.string(), z.string()).optional(),
    options: z.string().optional().meta({ description: 'What to ask `actionOptions` for' }),
    requires: z
      .array(z.string())
      .readonly()
      .optional()
      .meta({ description: 'Fields to fill before the options can be read' }),
    default: z.union([z.string(), z.number(), z.boolean()]).optional(),
  })
  .meta({ id: 'Field' })

const manifestEntry = z
  .object({
    kind: z.enum(['action', 'polling', 'webhook']),
    name: z.string(),
    title: z.string(),
    description: z.string(),
    order: z.number(),
    deprecated: z.boolean(),
    fields: z.record(z.string(), field),
    input: jsonObject.optional(),
    output: jsonObject.optional(),
  })
  .meta({ id: 'Action' })

const ofCredential = z.strictObject({ id, name: z.string().min(1).max(100) })

const option = z.object({ value: z.string(), label: z.string() })

/** A configuration as part of an address, as far as it is filled. */
const configText = z
  .string()
  .max(16_000)
  .default('{}')
  .transform((text, context) => {
    const read = jsonObject.safeParse(parseOrNothing(text))
    if (read.success) return read.data
    context.addIssue({ code: 'custom', message: 'It is not a JSON object.' })
    return z.NEVER
  })
  .meta({ description: 'The configuration as JSON, as far as it is filled' })

function parseOrNothing(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

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
  summary: 'Run a trigger or an action',
  description:
    'The body may have 64 MB, and those of several calls at once 128 MB together. As JSON the answer holds at most 10,000 outputs of 128 MB in all; `Accept: application/x-ndjson` has no limit.',
  access: 'run',
  maxBodyBytes: 64 * 1024 * 1024,
  params: ofCredential,
  body: z.strictObject({
    config: jsonObject.default({}),
    input: json.default({}),
    cursor: json
      .optional()
      .meta({ description: 'Of a trigger: the last checkpoint, to go on from there' }),
    sample: z.boolean().optional().meta({ description: 'A few outputs, only to see them' }),
  }),
  response: z.object({ outputs: z.array(output) }),
  line: z.discriminatedUnion('kind', [
    output,
    z.object({ kind: z.literal('checkpoint'), cursor: json }),
  ]),
} as const satisfies Route

export const readTypes = {
  ...plain,
  method: 'GET',
  path: '/api/v1/credentials/{id}/types',
  subject,
  summary: 'Write TypeScript for some tables of the environment',
  access: 'run',
  params: z.strictObject({ id }),
  query: z.strictObject({
    tables: z
      .string()
      .regex(/^\w{1,100}(,\w{1,100}){0,99}$/)
      .meta({ description: 'Logical names, with commas between, at most 100' }),
  }),
  response: z.object({ text: z.string() }),
} as const satisfies Route

export const actionForm = {
  ...plain,
  method: 'GET',
  path: '/api/v1/credentials/{id}/actions/{name}/form',
  subject,
  summary: 'Read the form of a trigger or action: fields, and schemas of input and output',
  description:
    'Dropdowns of at most 200 entries come with them. While the configuration is not whole, `unfinished` tells what it lacks.',
  access: 'run',
  params: ofCredential,
  query: z.strictObject({ config: configText }),
  response: z.object({
    fields: z.record(
      z.string(),
      field
        .extend({
          choices: z.array(option).readonly().optional(),
          more: z
            .boolean()
            .optional()
            .meta({ description: 'There are more entries: `actionOptions` finds them' }),
        })
        .meta({ id: 'FormField' }),
    ),
    input: jsonObject.optional(),
    output: jsonObject.optional(),
    unfinished: explanation.extend({ facts: jsonObject }).optional(),
  }),
} as const satisfies Route

export const actionOptions = {
  ...plain,
  method: 'GET',
  path: '/api/v1/credentials/{id}/actions/{name}/options',
  subject,
  summary: 'List the entries of a dropdown, from the environment',
  access: 'run',
  params: ofCredential,
  query: z.strictObject({
    field: z.string().min(1).max(100),
    search: z.string().max(200).optional().meta({ description: 'What was typed' }),
    config: configText,
  }),
  response: listOf(option),
} as const satisfies Route
