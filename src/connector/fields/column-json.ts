import { type Column, type ColumnType, NUMBER_RANGES } from '../../dataverse/index.ts'
import type { Json, JsonObject } from '../../kernel/index.ts'

/** The JSON types of a column's values, the usual one first, and what holds of those that are texts. */
export interface JsonType {
  readonly types: readonly [string, ...string[]]
  readonly more: JsonObject
}

const TEXT: JsonType = { types: ['string'], more: {} }
const UUID: JsonType = { types: ['string'], more: { format: 'uuid' } }
const WHOLE: JsonType = { types: ['integer'], more: {} }
const NUMBER: JsonType = { types: ['number'], more: {} }
const DAY: JsonType = { types: ['string'], more: { format: 'date' } }
const MOMENT: JsonType = { types: ['string'], more: { format: 'date-time' } }
const CLOCK: JsonType = { types: ['string'], more: { format: 'date-time', pattern: '[Zz]$' } }

const TYPES: Readonly<Partial<Record<ColumnType, JsonType>>> = {
  // Beyond 2^53 a JSON number is not exact in every reader, and a text of digits stands for it.
  bigint: { types: ['integer', 'string'], more: { pattern: '^-?\\d{1,19}$' } },
  boolean: { types: ['boolean'], more: {} },
  choice: WHOLE,
  choices: TEXT,
  customer: UUID,
  decimal: NUMBER,
  double: NUMBER,
  entityname: TEXT,
  file: UUID,
  image: { types: ['string'], more: { contentEncoding: 'base64' } },
  integer: WHOLE,
  lookup: UUID,
  memo: TEXT,
  money: NUMBER,
  owner: UUID,
  state: WHOLE,
  status: WHOLE,
  string: TEXT,
  uniqueidentifier: UUID,
}

/** The type of a column's values as rows have them; nothing where rows do not show them. */
export function jsonTypeOf({ type, dateBehavior }: Column): JsonType | undefined {
  if (type !== 'datetime') return TYPES[type]
  if (dateBehavior === 'dateOnly') return DAY
  return dateBehavior === 'timeZoneIndependent' ? CLOCK : MOMENT
}

/** Names the types of a column's values in a JSON Schema. */
export function typeNames({ types }: JsonType, nullable: boolean): Json {
  if (nullable) return [...types, 'null']
  return types.length === 1 ? types[0] : types
}

/** What a column's definition says of the length and size of its values. */
export function limitsOf(column: Column): JsonObject {
  const { maxLength, minValue, maxValue, type } = column
  const isText = type === 'string' || type === 'memo' || type === 'entityname'
  return {
    ...(maxLength === undefined || !isText ? {} : { maxLength }),
    ...(minValue === undefined ? {} : { minimum: minValue }),
    ...(maxValue === undefined ? {} : { maximum: maxValue }),
  }
}

/** The bounds of a number that is to be written: those of its type where the definition has none. */
export function boundsOf({ type, minValue, maxValue }: Column): JsonObject {
  const { min, max } = NUMBER_RANGES[type] ?? {}
  const minimum = minValue ?? min
  const maximum = maxValue ?? max
  return {
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
  }
}

/**
 * The options of a choice, with their labels beside them in the same order; options that share a label
 * have their number added.
 */
export function optionsOf({ choices = [] }: Column, nullable: boolean): JsonObject {
  if (choices.length === 0) return {}
  const none = nullable ? [null] : []
  const labels = choices.map(({ value, label }) => label ?? String(value))
  const shared = repeated(labels)
  const names = choices.map(({ value }, index) => {
    const label = labels[index] ?? ''
    return shared.has(label) ? `${label} (${value})` : label
  })
  return {
    enum: [...choices.map(({ value }) => value), ...none],
    enumNames: [...names, ...none.map(() => '')],
  }
}

/** What a column is called: its label in the user's language. */
export function titleOf({ label, schemaName }: Column): string {
  return label ?? schemaName
}

/** Tells what columns are called beside each other: those that share a label have their logical name added. */
export function titlesOf(columns: readonly Column[]): (column: Column) => string {
  const key = (column: Column) => titleOf(column).trim().toLowerCase()
  const shared = repeated(columns.map(key))
  return (column) =>
    shared.has(key(column)) ? `${titleOf(column)} (${column.logicalName})` : titleOf(column)
}

function repeated(texts: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>()
  const again = new Set<string>()
  for (const text of texts) (seen.has(text) ? again : seen).add(text)
  return again
}

/** Puts what is to be known of a value into words; nothing where there is nothing to say. */
export function described(notes: readonly (string | undefined)[]): JsonObject {
  const told = notes.filter((note) => note !== undefined)
  return told.length === 0 ? {} : { description: told.join(' ') }
}

const MOST_TARGETS = 5

/** Names the tables that a lookup leads to, as in “account or contact”. */
export function targetNames({ targets = [] }: Pick<Column, 'targets'>): string {
  if (targets.length === 0) return 'another table'
  if (targets.length <= MOST_TARGETS) return targets.join(' or ')
  return `${targets.slice(0, MOST_TARGETS).join(', ')} or others`
}

/** What values of a column mean, where their type does not tell it. */
export function meaningOf(column: Column): string | undefined {
  const { type, dateBehavior, precision, choices = [] } = column
  switch (type) {
    case 'datetime':
      return dateBehavior === 'timeZoneIndependent'
        ? 'A wall clock, the same in every time zone; its Z means none.'
        : undefined
    case 'decimal':
    case 'double':
    case 'money':
      return precision === undefined ? undefined : `Up to ${precision} digits after the point.`
    case 'boolean': {
      const labelOf = (value: number) => choices.find((one) => one.value === value)?.label
      const [no, yes] = [labelOf(0), labelOf(1)]
      const plain = no === undefined || yes === undefined || (no === 'No' && yes === 'Yes')
      return plain ? undefined : `true: ${yes}; false: ${no}.`
    }
    case 'bigint':
      return 'Beyond 9007199254740991 a text of digits, so that none of them is lost.'
    default:
      return undefined
  }
}
