import { type Filter, type TableDefinition, where } from '../../dataverse/index.ts'
import { isObject, type JsonObject } from '../../kernel/index.ts'
import { invalidField, missingField, quoted } from '../connector-error.ts'
import { isBlank } from '../field.ts'
import { columnFilter } from './column-filter.ts'
import { columnName } from './columns.ts'
import { EXPERT_FIELD } from './expert-filter.ts'
import { type Condition, conditionOf } from './search-condition.ts'
import { termProperties } from './term-schema.ts'

/** The most search terms that an input may have. */
export const MOST_TERMS = 99

type Input = Readonly<Record<string, unknown>>

/**
 * Reads `sTerm_1`, `link_1_2`, `sTerm_2` … into one condition; `and` binds before `or`, as in OData.
 *
 * @param termNumber how many terms there are; with 0, all that the input has are used
 * @returns no condition where there are no terms
 * @throws ConnectorError `missing_field`, `invalid_field`, `unknown_column`, naming the field
 */
export function parseTerms(
  table: TableDefinition,
  input: Input,
  termNumber: number,
): Filter | undefined {
  refuseOtherNames(input)
  const numbers = termNumber === 0 ? termsFound(input) : range(termNumber)
  const groups: Filter[][] = []
  let previous: number | undefined
  for (const number of numbers) {
    const filter = parseTerm(table, input, number)
    const last = groups.at(-1)
    if (previous !== undefined && last !== undefined && link(input, previous, number) === 'and') {
      last.push(filter)
    } else {
      groups.push([filter])
    }
    previous = number
  }
  if (groups.length === 0) return undefined
  return where.or(...groups.map((group) => where.and(...group)))
}

/** Describes the input of a number of terms, for forms. */
export function termsSchema(table: TableDefinition, termNumber: number): JsonObject {
  const properties: Record<string, JsonObject> = {}
  const required: string[] = []
  const add = (key: string, schema: JsonObject) => {
    properties[key] = schema
    required.push(key)
  }
  const term = termProperties(table, { key: 'condition', title: 'Condition' })
  for (const number of range(termNumber)) {
    if (number > 1) add(`link_${number - 1}_${number}`, linkSchema(number))
    add(`sTerm_${number}`, termSchema(term, number))
  }
  return { type: 'object', properties, required }
}

function linkSchema(number: number): JsonObject {
  return { title: `Logical operator ${number - 1}`, type: 'string', enum: ['and', 'or'] }
}

function termSchema(properties: JsonObject, number: number): JsonObject {
  return {
    title: `Search term ${number}`,
    type: 'object',
    required: ['fieldName', 'condition', 'fieldValue'],
    properties,
  }
}

function termsFound(input: Input): readonly number[] {
  const numbers = Object.entries(input).flatMap(([key, value]) => {
    const number = /^sTerm_([1-9]\d?)$/.exec(key)?.[1]
    return number === undefined || value === undefined || value === null ? [] : [Number(number)]
  })
  return numbers.sort((a, b) => a - b)
}

const TERM_LIKE = /^s?[\s_-]?term[\s_-]*(\d+)$/i
const LINK_LIKE = /^link[\s_-]*(\d+)[\s_-]+(\d+)$/i
const RIGHT_NAME = /^(?:sTerm_[1-9]\d?|link_[1-9]\d?_[1-9]\d?)$/

// What is left out of a filter finds more rows than were meant.
function refuseOtherNames(input: Input): void {
  for (const key of Object.keys(input)) {
    const meant = TERM_LIKE.exec(key) ?? LINK_LIKE.exec(key)
    if (meant === null || RIGHT_NAME.test(key)) continue
    const numbers = meant.slice(1).map(Number)
    if (Math.max(...numbers) > MOST_TERMS) {
      const problem = `there are at most ${MOST_TERMS} search terms`
      throw invalidField({ key }, problem, 'Use fewer, or a filter expression in Expert Mode.')
    }
    const right = `${numbers.length > 1 ? 'link' : 'sTerm'}_${numbers.join('_')}`
    throw invalidField({ key }, `there is no field ${quoted(key)}`, `Did you mean ${right}?`)
  }
  if (isBlank(input[EXPERT_FIELD.key]) || termsFound(input).length > 0) return
  throw invalidField(
    EXPERT_FIELD,
    'it is read in Expert Mode only',
    'Tick “Expert Mode for Filter Expression” (expertMode), or give search terms.',
  )
}

function range(length: number): readonly number[] {
  return Array.from({ length }, (_, index) => index + 1)
}

function link(input: Input, before: number, after: number): 'and' | 'or' {
  const key = `link_${before}_${after}`
  const value = input[key]
  if (isBlank(value)) {
    throw missingField({ key, label: 'Logical operator' }, 'Give “and” or “or”.')
  }
  const word = typeof value === 'string' ? value.trim().toLowerCase() : ''
  if (word === 'and' || word === 'or') return word
  throw invalidField(
    { key, label: 'Logical operator' },
    'it is not “and” or “or”',
    'Give “and” or “or”.',
  )
}

function parseTerm(table: TableDefinition, input: Input, number: number): Filter {
  const key = `sTerm_${number}`
  const label = `Search term ${number}`
  const term = input[key]
  if (term === undefined || term === null) {
    throw missingField({ key, label }, 'Give fieldName, condition and fieldValue.')
  }
  if (!isObject(term)) {
    throw invalidField(
      { key, label },
      'it is not an object',
      'Give fieldName, condition and fieldValue.',
    )
  }
  return columnFilter(table, {
    column: readName(term, key),
    condition: readCondition(term, key),
    value: term['fieldValue'],
    columnField: { key: `${key}.fieldName`, label: 'Field Name' },
    valueField: { key: `${key}.fieldValue`, label: 'Field Value' },
  })
}

function readName(term: Input, key: string): string {
  return columnName(term['fieldName'], { key: `${key}.fieldName`, label: 'Field Name' })
}

function readCondition(term: Input, key: string): Condition {
  return conditionOf(term['condition'], { key: `${key}.condition`, label: 'Condition' })
}
