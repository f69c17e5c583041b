import { z } from 'zod'
import { plain, type Route } from './route.ts'
import { explanation, id, jsonObject, listOf, time } from './values.ts'

export const explain = {
  ...plain,
  method: 'POST',
  path: '/api/v1/explanations',
  subject: 'Explanations',
  summary: 'Explain an error text of Microsoft',
  access: 'read',
  body: z.strictObject({
    text: z.string().min(1).max(20_000),
    credentialId: id.optional().meta({ description: 'The Credential it is about' }),
  }),
  response: listOf(
    explanation.extend({
      link: z.string().optional(),
      traceId: z.string().optional(),
      correlationId: z.string().optional(),
      timestamp: z.string().optional(),
    }),
  ),
} as const satisfies Route

export const listAlerts = {
  ...plain,
  method: 'GET',
  path: '/api/v1/alerts',
  subject: 'Watching',
  summary: 'List what needs somebody',
  access: 'read',
  query: z.strictObject({
    all: z.enum(['true', 'false']).default('false').meta({ description: 'Cleared ones too' }),
  }),
  response: listOf(
    z
      .object({
        id,
        subject: z.string(),
        kind: z.string(),
        level: z.enum(['warning', 'error']),
        explanation,
        facts: jsonObject,
        raisedAt: time,
        clearedAt: time.optional(),
      })
      .meta({ id: 'Alert' }),
  ),
} as const satisfies Route

const auditEntry = z
  .object({
    sequence: z.number().int(),
    at: time,
    actor: z.object({
      kind: z.enum(['user', 'key', 'hub']),
      id: z.string(),
      ip: z.string().optional(),
    }),
    action: z.string(),
    subject: z.object({ kind: z.string(), id: z.string() }),
    result: z.enum(['ok', 'refused', 'failed']),
    fields: z.array(z.string()).meta({ description: 'Names of what was changed' }),
    facts: jsonObject,
  })
  .meta({ id: 'AuditEntry' })

export const listAudit = {
  ...plain,
  method: 'GET',
  path: '/api/v1/audit',
  subject: 'Watching',
  summary: 'List who did what, newest first',
  access: 'admin',
  query: z.strictObject({
    limit: z.coerce.number().int().min(1).max(500).default(100),
    before: z.coerce.number().int().min(1).optional(),
  }),
  response: listOf(auditEntry).extend({
    before: z.number().int().optional().meta({ description: 'Asks for the next page' }),
  }),
} as const satisfies Route
