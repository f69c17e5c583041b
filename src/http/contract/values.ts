import { z } from 'zod'
import { type Json, Secret } from '../../kernel/index.ts'

/** The id of a stored thing. */
export const id = z.uuid().meta({ description: 'An id that this hub gave' })

/** The path parameter of one stored thing. */
export const byId = z.strictObject({ id })

/** A point in time, RFC 3339 in UTC. */
export const time = z.iso.datetime()

/** A name that people give and read. */
export const name = z.string().trim().min(1).max(200)

/** An address that a person types; it is read and judged by the hub, not by its shape here. */
export const address = z.string().trim().min(1).max(2048)

/** A value that goes in and never comes out again. */
export const secret = z
  .string()
  .min(1)
  .max(32_768)
  .transform((text) => new Secret(text))
  .meta({ format: 'password', writeOnly: true })

/** Any JSON value. */
export const json: z.ZodType<Json> = z
  .custom<Json>((value) => value !== undefined)
  .meta({ description: 'Any JSON value' })

/** A JSON object. */
export const jsonObject: z.ZodType<Readonly<Record<string, Json>>> = z.record(z.string(), json, {
  error: 'It is not a JSON object.',
})

/** What a failure or a warning tells a person. */
export const explanation = z
  .object({
    code: z.string().meta({ description: 'Stable: programs may depend on it' }),
    what: z.string().meta({ description: 'What happened' }),
    why: z.string().meta({ description: 'Why, as far as is known' }),
    remedy: z.string().meta({ description: 'What to do next' }),
    who: z
      .enum([
        'you',
        'entra-administrator',
        'crm-administrator',
        'operator',
        'microsoft',
        'fairlead',
      ])
      .meta({ description: 'Who can do it' }),
    retry: z
      .object({
        when: z.enum(['never', 'once', 'later']),
        afterMs: z.number().optional(),
      })
      .meta({ description: 'Whether the same call may succeed if it is made again' }),
  })
  .meta({ id: 'Explanation' })

/** Something that was accepted and is probably wrong. */
export const warning = z
  .object({
    code: z.string(),
    field: z.string().optional(),
    what: z.string(),
    remedy: z.string(),
  })
  .meta({ id: 'Warning' })

/** Why something stored does not work at present. */
export const trouble = explanation
  .extend({ facts: jsonObject, since: time })
  .meta({ id: 'Trouble' })

/** A list that fits into one answer. */
export function listOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item) })
}
