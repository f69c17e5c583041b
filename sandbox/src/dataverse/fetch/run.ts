import { notSupported } from '../fault.ts'
import type { Predicate } from '../query/compile-filter.ts'
import { asGuid } from '../query/operands.ts'
import type { Frame } from '../query/scope.ts'
import { compileExistence, compileFilters, needsLinks } from './filter.ts'
import { columnOf, type Join, joinOf, meetsOne, NO_ROW, type Plan, type Source } from './plan.ts'
import type { EntityNode, FilterNode, LinkNode } from './query.ts'

interface JoinStep {
  readonly kind: 'join'
  readonly source: Source
  readonly node: LinkNode
  readonly join: Join
  readonly filter: Predicate | undefined
  /** Rows of the parent stay where the link has none. */
  readonly outer: boolean
  readonly first: boolean
}

type Step = JoinStep | { readonly kind: 'test'; readonly holds: (frame: Frame) => boolean }

/** A query whose names have been found: what is read, in which order, and what rows have to fulfil. */
export interface Planned {
  readonly root: Source
  /** Which rows of the entity the caller may read; undefined for all. */
  readonly sees: ((slot: number) => boolean) | undefined
  readonly steps: readonly Step[]
  /** Tested before anything is joined. */
  readonly before: Predicate | undefined
  /** Tested when all is joined, because it speaks of linked tables. */
  readonly after: Predicate | undefined
  readonly candidates: readonly number[] | undefined
}

/** More rows than this are never read for one query, whatever it joins. */
const MAX_READ = 20_000_000

/** Finds all tables and columns that a query reads and tests; `among` are the only rows that count. */
export function planQuery(plan: Plan, entity: EntityNode, among?: readonly number[]): Planned {
  const root = plan.entity(entity.name)
  const steps = entity.links.flatMap((link) => planLink(plan, root, link))
  const filter = compileFilters(plan, root, entity.filters)
  const late = needsLinks(entity.filters)
  return {
    root,
    sees: plan.scope.sees(root.table),
    steps,
    before: late ? undefined : filter,
    after: late ? filter : undefined,
    candidates: among ?? indexed(root, entity.filters),
  }
}

/** The joins of a query, in the order in which its text names them. */
export function joinsOf({ steps }: Planned): JoinStep[] {
  return steps.filter((step) => step.kind === 'join')
}

/** Whether each row of the entity comes back at most once, so that its id tells where a page ended. */
export function keepsRows(planned: Planned): boolean {
  return joinsOf(planned).every(({ source, node, first }) => first || meetsOne(source, node))
}

function planLink(plan: Plan, parent: Source, node: LinkNode): Step[] {
  if (node.type === 'exists' || node.type === 'in') {
    const { matching } = compileExistence(plan, parent, node)
    return [{ kind: 'test', holds: matching }]
  }
  const source = plan.link(node)
  const join = joinOf(plan.scope, parent, source, node)
  const first = node.type === 'matchfirstrowusingcrossapply'
  const outer = first || node.type === 'outer'
  const inner = node.links.flatMap((link) => planLink(plan, source, link))
  const filter = compileFilters(plan, source, node.filters)
  return [{ kind: 'join', source, node, join, filter, outer, first }, ...inner]
}

/** All rows of the query in the order of the entity's ids; each frame is taken over by the next one. */
export function* joinedFrames(planned: Planned, after?: string): Iterable<Frame> {
  const { root, sees, steps, before, candidates } = planned
  const frame: Frame = []
  const budget = { left: MAX_READ }
  const slots = candidates
    ? candidates.filter((slot) => after === undefined || root.rows.isAfter(slot, after))
    : root.rows.slotsAfter(after)
  for (const slot of slots) {
    spend(budget)
    if (sees && !sees(slot)) continue
    frame[root.depth] = slot
    if (before && before(frame) !== true) continue
    if (steps.length === 0 && !planned.after) yield frame
    else yield* walk(planned, 0, frame, budget)
  }
}

function* walk(
  planned: Planned,
  index: number,
  frame: Frame,
  budget: { left: number },
): Iterable<Frame> {
  const step = planned.steps[index]
  if (!step) {
    if (!planned.after || planned.after(frame) === true) yield frame
    return
  }
  if (step.kind === 'test') {
    if (step.holds(frame)) yield* walk(planned, index + 1, frame, budget)
    return
  }
  const { depth } = step.source
  let met = false
  for (const slot of step.join(frame)) {
    spend(budget)
    frame[depth] = slot
    if (step.filter && step.filter(frame) !== true) continue
    met = true
    yield* walk(planned, index + 1, frame, budget)
    if (step.first) break
  }
  if (met || !step.outer) return
  frame[depth] = NO_ROW
  yield* walk(planned, index + 1, frame, budget)
}

function spend(budget: { left: number }): void {
  budget.left -= 1
  if (budget.left < 0) throw notSupported(`a query that reads more than ${MAX_READ} rows`)
}

/** Finds the few rows that the entity's own filters can hold for at all, by an index. */
function indexed(root: Source, filters: readonly FilterNode[]): readonly number[] | undefined {
  for (const { any, conditions, filters: inner } of filters) {
    if (any) continue
    for (const { attribute, entityName, operator, valueOf: other, values } of conditions) {
      const id = asGuid(values[0] ?? '')
      if (operator !== 'eq' || entityName || other !== undefined || !id) continue
      const column = columnOf(root, attribute)
      if (column.storage === 'reference') return root.rows.related(column, id)
      if (column !== root.table.id) continue
      const slot = root.rows.slotOf(id)
      return slot === undefined ? [] : [slot]
    }
    const found = indexed(root, inner)
    if (found) return found
  }
  return undefined
}
