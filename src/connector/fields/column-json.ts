import { type Column, type ColumnType, isLookup } from '../../dataverse/index.ts'
import type { JsonObject } from '../../kernel/index.ts'

type JsonType = Readonly<{ type: string; format?: string }>

const TEXT: JsonType = { type: 'string' }
const UUID: JsonType = { type: 'string', format: 'uuid' }
const WHOLE: JsonType = { type: 'integer' }
const NUMBER: JsonType = { type: 'number' }

const TYPES: Readonly<Partial<Record<ColumnType, JsonType>>> = {
  bigint: WHOLE,
  boolean: { type: 'boolean' },
  choice: WHOLE,
  choices: TEXT,
  customer: UUID,
  datetime: { type: 'string', format: 'date-time' },
  decimal: NUMBER,
  double: NUMBER,
  entityname: TEXT,
  file: UUID,
  image: TEXT,
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
  return dateBehavior === 'dateOnly' ? { type: 'string', format: 'date' } : TYPES[type]
}

/** What a column's definition says of its values beyond their type. */
export function limitsOf(column: Column): JsonObject {
  const { maxLength, minValue, maxValue, type } = column
  const description = noteOf(column)
  return {
    ...(description === undefined ? {} : { description }),
    ...(maxLength === undefined || type === 'file' ? {} : { maxLength }),
    ...(minValue === undefined ? {} : { minimum: minValue }),
    ...(maxValue === undefined ? {} : { maximum: maxValue }),
    ...(type === 'image' ? { contentEncoding: 'base64' } : {}),
  }
}

/** The options of a choice, with their labels beside them in the same order. */
export function optionsOf({ choices = [] }: Column, nullable: boolean): JsonObject {
  if (choices.length === 0) return {}
  const none = nullable ? [null] : []
  return {
    enum: [...choices.map(({ value }) => value), ...none],
    enumNames: [
      ...choices.map(({ value, label }) => label ?? String(value)),
      ...none.map(() => ''),
    ],
  }
}

/** A column's label, with the tables that a lookup leads to. */
export function titleOf(column: Column): string {
  const label = column.label ?? column.schemaName
  const targets = isLookup(column.type) ? shownTargets(column.targets ?? []) : ''
  return targets === '' ? label : `${label} (id of ${targets})`
}

const MOST_TARGETS = 5

function shownTargets(targets: readonly string[]): string {
  const shown = targets.slice(0, MOST_TARGETS).join(', ')
  return targets.length > MOST_TARGETS ? `${shown} …` : shown
}

function noteOf(column: Column): string | undefined {
  const { type, dateBehavior, precision } = column
  if (dateBehavior === 'timeZoneIndependent') return 'A wall clock, the same in every time zone.'
  const decimal = type === 'decimal' || type === 'double' || type === 'money'
  if (decimal && precision !== undefined) return `Up to ${precision} digits after the point.`
  return undefined
}
