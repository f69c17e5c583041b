import { z } from 'zod'
import { plain, type Route } from './route.ts'
import { byId, explanation, jsonObject, time } from './values.ts'

const subject = 'Verification'

/** One stage of a verification. */
const verificationStage = z
  .object({
    name: z.string(),
    title: z.string(),
    outcome: z.enum(['passed', 'failed', 'warning', 'skipped']),
    checked: z.string().meta({ description: 'What was looked at' }),
    evidence: jsonObject,
    ms: z.number(),
    explanation: explanation.optional(),
  })
  .meta({ id: 'VerificationStage' })

/** What a verification found, stage by stage. */
const verificationReport = z
  .object({
    verified: z.boolean(),
    startedAt: time,
    ms: z.number(),
    stages: z.array(verificationStage),
  })
  .meta({ id: 'VerificationReport' })

export const verify = {
  ...plain,
  method: 'POST',
  path: '/api/v1/credentials/{id}/verifications',
  subject,
  summary: 'Verify a Credential, stage by stage',
  description: 'With `Accept: application/x-ndjson` each stage comes as it is done.',
  access: 'run',
  params: byId,
  response: verificationReport,
  line: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('stage'), stage: verificationStage }),
    z.object({ kind: z.literal('report'), report: verificationReport }),
  ]),
} as const satisfies Route

export const latestVerification = {
  ...plain,
  method: 'GET',
  path: '/api/v1/credentials/{id}/verifications/latest',
  subject,
  summary: 'Read the last report of a Credential',
  access: 'read',
  params: byId,
  response: verificationReport,
} as const satisfies Route
