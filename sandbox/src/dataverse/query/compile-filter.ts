import { badQuery } from '../fault.ts'
import { relatedSlots } from '../store/related.ts'
import { comparison, idsOf } from './comparison.ts'
import type { Comparator, Expression } from './expression.ts'
import { compileFunction } from './functions.ts'
import { likeTest } from './like.ts'
import { asGuid, comparable, compileOperand, type Scalar, type Source } from './operands.ts'
import { type Frame, resolveCollection, type Scope } from './scope.ts'

/** True, false, or null where the database cannot say; only true lets a row through. */
export type Predicate = (frame: Frame) => boolean | null

const KINDS: Readonly<Record<Comparator, string>> = {
  eq: 'Equal',
  ne: 'NotEqual',
  gt: 'GreaterThan',
  ge: 'GreaterThanOrEqual',
  lt: 'LessThan',
  le: 'LessThanOrEqual',
}

/** Checks a filter against the table's types and makes a test of it. */
export function compileFilter(scope: Scope, expression: Expression): Predicate {
  switch (expression.kind) {
    case 'compare':
      return compileComparison(
        scope,
        expression.operator,
        compileOperand(scope, expression.left),
        compileOperand(scope, expression.right),
      )
    case 'and':
    case 'or':
      return connect(
        compileFilter(scope, expression.left),
        compileFilter(scope, expression.right),
        expression.kind === 'or',
      )
    case 'not': {
      const inner = compileFilter(scope, expression.inner)
      return (frame) => {
        const value = inner(frame)
        return value === null ? null : !value
      }
    }
    case 'text':
      return compileText(
        expression.name,
        compileOperand(scope, expression.subject),
        compileOperand(scope, expression.search),
      )
    case 'function':
      return compileFunction(scope, expression.name, expression.parameters)
    case 'lambda':
      return compileLambda(scope, expression)
  }
}

/** What decides an `or` is true, an `and` false; else what cannot be said of one cannot be said of both. */
function connect(left: Predicate, right: Predicate, decisive: boolean): Predicate {
  return (frame) => {
    const first = left(frame)
    if (first === decisive) return decisive
    const second = right(frame)
    if (second === decisive) return decisive
    return first === null || second === null ? null : !decisive
  }
}

function compileComparison(
  { database }: Scope,
  operator: Comparator,
  left: Source,
  right: Source,
): Predicate {
  const sides = matchTypes(left, right) ?? matchTypes(right, left)?.toReversed()
  const [first, second] = sides ?? []
  if (!first || !second) {
    throw badQuery(
      `A binary operator with incompatible types was detected. Found operand types '${left.edm}' and '${right.edm}' for operator kind '${KINDS[operator]}'.`,
    )
  }
  const text = first.edm === 'Edm.String' || second.edm === 'Edm.String'
  const test = comparison(operator, idsOf(database, first) ?? idsOf(database, second))
  return (frame) => {
    const one = first.get(frame)
    const other = second.get(frame)
    return text ? test(lower(one), lower(other)) : test(one, other)
  }
}

/** A lookup's id may be quoted, as the documents do; any other GUID may not. */
function matchTypes(left: Source, right: Source): [Source, Source] | undefined {
  if (comparable(left.edm, right.edm)) return [left, right]
  const quoted = left.column?.storage === 'reference' && typeof right.constant === 'string'
  const guid = quoted ? asGuid(String(right.constant)) : undefined
  return guid ? [left, { edm: 'Edm.Guid', constant: guid, get: () => guid }] : undefined
}

function compileText(
  name: 'contains' | 'startswith' | 'endswith',
  subject: Source,
  search: Source,
): Predicate {
  if (!comparable(subject.edm, 'Edm.String') || !comparable(search.edm, 'Edm.String')) {
    throw badQuery(
      `No function signature for the function with name '${name}' matches the specified arguments. The function signatures considered are: ${name}(Edm.String Nullable=true, Edm.String Nullable=true).`,
    )
  }
  const fixed = typeof search.constant === 'string' ? likeTest(search.constant, name) : undefined
  return (frame) => {
    const text = subject.get(frame)
    const wanted = search.get(frame)
    if (typeof text !== 'string' || typeof wanted !== 'string') return null
    return (fixed ?? likeTest(wanted, name))(text)
  }
}

function compileLambda(
  scope: Scope,
  { path, quantifier, variable, body }: Extract<Expression, { kind: 'lambda' }>,
): Predicate {
  const { collection, binding } = resolveCollection(scope, path)
  const parents = scope.database.rows(binding.table)
  const children = scope.database.rows(collection.table)
  const related = (frame: Frame): readonly number[] => {
    const slot = frame[binding.depth]
    return slot === undefined ? [] : relatedSlots(scope.database, collection, parents.idOf(slot))
  }
  if (!body || variable === undefined) return (frame) => related(frame).length > 0
  const depth = scope.bindings.length
  const inner = compileFilter(
    {
      ...scope,
      bindings: [...scope.bindings, { name: variable, table: children.table, depth }],
    },
    body,
  )
  const holds = (frame: Frame, slot: number): boolean => {
    frame[depth] = slot
    return inner(frame) === true
  }
  return quantifier === 'any'
    ? (frame) => related(frame).some((slot) => holds(frame, slot))
    : (frame) => related(frame).every((slot) => holds(frame, slot))
}

function lower(value: Scalar): Scalar {
  return typeof value === 'string' ? value.toLowerCase() : value
}
