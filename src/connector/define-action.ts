import { z } from 'zod'
import type { DataverseClient } from '../dataverse/index.ts'
import { isObject, type JsonObject } from '../kernel/index.ts'
import { invalidField, missingField } from './connector-error.ts'
import type { Context, Output } from './context.ts'
import { type FieldView, viewOf } from './field.ts'
import { toJsonSchema } from './fields/json-schema.ts'

/** One entry of a dropdown that is read from the environment. */
export interface Option {
  readonly value: string
  readonly label: string
}

/** A question of a form to the environment. */
export interface FormContext<Config> {
  readonly config: Config
  readonly dataverse: DataverseClient
  readonly signal?: AbortSignal
}

/** A question for the entries of a dropdown: the form as far as it is filled, and what was typed. */
export interface OptionsContext extends FormContext<Readonly<Record<string, unknown>>> {
  readonly search?: string
  readonly limit: number
}

type SchemaReader<Config> = (form: FormContext<Config>) => Promise<JsonObject>

/** The declaration of an action, from which everything else is derived. */
export interface ActionDeclaration<Config extends z.ZodObject, Input extends z.ZodType> {
  readonly name: string
  readonly title: string
  readonly help: string
  readonly order: number
  readonly deprecated?: boolean
  /** The fields, made by the functions of `field.ts`. */
  readonly config: Config
  readonly input: Input
  /** The message that the action gives, where it is always the same. */
  readonly output?: z.ZodType
  /** The schemas where they depend on the configuration and the environment. */
  readonly inputSchema?: SchemaReader<z.infer<Config>>
  readonly outputSchema?: SchemaReader<z.infer<Config>>
  readonly options?: Readonly<
    Record<string, (context: OptionsContext) => Promise<readonly Option[]>>
  >
  run(context: Context<z.infer<Config>, z.infer<Input>>): AsyncIterable<Output>
}

/** An action as its hosts see it: configuration and input come as they were sent, and are checked. */
export interface Action {
  readonly name: string
  readonly title: string
  readonly help: string
  readonly order: number
  readonly deprecated: boolean
  readonly fields: Readonly<Record<string, FieldView>>
  /** The schemas that hold for every configuration; none where they depend on it. */
  readonly staticSchemas: { readonly input?: JsonObject; readonly output?: JsonObject }
  /** Describes the input that fits this configuration. @throws ConnectorError */
  inputSchema(form: FormContext<unknown>): Promise<JsonObject>
  /** Describes the messages that come of this configuration. @throws ConnectorError */
  outputSchema(form: FormContext<unknown>): Promise<JsonObject>
  /** Lists the entries of a dropdown. @throws ConnectorError `invalid_field` for a field without any */
  options(field: string, context: OptionsContext): Promise<readonly Option[]>
  /** @throws ConnectorError `invalid_field`, `missing_field` and what the action's own calls meet */
  run(context: Context<unknown, unknown>): AsyncIterable<Output>
}

/** Makes an action of its declaration. */
export function defineAction<Config extends z.ZodObject, Input extends z.ZodType>(
  declaration: ActionDeclaration<Config, Input>,
): Action {
  const { name, title, help, order, deprecated = false, config, input, output } = declaration
  const fields = fieldsOf(config)
  const labels = Object.fromEntries(Object.entries(fields).map(([key, { label }]) => [key, label]))
  const schemaReader =
    (own: SchemaReader<z.infer<Config>> | undefined, fixed: JsonObject) =>
    async (form: FormContext<unknown>) =>
      own?.({ ...form, config: check(config, form.config ?? {}, 'config', labels) }) ?? fixed
  const fixedInput = toJsonSchema(input)
  const fixedOutput = output === undefined ? {} : toJsonSchema(output)
  return {
    name,
    title,
    help,
    order,
    deprecated,
    fields,
    staticSchemas: {
      ...(declaration.inputSchema === undefined ? { input: fixedInput } : {}),
      ...(declaration.outputSchema === undefined ? { output: fixedOutput } : {}),
    },
    inputSchema: schemaReader(declaration.inputSchema, fixedInput),
    outputSchema: schemaReader(declaration.outputSchema, fixedOutput),
    options: async (field, context) => {
      const read = declaration.options?.[fields[field]?.options ?? '']
      if (read !== undefined) return read(context)
      throw invalidField(
        { key: field },
        'it has no options to list',
        'Ask for those of a dropdown.',
      )
    },
    run: async function* (context) {
      yield* declaration.run({
        ...context,
        config: check(config, context.config ?? {}, 'config', labels),
        input: check(input, context.input ?? {}, 'input', titlesOf(input)),
      })
    },
  }
}

/** Reads the fields of a configuration for forms. */
function fieldsOf(config: z.ZodObject): Readonly<Record<string, FieldView>> {
  return Object.fromEntries(
    Object.entries(config.shape).map(([key, schema]) => [key, viewOf(schema)]),
  )
}

function titlesOf(input: z.ZodType): Readonly<Record<string, string>> {
  if (!(input instanceof z.ZodObject)) return {}
  return Object.fromEntries(
    Object.entries(input.shape).flatMap(([key, schema]) => {
      const title = z.globalRegistry.get(schema)?.title
      return title === undefined ? [] : [[key, title]]
    }),
  )
}

function check<Schema extends z.ZodType>(
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
