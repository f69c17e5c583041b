import { z } from 'zod'
import { isObject } from '../kernel/index.ts'
import { invalidField, missingField } from './connector-error.ts'

/** Checks configuration or input against its declaration. @throws ConnectorError naming the field */
export function checkValues<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  whole: 'config' | 'input',
  labels: Readonly<Record<string, string>>,
): z.infer<Schema> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const path = issue?.path ?? []
  if (path.length === 0) {
    throw invalidField({ key: whole }, 'it is not a JSON object', 'Give an object of fields.')
  }
  const key = path.join('.')
  const label = labels[key]
  const field = label === undefined ? { key } : { key, label }
  const given = isObject(value) && path.length === 1 ? value[key] : value
  const blank = typeof given === 'string' && given.trim() === ''
  if (given === undefined || given === null || blank) throw missingField(field, 'Fill it in.')
  throw invalidField(field, issue?.message ?? 'it is not as declared', 'Correct this field.')
}

/** The titles of an input's fields, as errors name them. */
export function titlesOf(input: z.ZodType): Readonly<Record<string, string>> {
  if (!(input instanceof z.ZodObject)) return {}
  return Object.fromEntries(
    Object.entries(input.shape).flatMap(([key, schema]) => {
      const title = z.globalRegistry.get(schema)?.title
      return title === undefined ? [] : [[key, title]]
    }),
  )
}
