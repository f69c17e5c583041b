import { z } from 'zod'
import { nearNames } from '../dataverse/index.ts'
import { isObject } from '../kernel/index.ts'
import {
  didYouMean,
  type FieldName,
  invalidField,
  missingField,
  quoted,
} from './connector-error.ts'
import { type FieldView, isBlank } from './field.ts'

type Labels = Readonly<Record<string, string>>

/**
 * Checks configuration or input against its declaration, whose error texts say what belongs there: `a text`.
 *
 * @throws ConnectorError naming the field; also one that was meant by a name that is nearly its own
 */
export function checkValues<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  whole: 'config' | 'input',
  labels: Labels,
): z.infer<Schema> {
  if (schema instanceof z.ZodObject && isObject(value)) refuseNearNames(schema, value)
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const path = issue?.path ?? []
  if (path.length === 0) {
    throw invalidField({ key: whole }, 'it is not a JSON object', 'Give an object of fields.')
  }
  const field = nameOf(path.map(String), labels)
  if (isBlank(path.reduce<unknown>(inside, value))) throw missingField(field, 'Fill it in.')
  const wanted = issue?.message ?? 'what is declared'
  throw invalidField(field, `it is not ${wanted}`, remedyOf(issue) ?? `Give ${wanted}.`)
}

// A check of its own may know better what to do.
function remedyOf(issue: z.core.$ZodIssue | undefined): string | undefined {
  const remedy: unknown = issue?.code === 'custom' ? issue.params?.['remedy'] : undefined
  return typeof remedy === 'string' ? remedy : undefined
}

/**
 * Refuses a field that the form of an entry does not have; what a person wrote may be meant for another one.
 *
 * @throws ConnectorError `invalid_field`
 */
export function refuseUnknownFields(
  fields: Readonly<Record<string, FieldView>>,
  config: Readonly<Record<string, unknown>>,
): void {
  const names = Object.keys(fields)
  const unknown = Object.keys(config).find((key) => !Object.hasOwn(fields, key))
  if (unknown === undefined) return
  const near = nearNames(unknown, names)
  const remedy = `It has ${names.join(', ')}.${didYouMean(near)}`
  throw invalidField({ key: unknown.slice(0, 100) }, 'the form has no such field', remedy)
}

/** The titles of an input's fields, as errors name them. */
export function titlesOf(input: z.ZodType): Labels {
  if (!(input instanceof z.ZodObject)) return {}
  return Object.fromEntries(
    Object.entries(input.shape).flatMap(([key, schema]) => {
      const title = z.globalRegistry.get(schema)?.title
      return title === undefined ? [] : [[key, title]]
    }),
  )
}

// A message may carry more than an entry reads, but hardly under a name that is nearly one of its fields'.
function refuseNearNames({ shape }: z.ZodObject, value: Readonly<Record<string, unknown>>): void {
  const absent = Object.keys(shape).filter((key) => isBlank(value[key]))
  for (const key of Object.keys(value)) {
    if (Object.hasOwn(shape, key) || isBlank(value[key])) continue
    const near = nearNames(key, absent).filter((name) => Math.abs(name.length - key.length) <= 2)
    if (near.length === 0) continue
    const remedy = didYouMean(near).trim()
    throw invalidField({ key: key.slice(0, 100) }, `there is no field ${quoted(key)}`, remedy)
  }
}

function nameOf(path: readonly string[], labels: Labels): FieldName {
  const key = path.join('.')
  const label = labels[key]
  return label === undefined ? { key } : { key, label }
}

function inside(value: unknown, key: PropertyKey): unknown {
  if (Array.isArray(value)) return value[Number(key)]
  return isObject(value) ? value[String(key)] : undefined
}
