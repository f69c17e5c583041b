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
  body: z.strictObject({ text: z.string().min(1).max(20_000) }),
  response: listOf(explanation),
} as const satisfies Route

export const listAlerts = {
  ...plain,
  method: 'GET',
  path: '/api/v1/alerts',
  subject: 'Watching',
  summary: 'List what needs somebody',
  access: 'read',
  response: listOf(
    z
      .object({
        id,
        subject: z.string(),
        severity: z.string().optional(),
        explanation,
        raisedAt: time,
        clearedAt: time.optional(),
      })
      .meta({ id: 'Alert' }),
  ),
} as const satisfies Route

export const listAudit = {
  ...plain,
  method: 'GET',
  path: '/api/v1/audit',
  subject: 'Watching',
  summary: 'List who did what, newest first',
  access: 'admin',
  query: z.strictObject({
    limit: z.coerce.number().int().min(1).max(500).default(100),
    before: time.optional(),
  }),
  response: listOf(
    z
      .object({
        id: z.string(),
        at: time,
        event: z.string(),
        actor: z.string().optional(),
        subject: z.string().optional(),
        facts: jsonObject.optional(),
      })
      .meta({ id: 'AuditEntry' }),
  ),
} as const satisfies Route
