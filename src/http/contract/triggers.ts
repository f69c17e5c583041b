import { z } from 'zod'
import { empty, plain, type Route } from './route.ts'
import { byId, id, json, jsonObject, listOf, name, time, trouble } from './values.ts'

const subject = 'Triggers'

/** A trigger whose place the hub keeps. */
const trigger = z
  .object({
    id,
    name: z.string(),
    credentialId: id,
    trigger: z.string().meta({ description: 'The name of the connector’s trigger' }),
    kind: z.enum(['action', 'polling', 'webhook']).optional(),
    config: jsonObject,
    state: z.enum(['active', 'paused']),
    enabled: z.boolean().meta({ description: 'Of a webhook trigger: whether messages are sent' }),
    running: z.boolean(),
    cursor: json.optional().meta({ description: 'The last checkpoint' }),
    cursorVersion: z.number().int().meta({ description: 'Counts the checkpoints' }),
    lastSequence: z.number().int().meta({ description: 'The sequence of the last output' }),
    waiting: z.number().int().meta({ description: 'Messages that are not worked on yet' }),
    failed: z
      .number()
      .int()
      .meta({ description: 'Messages that were given up; resuming the trigger tries them again' }),
    lastRun: z
      .object({
        outcome: z.enum(['done', 'failed', 'stopped']),
        startedAt: time,
        endedAt: time,
        stored: z.number().int(),
        repeated: z.number().int(),
        problem: trouble.optional(),
      })
      .optional(),
    createdAt: time,
  })
  .meta({ id: 'Trigger' })

const page = z.object({
  stored: z.number().int(),
  repeated: z.number().int().meta({ description: 'Outputs that were stored before' }),
  sequence: z.number().int().meta({ description: 'The sequence of the last output' }),
})

const output = z.object({
  sequence: z.number().int(),
  id: z.string().optional(),
  body: json,
  createdAt: time,
})

const ofTrigger = { ...plain, subject, params: byId } as const

export const listTriggers = {
  ...plain,
  method: 'GET',
  path: '/api/v1/triggers',
  subject,
  summary: 'List the triggers whose place is kept',
  access: 'read',
  response: listOf(trigger),
} as const satisfies Route

export const createTrigger = {
  ...plain,
  method: 'POST',
  path: '/api/v1/triggers',
  subject,
  summary: 'Keep a trigger: its place and what it puts out',
  description: 'It runs when it is told to, by `runTrigger`; a webhook trigger when it is enabled.',
  access: 'manage',
  body: z.strictObject({
    name,
    credentialId: id,
    trigger: z.string().min(1).max(100),
    config: jsonObject.default({}),
  }),
  status: 201,
  response: trigger,
} as const satisfies Route

export const getTrigger = {
  ...ofTrigger,
  method: 'GET',
  path: '/api/v1/triggers/{id}',
  summary: 'Read one trigger',
  access: 'read',
  response: trigger,
} as const satisfies Route

export const removeTrigger = {
  ...ofTrigger,
  method: 'DELETE',
  path: '/api/v1/triggers/{id}',
  summary: 'Remove a trigger with everything it put out',
  access: 'manage',
  query: z.strictObject({
    force: z
      .enum(['true', 'false'])
      .default('false')
      .meta({ description: 'Also where its registration in Dataverse cannot be undone' }),
  }),
  status: 204,
  response: empty,
} as const satisfies Route

export const runTrigger = {
  ...ofTrigger,
  method: 'POST',
  path: '/api/v1/triggers/{id}/run',
  summary: 'Run one execution of a trigger',
  description:
    'Outputs are stored page by page with the place after them, large pages in parts; with `Accept: application/x-ndjson` each is told of as it is stored, and there is no limit of time. A run that is broken off is gone on with by the next.',
  access: 'run',
  response: page.partial({ sequence: true }),
  line: page.extend({ kind: z.literal('page') }),
} as const satisfies Route

export const triggerOutputs = {
  ...ofTrigger,
  method: 'GET',
  path: '/api/v1/triggers/{id}/outputs',
  summary: 'Read what a trigger put out, in order',
  description:
    'As JSON a page of at most 16 MB; with `Accept: application/x-ndjson` all of it. Sequences grow and may have gaps. Outputs are kept for 30 days.',
  access: 'run',
  query: z.strictObject({
    after: z.coerce.number().int().min(0).default(0).meta({ description: 'A sequence' }),
    limit: z.coerce.number().int().min(1).max(10_000).optional(),
  }),
  response: listOf(output).extend({
    after: z.number().int().optional().meta({ description: 'Asks for the next page' }),
  }),
  line: output.extend({ kind: z.literal('output') }),
} as const satisfies Route

export const pauseTrigger = {
  ...ofTrigger,
  method: 'POST',
  path: '/api/v1/triggers/{id}/pause',
  summary: 'Pause a trigger; a run that is under way stores nothing more',
  description: 'Messages for a webhook trigger are still stored, and worked on when it is resumed.',
  access: 'manage',
  response: trigger,
} as const satisfies Route

export const resumeTrigger = {
  ...ofTrigger,
  method: 'POST',
  path: '/api/v1/triggers/{id}/resume',
  summary: 'Resume a trigger, and try again what was given up',
  access: 'manage',
  response: trigger,
} as const satisfies Route

export const enableTrigger = {
  ...ofTrigger,
  method: 'POST',
  path: '/api/v1/triggers/{id}/enable',
  summary: 'Have Dataverse send messages for a webhook trigger',
  description: 'The hub must be reachable from the environment at its public URL.',
  access: 'manage',
  response: trigger,
} as const satisfies Route

export const disableTrigger = {
  ...ofTrigger,
  method: 'POST',
  path: '/api/v1/triggers/{id}/disable',
  summary: 'Have Dataverse send no more messages for a webhook trigger',
  access: 'manage',
  response: trigger,
} as const satisfies Route
