import type { Comparison } from './filter.ts'
import type { FilterExpression, Operand } from './filter-expression.ts'
import { filterFault } from './filter-fault.ts'
import { parseCall } from './parse-call.ts'
import { insteadOfNot } from './query-functions.ts'
import { parseOperand, TokenReader } from './token-reader.ts'
import { UNSUPPORTED_OPERATORS } from './unsupported-words.ts'

const COMPARISONS: ReadonlyMap<string, Comparison> = new Map(
  (['eq', 'ge', 'gt', 'le', 'lt', 'ne'] as const).map((name) => [name, name]),
)

/**
 * Reads a filter's text as Dataverse does, or shows where it cannot be read.
 *
 * @throws DataverseError `invalid_filter`
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/filter-rows
 */
export function parseFilter(text: string): FilterExpression {
  const reader = new TokenReader(text)
  const expression = parseOr(reader)
  if (reader.peek().kind !== 'end') throw reader.fault('“and”, “or” or the end is expected')
  return expression
}

function parseOr(reader: TokenReader): FilterExpression {
  return parseJoined(reader, 'or', () => parseJoined(reader, 'and', () => parseUnary(reader)))
}

function parseJoined(
  reader: TokenReader,
  kind: 'and' | 'or',
  parsePart: () => FilterExpression,
): FilterExpression {
  const first = parsePart()
  const parts = [first]
  while (reader.takeName(kind)) parts.push(parsePart())
  return parts.length === 1 ? first : { kind, parts }
}

function parseUnary(reader: TokenReader): FilterExpression {
  const { at } = reader.peek()
  if (!reader.takeName('not')) return parsePrimary(reader)
  const part = reader.nested(() => parseUnary(reader))
  if (part.kind === 'function') {
    throw filterFault(
      reader.text,
      at,
      `Dataverse allows no “not” before the query function ${part.name}`,
      insteadOfNot(part.name),
    )
  }
  return { kind: 'not', part }
}

function parsePrimary(reader: TokenReader): FilterExpression {
  if (reader.takeSign('(')) {
    const inner = reader.nested(() => parseOr(reader))
    reader.expectSign(')')
    return inner
  }
  const token = reader.peek()
  if (token.kind === 'name' && reader.peek(1).text === '(') return parseCall(reader)
  const left = parseOperand(reader)
  if (left.kind === 'path' && reader.peek().text === '(') return parseLambda(reader, left)
  return {
    kind: 'comparison',
    left,
    comparison: takeComparison(reader),
    right: parseOperand(reader),
  }
}

function takeComparison(reader: TokenReader): Comparison {
  const token = reader.peek()
  const found = token.kind === 'name' ? COMPARISONS.get(token.text) : undefined
  if (found !== undefined) {
    reader.take()
    return found
  }
  const instead = UNSUPPORTED_OPERATORS.get(token.text.toLowerCase())
  if (instead !== undefined)
    throw reader.fault(`Dataverse has no operator “${token.text}”`, instead)
  throw reader.fault('eq, ne, gt, ge, lt or le is expected')
}

function parseLambda(reader: TokenReader, path: Operand): FilterExpression {
  const names = path.text.split('/')
  const quantifier = names.at(-1)
  if ((quantifier !== 'any' && quantifier !== 'all') || names.length < 2) {
    throw filterFault(
      reader.text,
      path.at,
      'only any and all can follow a path here',
      'Name a column, or use any or all.',
    )
  }
  const collection = names.slice(0, -1)
  // Within another any or all the first name is its variable.
  if (collection.length > (reader.isVariable(collection[0]) ? 2 : 1)) {
    throw filterFault(
      reader.text,
      path.at,
      'Dataverse cannot look at the rows related to a lookup’s row',
      'Filter by a collection of the table itself, or query from the other table.',
    )
  }
  reader.expectSign('(')
  const head = { kind: 'lambda', quantifier, collection: collection.join('/') } as const
  if (quantifier === 'any' && reader.takeSign(')')) return head
  const variable = reader.expectName('a variable for the related row is expected')
  reader.expectSign(':')
  const body = reader.nested(() => parseOr(reader), variable)
  reader.expectSign(')')
  return { ...head, variable, body }
}
