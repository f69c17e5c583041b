import { type Filter, type TableDefinition, where } from '../../dataverse/index.ts'
import { isObject, type JsonObject } from '../../kernel/index.ts'
import { invalidField, missingField } from '../connector-error.ts'
import { columnFilter } from './column-filter.ts'
import { CONDITIONS, type Condition, isCondition } from './search-condition.ts'
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

function range(length: number): readonly number[] {
  return Array.from({ length }, (_, index) => index + 1)
}

function link(input: Input, before: number, after: number): 'and' | 'or' {
  const key = `link_${before}_${after}`
  const value = input[key]
  if (value === undefined || value === null || value === '') {
    throw missingField({ key, label: 'Logical operator' }, 'Give “and” or “or”.')
  }
  const word = typeof value === 'string' ? value.trim().toLowerCase() : ''
  if (word === 'and' || word === 'or') return word
  throw invalidField(
    { key, label: 'Logical operator' },
    'it is neither “and” nor “or”',
    'Give one.',
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
  const name = term['fieldName']
  if (typeof name === 'string' && name.trim() !== '') return name
  throw missingField(
    { key: `${key}.fieldName`, label: 'Field Name' },
    'Name a column of the table.',
  )
}

function readCondition(term: Input, key: string): Condition {
  const field = { key: `${key}.condition`, label: 'Condition' }
  const given = term['condition']
  const known = Object.keys(CONDITIONS).join(', ')
  if (given === undefined || given === null || given === '') {
    throw missingField(field, `Give one of ${known}.`)
  }
  const condition = typeof given === 'string' ? given.trim().toLowerCase() : ''
  if (isCondition(condition)) return condition
  throw invalidField(field, 'it is no condition', `Give one of ${known}.`)
}
