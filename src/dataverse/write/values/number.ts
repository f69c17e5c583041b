import type { Json, JsonObject } from '../../../kernel/index.ts'
import type { ColumnType } from '../../metadata/column-type.ts'
import { Refusal } from './refusal.ts'

/** The numbers that a column takes. */
export interface NumberRange {
  readonly min?: number
  readonly max?: number
  /** Digits after the point. */
  readonly precision?: number
}

// Digits that no JavaScript number holds go into the JSON as they are; TypeScript does not know it yet.
const { rawJSON: rawNumber }: { rawJSON(digits: string): JsonObject } = Object(JSON)

const INTEGER_RANGE = { min: -2_147_483_648, max: 2_147_483_647 }
// https://learn.microsoft.com/power-apps/maker/data-platform/types-of-fields
const DECIMAL_RANGE = { min: -100_000_000_000, max: 100_000_000_000, precision: 10 }
const MONEY_RANGE = { min: -922_337_203_685_477, max: 922_337_203_685_477, precision: 4 }

/** The numbers that columns of a type take unless their definitions narrow it. */
export const NUMBER_RANGES: Readonly<Partial<Record<ColumnType, NumberRange>>> = {
  bigint: { min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER },
  choice: INTEGER_RANGE,
  decimal: DECIMAL_RANGE,
  integer: INTEGER_RANGE,
  money: MONEY_RANGE,
  state: INTEGER_RANGE,
  status: INTEGER_RANGE,
}

const DOUBLE_RANGE = { min: -Number.MAX_VALUE, max: Number.MAX_VALUE }

/** Writes a whole number of 32 bits, within the column's range. */
export function encodeInteger(value: unknown, range: NumberRange): Json | Refusal {
  const number = typeof value === 'number' ? value : fromDigits(value)
  if (number === undefined || !Number.isInteger(number)) return noInteger()
  return inRange(number, { ...INTEGER_RANGE, ...range }) ?? number
}

/** Writes a whole number of 64 bits, exactly even where a JavaScript number could not hold it. */
export function encodeBigInteger(value: unknown): Json | Refusal {
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) return value
    return new Refusal(
      'it is not a whole number, or too long to be exact',
      'Give a whole number as a text of digits.',
    )
  }
  const text = typeof value === 'bigint' ? String(value) : wholeText(value)
  if (text === undefined) return noInteger()
  const exact = BigInt(text)
  if (exact !== BigInt.asIntN(64, exact)) {
    return new Refusal('it is out of range', 'Give a whole number of at most 64 bits.')
  }
  return Number.isSafeInteger(Number(exact)) ? Number(exact) : rawNumber(String(exact))
}

/** Writes a decimal number within range and precision; the dust of binary fractions is wiped off. */
export function encodeDecimal(value: unknown, range: NumberRange): Json | Refusal {
  return exactNumber(value, { ...DECIMAL_RANGE, ...range })
}

/** Writes an amount of money. */
export function encodeMoney(value: unknown, range: NumberRange): Json | Refusal {
  return exactNumber(value, { ...MONEY_RANGE, ...range })
}

/** Writes a floating-point number. */
export function encodeDouble(value: unknown, range: NumberRange): Json | Refusal {
  const number = typeof value === 'number' ? value : fromText(value)
  if (number === undefined || !Number.isFinite(number)) return noNumber()
  return inRange(number, { ...DOUBLE_RANGE, min: range.min, max: range.max }) ?? number
}

function exactNumber(value: unknown, range: Required<NumberRange>): Json | Refusal {
  if (typeof value === 'number') return roundedNumber(value, range)
  const text = typeof value === 'bigint' ? String(value) : decimalText(value)
  if (text === undefined) return noNumber()
  const fraction = text.split('.')[1] ?? ''
  if (fraction.length > range.precision) return tooPrecise(range.precision)
  const number = Number(text)
  const refusal = inRange(number, range)
  if (refusal !== undefined) return refusal
  return String(number) === text ? number : rawNumber(text)
}

// 0.1 + 0.2 means 0.3; a digit beyond the precision that somebody wrote is not dropped in silence.
function roundedNumber(value: number, range: Required<NumberRange>): Json | Refusal {
  if (!Number.isFinite(value)) return noNumber()
  const refusal = inRange(value, range)
  if (refusal !== undefined) return refusal
  const text = value.toFixed(range.precision)
  const rounded = Number(text)
  if (Math.abs(rounded - value) > Math.abs(value) * 2 ** -50) return tooPrecise(range.precision)
  return /e/.test(String(rounded)) ? rawNumber(text) : rounded
}

function inRange(
  number: number,
  { min, max }: { readonly min: number | undefined; readonly max: number | undefined },
): Refusal | undefined {
  if ((min === undefined || number >= min) && (max === undefined || number <= max)) return undefined
  return new Refusal('it is out of range', `Give a number from ${min} to ${max}.`)
}

function fromDigits(value: unknown): number | undefined {
  if (typeof value === 'bigint') return Number(value)
  const text = wholeText(value)
  return text === undefined ? undefined : Number(text)
}

function wholeText(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  return /^\s*[+-]?\d{1,30}\s*$/.test(value) ? value.trim().replace(/^\+/, '') : undefined
}

function fromText(value: unknown): number | undefined {
  if (typeof value === 'bigint') return Number(value)
  if (typeof value !== 'string') return undefined
  return /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?\s*$/i.test(value) ? Number(value) : undefined
}

/** Reads digits with a point as their shortest spelling: no plus, no needless zeros. */
function decimalText(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const parts = /^\s*([+-]?)0*(\d{1,30})(?:\.(\d{1,30}))?\s*$/.exec(value)
  if (parts === null) return undefined
  const [, sign, whole = '0', digits = ''] = parts
  const fraction = digits.replace(/0+$/, '')
  const text = fraction === '' ? whole : `${whole}.${fraction}`
  return sign === '-' && /[1-9]/.test(text) ? `-${text}` : text
}

function noInteger(): Refusal {
  return new Refusal('it is not a whole number', 'Give a whole number, such as 42.')
}

function noNumber(): Refusal {
  return new Refusal(
    'it is not a number',
    'Give a number, or a text of digits with a point for the fraction, such as -12.5.',
  )
}

function tooPrecise(precision: number): Refusal {
  return new Refusal(
    `it has more digits after the point than the ${precision} that the column keeps`,
    'Round it first.',
  )
}
