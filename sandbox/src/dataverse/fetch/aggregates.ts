import { type GroupCell, keyCell, measureCell, writeGroups } from '../answer/aggregates.ts'
import { checkMethod } from '../answer/apply.ts'
import { cellWriter, FORMATTED, type Writing } from '../answer/cells.ts'
import {
  type Aggregated,
  aggregate,
  type Group,
  type GroupKey,
  MAX_AGGREGATED,
  type Measure,
  type Method,
  tallied,
} from '../query/aggregate.ts'
import { idsOf } from '../query/comparison.ts'
import type { Scalar } from '../query/operands.ts'
import { compareValues } from '../query/order.ts'
import { MAX_PAGE } from '../query/run.ts'
import type { Frame } from '../query/scope.ts'
import type { CompareIds } from '../store/id-sorting.ts'
import { type DatePart, datePart } from './date-parts.ts'
import { badFetch } from './errors.ts'
import { cellOf, columnOf, duplicateAlias, NO_ROW, type Source } from './plan.ts'
import type { AttributeNode, FetchQuery } from './query.ts'
import { joinedFrames, joinsOf, type Planned } from './run.ts'

interface Key extends GroupKey {
  readonly alias: string
  readonly cell: GroupCell
}

interface Value {
  readonly alias: string
  readonly measure: Measure
  readonly cell: (position: number) => GroupCell
}

const METHODS: Readonly<Record<string, Method>> = {
  sum: 'sum',
  avg: 'average',
  min: 'min',
  max: 'max',
  count: 'count',
  countcolumn: 'countcolumn',
}

/** Answers an aggregate query with one row for each group. */
export function writeFetchGroups(
  writing: Writing,
  planned: Planned,
  query: FetchQuery,
  set: string,
  tally: { rows: number },
): Buffer {
  const attributes = [
    ...query.entity.attributes.map((node) => ({ source: planned.root, node })),
    ...joinsOf(planned).flatMap(({ source, node }) =>
      node.attributes.map((attribute) => ({ source, node: attribute })),
    ),
  ]
  const keys: Key[] = []
  const values: Value[] = []
  for (const { source, node } of attributes) {
    if (node.groupby && node.aggregate !== undefined) {
      throw badFetch(
        '0x80041137',
        'An attribute can either be an aggregate or a Group By but not both',
      )
    }
    if (node.groupby) keys.push(planKey(writing, source, node))
    else values.push(planValue(writing, source, node))
  }
  const aliases = [...keys, ...values].map(({ alias }) => alias)
  if (new Set(aliases).size < aliases.length) throw duplicateAlias()
  const groups = aggregate(
    tallied(joinedFrames(planned), tally),
    keys,
    values.map(({ measure }) => measure),
    Math.min(query.aggregateLimit ?? MAX_AGGREGATED, MAX_AGGREGATED),
  )
  const cells = [...keys.map(({ cell }) => cell), ...values.map(({ cell }, index) => cell(index))]
  const sorted = sortGroups(groups, keys, values, query)
  return writeGroups(writing.base, set, '', pageOf(sorted, query), cells)
}

function planKey(writing: Writing, source: Source, node: AttributeNode): Key {
  const column = columnOf(source, node.name)
  const alias = node.alias ?? node.name
  const value = cellOf(source, column)
  const compareIds = idsOf(writing.database, column)
  const at = (frame: Frame): number | undefined => {
    const slot = frame[source.depth]
    return slot === NO_ROW ? undefined : slot
  }
  const isNull = (slot: number): boolean => source.rows.raw(slot, column) === null
  if (node.dateGrouping === undefined) {
    const write = cellWriter(writing, source.rows, column, alias)
    return { alias, compareIds, get: value, cell: keyCell(write, at, isNull) }
  }
  if (column.type !== 'DateTime') {
    throw badFetch('0x80041135', 'An invalid value was specified for dategrouping.')
  }
  const part = datePart(node.dateGrouping)
  const write = (slot: number): string =>
    partText(writing, alias, part, source.rows.number(slot, column) ?? 0)
  return {
    alias,
    compareIds,
    get(frame) {
      const time = value(frame)
      if (typeof time !== 'number') return null
      return part.label ? part.label(time) : part.number(time)
    },
    cell: keyCell(write, at, isNull),
  }
}

function partText(writing: Writing, alias: string, part: DatePart, time: number): string {
  const number = part.number(time)
  const label = part.label ? part.label(time) : number.toLocaleString('en-US')
  const note = writing.wants(FORMATTED)
    ? `${JSON.stringify(`${alias}@${FORMATTED}`)}:${JSON.stringify(label)},`
    : ''
  return `${note}${JSON.stringify(alias)}:${number}`
}

function planValue(writing: Writing, source: Source, node: AttributeNode): Value {
  const { alias, aggregate: written } = node
  if (written === undefined) {
    throw badFetch(
      '0x80041107',
      'Attributes can not be returned when aggregate operation is specified.',
    )
  }
  if (!alias) throw badFetch('0x80041109', 'Invalid alias for aggregate operation.')
  const known = Object.hasOwn(METHODS, written) ? METHODS[written] : undefined
  if (!known) throw badFetch('0x800404b6', 'An unknown aggregate operation was supplied.')
  const column = columnOf(source, node.name)
  const method = known === 'countcolumn' && node.distinct ? 'countdistinct' : known
  checkMethod(method, column)
  const counts = method.startsWith('count')
  return {
    alias,
    measure: { method, edm: column.edm, get: cellOf(source, column) },
    cell: (position) => measureCell(writing, alias, position, counts ? undefined : column),
  }
}

function sortGroups(
  groups: readonly Group[],
  keys: readonly Key[],
  values: readonly Value[],
  { entity }: FetchQuery,
): Group[] {
  const terms = entity.orders.map(({ alias, attribute, descending }) => {
    if (attribute !== undefined) {
      throw badFetch(
        '0x80041131',
        'An attribute cannot be specified for an order clause for an aggregate Query. Use an alias.',
      )
    }
    if (alias === undefined) {
      throw badFetch(
        '0x80041134',
        'An alias is required for an order clause for an aggregate Query.',
      )
    }
    const key = keys.findIndex((one) => one.alias === alias)
    const value = values.findIndex((one) => one.alias === alias)
    if (key < 0 && value < 0) {
      throw badFetch(
        '0x8004110a',
        'The specified alias for the given entity in the condition does not exist.',
      )
    }
    return {
      of: (group: Group) => (key >= 0 ? group.keys[key] : group.values[value]),
      compareIds: keys[key]?.compareIds,
      descending,
    }
  })
  return [...groups].sort((a, b) => {
    for (const { of, compareIds, descending } of terms) {
      const order = compareAggregated(of(a) ?? null, of(b) ?? null, compareIds)
      if (order !== 0) return descending ? -order : order
    }
    return 0
  })
}

function compareAggregated(
  left: Aggregated,
  right: Aggregated,
  compareIds: CompareIds | undefined,
): number {
  if (typeof left === 'bigint' && typeof right === 'bigint') {
    return left < right ? -1 : left > right ? 1 : 0
  }
  const plain = (value: Aggregated): Scalar => (typeof value === 'bigint' ? Number(value) : value)
  return compareValues(plain(left), plain(right), compareIds)
}

function pageOf(groups: readonly Group[], { top, count, page }: FetchQuery): readonly Group[] {
  const size = Math.min(top ?? count ?? MAX_PAGE, MAX_PAGE)
  return groups.slice((page - 1) * size, page * size)
}
