import { type Filter, type Literal, where } from '../../dataverse/index.ts'
import { type FieldName, invalidField, missingField } from '../connector-error.ts'
import { isBlank } from '../field.ts'

/** The conditions of a search term, with what a form calls them. */
export const CONDITIONS = {
  eq: 'equals',
  ne: 'does not equal',
  gt: 'is greater than',
  ge: 'is at least',
  lt: 'is less than',
  le: 'is at most',
  contains: 'contains',
  startswith: 'starts with',
  endswith: 'ends with',
  in: 'is one of',
} as const

export type Condition = keyof typeof CONDITIONS

const MOST_VALUES = 500

/** Takes what a term gives as its condition. @throws ConnectorError */
export function conditionOf(given: unknown, field: FieldName): Condition {
  const remedy = `Give one of ${Object.keys(CONDITIONS).join(', ')}.`
  if (isBlank(given)) throw missingField(field, remedy)
  const text = typeof given === 'string' ? given.trim().toLowerCase() : ''
  if (isCondition(text)) return text
  throw invalidField(field, 'it is not a condition', remedy)
}

function isCondition(text: string): text is Condition {
  return Object.hasOwn(CONDITIONS, text)
}

/** A search term whose column is known. */
export interface Term {
  readonly property: string
  readonly condition: Condition
  readonly value: unknown
  readonly field: FieldName
  readonly text: boolean
  /** @throws ConnectorError naming the field */
  write(value: unknown): Literal
}

/** Makes the condition of one term. @throws ConnectorError naming the value’s field */
export function termFilter(term: Term): Filter {
  const { property, condition, value, field, write } = term
  if (value === undefined || value === '') {
    throw missingField(field, 'Give a value; for rows without one, give null with eq or ne.')
  }
  if (condition === 'contains' || condition === 'startswith' || condition === 'endswith') {
    return where[condition](property, searchedText(term))
  }
  if (condition === 'in') {
    return where.in(
      property,
      listOf(value, field).map((one) => write(one)),
    )
  }
  if (value === null && condition !== 'eq' && condition !== 'ne') {
    throw invalidField(field, `nothing can be compared with null by ${condition}`, 'Use eq or ne.')
  }
  return where[condition](property, value === null ? null : write(value))
}

function searchedText(term: Term): string {
  const { text, condition, value, field, write } = term
  if (!text) {
    throw invalidField(
      field,
      `only texts can be searched by ${condition}`,
      'Use eq, or another column.',
    )
  }
  write(value)
  return String(value)
}

function listOf(value: unknown, field: Term['field']): readonly unknown[] {
  const list = typeof value === 'string' ? value.split(',').map((one) => one.trim()) : value
  if (Array.isArray(list) && list.length > 0 && list.length <= MOST_VALUES && !list.includes('')) {
    return list
  }
  throw invalidField(
    field,
    `it is not a list of 1 to ${MOST_VALUES} values`,
    'Give an array, or values separated by commas.',
  )
}
