import { z } from 'zod'
import { DataverseError, literal } from '../dataverse/index.ts'

/** What an error says belongs into a field that takes any text. */
export const A_TEXT = 'a text'

/** How a form shows a field. */
export type ViewClass = 'CheckBoxView' | 'SelectView' | 'TextAreaView' | 'TextFieldView'

/** What a form needs to know of a configuration field: data, part of the manifest. */
export interface FieldView {
  readonly viewClass: ViewClass
  readonly label: string
  readonly help?: string
  readonly placeholder?: string
  /** Fields stand in ascending order. */
  readonly order: number
  readonly required: boolean
  /** The fixed options: value to label. */
  readonly model?: Readonly<Record<string, string>>
  /** The name of the entry's options that are read from the environment. */
  readonly options?: string
  /** The fields that have to be filled before the options can be read. */
  readonly requires?: readonly string[]
  readonly default?: string | number | boolean
}

/** What every declaration of a field says. */
export interface FieldText {
  readonly label: string
  readonly help?: string
  readonly placeholder?: string
  readonly order: number
}

const viewSchema = z.object({
  viewClass: z.enum(['CheckBoxView', 'SelectView', 'TextAreaView', 'TextFieldView']),
  label: z.string(),
  help: z.string().exactOptional(),
  placeholder: z.string().exactOptional(),
  order: z.number(),
  required: z.boolean(),
  model: z.record(z.string(), z.string()).exactOptional(),
  options: z.string().exactOptional(),
  requires: z.array(z.string()).exactOptional(),
  default: z.union([z.string(), z.number(), z.boolean()]).exactOptional(),
})

/** Reads what a field's declaration says to forms. */
export function viewOf(schema: z.core.$ZodType): FieldView {
  return viewSchema.parse(z.globalRegistry.get(schema)?.['view'])
}

/** A text that may be left out. */
export function textField(text: FieldText & { readonly area?: boolean }) {
  const { area, ...rest } = text
  const viewClass = area === true ? 'TextAreaView' : 'TextFieldView'
  return z
    .preprocess(blankToNothing, z.string({ error: A_TEXT }).trim().optional())
    .meta({ view: view(viewClass, rest, { required: false }) })
}

/** A choice among what the environment has, read through the entry's options of that name. */
export function dynamicSelectField(
  text: FieldText & { readonly options: string; readonly requires?: readonly string[] },
) {
  const { options, requires, ...rest } = text
  const more = { required: true, options, ...(requires === undefined ? {} : { requires }) }
  return z
    .preprocess(blankToNothing, z.string({ error: A_TEXT }).trim())
    .meta({ view: view('SelectView', rest, more) })
}

/** A choice among what the environment has that may be left out, and is the default then. */
export function optionalDynamicSelectField(
  text: FieldText & {
    readonly options: string
    readonly requires?: readonly string[]
    readonly default: string
  },
) {
  const { options, requires, default: initial, ...rest } = text
  const more = { required: false, options, ...(requires === undefined ? {} : { requires }) }
  return z
    .preprocess((value) => blankToNothing(value) ?? initial, z.string({ error: A_TEXT }).trim())
    .meta({ view: view('SelectView', rest, { ...more, default: initial }) })
}

/** A choice among fixed options, with a default. */
export function selectField<Value extends string>(
  text: FieldText & {
    readonly model: Readonly<Record<Value, string>>
    readonly default: NoInfer<Value>
  },
) {
  const { model, default: initial, ...rest } = text
  const isOption = (value: unknown): value is Value =>
    typeof value === 'string' && Object.hasOwn(model, value)
  const error = `one of ${Object.keys(model).join(', ')}`
  return z
    .preprocess((value) => blankToNothing(value) ?? initial, z.custom<Value>(isOption, { error }))
    .meta({ view: view('SelectView', rest, { required: false, model, default: initial }) })
}

/** A choice among fixed options that has to be made. */
export function requiredSelectField<Value extends string>(
  text: FieldText & { readonly model: Readonly<Record<Value, string>> },
) {
  const { model, ...rest } = text
  const isOption = (value: unknown): value is Value =>
    typeof value === 'string' && Object.hasOwn(model, value)
  const error = `one of ${Object.keys(model).join(', ')}`
  return z
    .preprocess(blankToNothing, z.custom<Value>(isOption, { error }))
    .meta({ view: view('SelectView', rest, { required: true, model }) })
}

/** A moment in ISO 8601 with its time zone, as ms since 1970; a date alone is midnight UTC. */
export function momentField(text: FieldText) {
  const message = 'a date and time'
  const moment = z.string({ error: message }).transform((given, context) => {
    try {
      return Date.parse(String(literal('datetime', given)))
    } catch (error) {
      if (!(error instanceof DataverseError)) throw error
      const { remedy } = error.explanation
      context.addIssue({ code: 'custom', message, params: { remedy } })
      return z.NEVER
    }
  })
  return z
    .preprocess(blankToNothing, moment.optional())
    .meta({ view: view('TextFieldView', text, { required: false }) })
}

/** A whole number within bounds, given as a number or as text. */
export function integerField(
  text: FieldText & { readonly min: number; readonly max: number; readonly default: number },
) {
  const { min, max, default: initial, ...rest } = text
  const error = `a whole number from ${min} to ${max}`
  return z
    .preprocess(
      (value) => digitsToNumber(blankToNothing(value)) ?? initial,
      z.int({ error }).min(min, { error }).max(max, { error }),
    )
    .meta({ view: view('TextFieldView', rest, { required: false, default: initial }) })
}

/** A yes or no; left out it is no. */
export function checkboxField(text: FieldText) {
  return z
    .preprocess(toFlag, z.boolean({ error: 'true or false' }))
    .meta({ view: view('CheckBoxView', text, { required: false, default: false }) })
}

function view(
  viewClass: ViewClass,
  text: FieldText,
  more: Pick<FieldView, 'default' | 'model' | 'options' | 'required' | 'requires'>,
): FieldView {
  return { viewClass, ...text, ...more }
}

/** Takes what a cleared field of a form sends, an empty text or null, for nothing. */
export function blankToNothing(value: unknown): unknown {
  return isBlank(value) ? undefined : value
}

/** Tells whether a field holds nothing, as {@link blankToNothing} has it. */
export function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '')
}

function digitsToNumber(value: unknown): unknown {
  return typeof value === 'string' && /^\s*[+-]?\d{1,15}\s*$/.test(value) ? Number(value) : value
}

// Forms send a checkbox as true, "true", "on" or not at all.
function toFlag(value: unknown): unknown {
  const given = blankToNothing(value) ?? false
  const text = String(given).trim().toLowerCase()
  if (['true', 'on', 'yes', '1'].includes(text)) return true
  return ['false', 'off', 'no', '0'].includes(text) ? false : given
}
