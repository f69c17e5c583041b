import { z } from 'zod'
import { explanation, json } from './values.ts'

/** The media type of every failure. */
export const PROBLEM_TYPE = 'application/problem+json'

/** The media type of a streamed answer: one JSON object a line. */
export const STREAM_TYPE = 'application/x-ndjson'

/**
 * How every failure leaves the hub.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
export const problem = z
  .object({
    type: z.string().meta({ description: '`urn:fairlead:problem:` and the code' }),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    ...explanation.shape,
    facts: z.record(z.string(), json).meta({ description: 'Ids, hosts, field names' }),
    requestId: z.string().meta({ description: 'The same id stands in the log of the hub' }),
  })
  .meta({ id: 'Problem' })

export type Problem = z.output<typeof problem>

/** The last line of a streamed answer; without one of these the answer was cut short. */
export const lastLine = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('end'), count: z.number().int() }),
  z.object({ kind: z.literal('problem'), problem }),
])
