import { z } from 'zod'
import type { JsonObject } from '../kernel/index.ts'
import { checkValues, titlesOf } from './check-values.ts'
import { invalidField } from './connector-error.ts'
import type { Context, Output } from './context.ts'
import type {
  Entry,
  EntryKind,
  FormContext,
  Option,
  OptionsContext,
  Registration,
} from './entry.ts'
import { type FieldView, viewOf } from './field.ts'
import { toJsonSchema } from './fields/json-schema.ts'

type SchemaReader<Config> = (form: FormContext<Config>) => Promise<JsonObject>

/** What triggers and actions declare alike; everything else is derived from it. */
interface Declaration<Config extends z.ZodObject> {
  readonly name: string
  readonly title: string
  readonly help: string
  /** Entries stand in ascending order, triggers and actions apart. */
  readonly order: number
  readonly deprecated?: boolean
  /** The fields, made by the functions of `field.ts`. */
  readonly config: Config
  /** The message that comes out, where it is always the same. */
  readonly output?: z.ZodType
  /** Describes the message where that depends on the configuration and the environment. */
  readonly outputSchema?: SchemaReader<z.infer<Config>>
  readonly options?: Readonly<
    Record<string, (context: OptionsContext) => Promise<readonly Option[]>>
  >
}

/** The declaration of an action. */
export interface ActionDeclaration<Config extends z.ZodObject, Input extends z.ZodType>
  extends Declaration<Config> {
  readonly input: Input
  readonly inputSchema?: SchemaReader<z.infer<Config>>
  run(context: Context<z.infer<Config>, z.infer<Input>>): AsyncIterable<Output>
}

/** The declaration of a polling trigger: it has no input, and goes on from `context.cursor`. */
export interface PollingDeclaration<Config extends z.ZodObject> extends Declaration<Config> {
  run(context: Context<z.infer<Config>, unknown>): AsyncIterable<Output>
}

/** The declaration of a webhook trigger: its input is a message that Dataverse sent. */
export interface WebhookDeclaration<Config extends z.ZodObject>
  extends Declaration<Config>,
    Registration<z.infer<Config>> {
  run(context: Context<z.infer<Config>, unknown>): AsyncIterable<Output>
}

/** Makes an action of its declaration. */
export function defineAction<Config extends z.ZodObject, Input extends z.ZodType>(
  declaration: ActionDeclaration<Config, Input>,
): Entry {
  return defineEntry('action', declaration)
}

/** Makes a trigger that is run on a schedule. */
export function definePollingTrigger<Config extends z.ZodObject>(
  declaration: PollingDeclaration<Config>,
): Entry {
  return defineEntry('polling', { ...declaration, input: z.unknown() })
}

/** Makes a trigger that is run for every message that Dataverse sends. */
export function defineWebhookTrigger<Config extends z.ZodObject>(
  declaration: WebhookDeclaration<Config>,
): Entry {
  const { config } = declaration
  const labels = labelsOf(fieldsOf(config))
  const read = (value: unknown) => checkValues(config, value ?? {}, 'config', labels)
  const registration: Registration<unknown> = {
    enable: (form) => declaration.enable({ ...form, config: read(form.config) }),
    find: (form) => declaration.find({ ...form, config: read(form.config) }),
    disable: (form) => declaration.disable({ ...form, config: read(form.config) }),
  }
  return { ...defineEntry('webhook', { ...declaration, input: z.unknown() }), registration }
}

function defineEntry<Config extends z.ZodObject, Input extends z.ZodType>(
  kind: EntryKind,
  declaration: ActionDeclaration<Config, Input>,
): Entry {
  const { name, title, help, order, deprecated = false, config, input, output } = declaration
  const fields = fieldsOf(config)
  const labels = labelsOf(fields)
  const schemaReader =
    (own: SchemaReader<z.infer<Config>> | undefined, fixed: JsonObject) =>
    async (form: FormContext<unknown>) =>
      own?.({ ...form, config: checkValues(config, form.config ?? {}, 'config', labels) }) ?? fixed
  const fixedInput = toJsonSchema(input)
  const fixedOutput = output === undefined ? {} : toJsonSchema(output)
  return {
    ...{ kind, name, title, help, order, deprecated, fields },
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
        config: checkValues(config, context.config ?? {}, 'config', labels),
        input: checkValues(input, context.input ?? {}, 'input', titlesOf(input)),
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

function labelsOf(fields: Readonly<Record<string, FieldView>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(fields).map(([key, { label }]) => [key, label]))
}
