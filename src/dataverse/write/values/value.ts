import type { Json } from '../../../kernel/index.ts'
import type { Column } from '../../metadata/column.ts'
import { choiceFinder, encodeBoolean, encodeChoices } from './choice.ts'
import { encodeDate } from './date.ts'
import {
  encodeBigInteger,
  encodeDecimal,
  encodeDouble,
  encodeInteger,
  encodeMoney,
  type NumberRange,
} from './number.ts'
import type { Refusal } from './refusal.ts'
import { encodeGuid, encodeImage, encodeText } from './text.ts'

/** Writes the values of one column as the wire has them. */
export type EncodeValue = (value: unknown) => Json | Refusal

/** Prepares the writing of one column's values; none where rows do not hold the column as a value. */
export function valueEncoder(column: Column): EncodeValue | undefined {
  switch (column.type) {
    case 'string':
    case 'memo':
    case 'entityname':
      return (value) => encodeText(value, column.maxLength)
    case 'boolean': {
      const find = column.choices?.length ? choiceFinder(column.choices) : undefined
      return (value) => encodeBoolean(value, find)
    }
    case 'choice':
    case 'state':
    case 'status':
      return choiceFinder(column.choices)
    case 'choices': {
      const find = choiceFinder(column.choices)
      return (value) => encodeChoices(value, find)
    }
    case 'datetime': {
      const behavior = column.dateBehavior ?? 'userLocal'
      return (value) => encodeDate(value, behavior)
    }
    case 'uniqueidentifier':
      return encodeGuid
    case 'image':
      return encodeImage
    default:
      return numberEncoder(column)
  }
}

function numberEncoder(column: Column): EncodeValue | undefined {
  const range = rangeOf(column)
  switch (column.type) {
    case 'integer':
      return (value) => encodeInteger(value, range)
    case 'bigint':
      return encodeBigInteger
    case 'decimal':
      return (value) => encodeDecimal(value, range)
    case 'double':
      return (value) => encodeDouble(value, range)
    case 'money':
      return (value) => encodeMoney(value, range)
    default:
      return undefined
  }
}

// How many digits an amount keeps may be the currency's affair, which the column does not tell.
function rangeOf({ type, minValue, maxValue, precision }: Column): NumberRange {
  return {
    ...(minValue === undefined ? {} : { min: minValue }),
    ...(maxValue === undefined ? {} : { max: maxValue }),
    ...(precision === undefined || type === 'money' ? {} : { precision }),
  }
}
