import { comparison, idsOf } from '../query/comparison.ts'
import type { Predicate } from '../query/compile-filter.ts'
import { type Condition, comparisonKey, conditionTest, type Item } from '../query/conditions.ts'
import { likeTest } from '../query/like.ts'
import { comparable, readAs, type Scalar } from '../query/operands.ts'
import type { Frame } from '../query/scope.ts'
import type { Column } from '../schema/model.ts'
import { badFetch } from './errors.ts'
import { functionOf } from './operators.ts'
import { cellOf, columnOf, joinOf, type Plan, type Source } from './plan.ts'
import type { ConditionNode, FilterNode, LinkNode } from './query.ts'

type Test = (value: Scalar) => boolean | null

const COMPARATORS = {
  eq: 'eq',
  ne: 'ne',
  neq: 'ne',
  gt: 'gt',
  ge: 'ge',
  lt: 'lt',
  le: 'le',
} as const
const LIKE = {
  like: 'whole',
  'not-like': 'whole',
  'begins-with': 'startswith',
  'not-begin-with': 'startswith',
  'ends-with': 'endswith',
  'not-end-with': 'endswith',
} as const

/** Makes a test of filters that all have to hold; undefined when there are none. */
export function compileFilters(
  plan: Plan,
  source: Source,
  filters: readonly FilterNode[],
): Predicate | undefined {
  const parts = filters.map((filter) => compileFilterNode(plan, source, filter))
  return parts.length === 0 ? undefined : connect(parts, false)
}

/** Whether a filter speaks of linked tables, so that it can only be tested after they are joined. */
export function needsLinks(filters: readonly FilterNode[]): boolean {
  return filters.some(
    ({ conditions, filters: inner }) =>
      conditions.some(({ entityName, valueOf: other }) => entityName || other?.includes('.')) ||
      needsLinks(inner),
  )
}

function compileFilterNode(plan: Plan, source: Source, filter: FilterNode): Predicate {
  const parts = [
    ...filter.conditions.map((condition) => compileCondition(plan, source, condition)),
    ...filter.filters.map((inner) => compileFilterNode(plan, source, inner)),
    ...filter.links.map((link) => compileFilterLink(plan, source, link)),
  ]
  return parts.length === 0 ? () => true : connect(parts, filter.any)
}

/** What decides an `or` is true, an `and` false. */
function connect(parts: readonly Predicate[], decisive: boolean): Predicate {
  const [only] = parts
  if (only && parts.length === 1) return only
  return (frame) => {
    let unknown = false
    for (const part of parts) {
      const value = part(frame)
      if (value === decisive) return decisive
      if (value === null) unknown = true
    }
    return unknown ? null : !decisive
  }
}

/**
 * Rows of another table that decide without being returned. `all` and `not all` mean what their pages say,
 * not what their names do.
 */
function compileFilterLink(plan: Plan, parent: Source, node: LinkNode): Predicate {
  const found = compileExistence(plan, parent, node)
  if (node.type === 'not any') return (frame) => !found.matching(frame)
  if (node.type === 'not all') return (frame) => found.matching(frame)
  if (node.type === 'all') return (frame) => found.any(frame) && !found.matching(frame)
  return (frame) => found.matching(frame)
}

/** Makes the tests whether a link has rows at all, and rows for which all that is inside it holds. */
export function compileExistence(
  plan: Plan,
  parent: Source,
  node: LinkNode,
): { any: (frame: Frame) => boolean; matching: (frame: Frame) => boolean } {
  if (node.all || node.attributes.length > 0 || node.orders.length > 0) {
    throw badFetch(
      '0x80041103',
      `A link-entity of the type '${node.type}' returns no columns and has no order.`,
    )
  }
  const source = plan.link(node)
  const join = joinOf(plan.scope, parent, source, node)
  const filter = compileFilters(plan, source, node.filters)
  const inner = node.links.map((link) => compileExistence(plan, source, link))
  return {
    any: (frame) => join(frame).length > 0,
    matching: (frame) =>
      join(frame).some((slot) => {
        frame[source.depth] = slot
        if (filter && filter(frame) !== true) return false
        return inner.every((link) => link.matching(frame))
      }),
  }
}

function compileCondition(plan: Plan, own: Source, node: ConditionNode): Predicate {
  const source = node.entityName === undefined ? own : plan.named(node.entityName)
  const column = columnOf(source, node.attribute)
  const value = cellOf(source, column)
  if (node.valueOf !== undefined) return compareColumns(plan, source, column, node)
  const test = compileTest(plan, column, node)
  return (frame) => test(value(frame))
}

function compileTest(plan: Plan, column: Column, node: ConditionNode): Test {
  const { operator } = node
  if (operator === 'null') return (value) => value === null
  if (operator === 'not-null') return (value) => value !== null
  if (Object.hasOwn(COMPARATORS, operator)) return compare(plan, column, node)
  if (Object.hasOwn(LIKE, operator)) return likeness(column, node)
  const name = functionOf(operator)
  if (name === undefined) throw badFetch('0x80041120', 'Unsupported condition operator.')
  const condition: Condition = {
    name,
    column,
    items: (): readonly Item[] => node.values.map((value) => plain(column, value)),
    text: () => single(node),
    pair: () => {
      const [first, second] = node.values
      if (first === undefined || second === undefined) throw noValue()
      return [first, second]
    },
  }
  return conditionTest(plan.scope, condition)
}

function compare(plan: Plan, column: Column, node: ConditionNode): Test {
  const operator = COMPARATORS[node.operator as keyof typeof COMPARATORS]
  const test = comparison(operator, idsOf(plan.scope.database, column))
  const wanted = comparisonKey(readAs(column, plain(column, single(node))))
  return (value) => test(comparisonKey(value), wanted)
}

function compareColumns(
  plan: Plan,
  source: Source,
  column: Column,
  node: ConditionNode,
): Predicate {
  const operator = node.operator as keyof typeof COMPARATORS
  if (!Object.hasOwn(COMPARATORS, operator)) {
    throw badFetch('0x80041120', 'Unsupported condition operator.')
  }
  const [alias = '', name = alias] = (node.valueOf ?? '').split('.')
  const otherSource = alias === name ? source : plan.named(alias)
  const other = columnOf(otherSource, name)
  if (!comparable(column.edm, other.edm)) {
    throw badFetch(
      '0x80041106',
      `The columns '${column.name}' and '${other.name}' are not of the same type.`,
    )
  }
  const test = comparison(COMPARATORS[operator], idsOf(plan.scope.database, column))
  const left = cellOf(source, column)
  const right = cellOf(otherSource, other)
  return (frame) => test(comparisonKey(left(frame)), comparisonKey(right(frame)))
}

function likeness(column: Column, node: ConditionNode): Test {
  if (column.edm !== 'Edm.String') {
    throw badFetch(
      '0x80041106',
      `The operator '${node.operator}' needs a text column, not '${column.name}'.`,
    )
  }
  const test = likeTest(single(node), LIKE[node.operator as keyof typeof LIKE])
  const wanted = !node.operator.startsWith('not')
  return (value) => (value === null ? null : test(String(value)) === wanted)
}

/** FetchXML may leave out the zone of a time; UTC is meant. */
function plain(column: Column, value: string): string {
  const zoneless = column.type === 'DateTime' && /T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?$/.test(value)
  return zoneless ? `${value}Z` : value
}

function single({ values }: ConditionNode): string {
  const [value] = values
  if (value === undefined || values.length > 1) throw noValue()
  return value
}

function noValue(): Error {
  return badFetch('0x80041108', 'Invalid value specified for type.')
}
