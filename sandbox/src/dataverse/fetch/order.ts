import { firstOf } from '../query/first.ts'
import { comparePlaces, placeOf, type SortTerm, sortReader, sortsByIds } from '../query/order.ts'
import type { Frame } from '../query/scope.ts'
import type { Column } from '../schema/model.ts'
import { badFetch } from './errors.ts'
import { columnOf, NO_ROW, type Plan, type Source } from './plan.ts'
import type { FetchQuery, OrderNode } from './query.ts'
import { joinsOf, type Planned } from './run.ts'

/** One column of an order, of the entity or of a linked table. */
export interface FetchTerm extends SortTerm {
  readonly source: Source
}

const CHOICES = new Set(['Picklist', 'State', 'Status'])

/** Finds the columns that rows are ordered by: those of the entity first, then those of the links. */
export function planOrders(plan: Plan, planned: Planned, query: FetchQuery): FetchTerm[] {
  const own = query.entity.orders.map((order) => planOrder(plan, planned.root, order, query))
  const linked = joinsOf(planned).flatMap(({ source, node }) =>
    node.orders.map((order) => planOrder(plan, source, order, query)),
  )
  return [...own, ...linked]
}

/** The first frames by the terms, then by the rows that they hold. */
export function sortFrames(
  frames: readonly Frame[],
  terms: readonly FetchTerm[],
  root: Source,
  count: number,
): Frame[] {
  const { compare } = root.rows.sorting
  const keyed = frames.map((frame, index) => ({
    frame,
    index,
    id: root.rows.idOf(frame[root.depth] ?? NO_ROW),
    places: terms.map((term) => placeOf(valueOfTerm(term, frame))),
  }))
  const first = firstOf(keyed, count, (a, b) => {
    const order = comparePlaces(a.places, b.places, terms)
    if (order !== 0) return order
    return compare(a.id, b.id) || a.index - b.index
  })
  return first.map(({ frame }) => frame)
}

function valueOfTerm(term: FetchTerm, frame: Frame): ReturnType<SortTerm['value']> {
  const slot = frame[term.source.depth]
  return slot === undefined || slot === NO_ROW ? null : term.value(slot)
}

function planOrder(plan: Plan, own: Source, order: OrderNode, query: FetchQuery): FetchTerm {
  if (order.alias !== undefined) {
    throw badFetch(
      '0x80041132',
      'An alias cannot be specified for an order clause for a non-aggregate Query. Use an attribute.',
    )
  }
  if (order.attribute === undefined) {
    throw badFetch(
      '0x80041133',
      'An attribute is required for an order clause for a non-aggregate Query.',
    )
  }
  const source = order.entityName === undefined ? own : plan.named(order.entityName)
  const column = columnOf(source, order.attribute)
  const byLabel = CHOICES.has(column.type) && !query.rawOrder
  const value = byLabel
    ? labelReader(source, column)
    : sortReader(plan.scope.database, source.table, column)
  const compareIds = sortsByIds(column) ? source.rows.sorting.compare : undefined
  return { source, column, descending: order.descending, byLabel, compareIds, value }
}

function labelReader({ rows }: Source, column: Column): (slot: number) => string | null {
  const labels = new Map(column.choices.map(({ value, label }) => [value, label]))
  return (slot) => labels.get(rows.number(slot, column) ?? Number.NaN) ?? null
}
