import type { Table } from '../schema/model.ts'
import type { Database } from '../store/database.ts'
import { relatedSlots, type Way } from '../store/related.ts'
import type { Rows } from '../store/rows.ts'
import { indexedCandidates } from './candidates.ts'
import { compileFilter, type Predicate } from './compile-filter.ts'
import { type Resume, readSkipToken } from './cookie.ts'
import type { Expression } from './expression.ts'
import { compareValues, parseOrder, type SortTerm, sortSlots } from './order.ts'
import { parseFilter } from './parse-filter.ts'
import type { Frame, Scope } from './scope.ts'

export const MAX_PAGE = 5000

/** The rows to choose from: a whole table, or those of one relationship of one row. */
export interface Origin {
  readonly table: Table
  readonly parent?: { readonly way: Way; readonly id: string }
}

export interface Search {
  readonly filter: string | undefined
  readonly orderby: string | undefined
  readonly skiptoken: string | undefined
  /** At most that many rows. */
  readonly limit: number
  /** Whether rows beyond the limit are looked for. */
  readonly count: boolean
}

export interface Found {
  readonly slots: readonly number[]
  readonly more: boolean
  /** All rows that match, counted up to one more than 5,000; undefined unless asked. */
  readonly total: number | undefined
  readonly page: number
  readonly terms: readonly SortTerm[]
}

/** Finds one page of rows. */
export function runSearch(scope: Scope, origin: Origin, search: Search): Found {
  const { database } = scope
  const rows = database.rows(origin.table)
  const expression = search.filter === undefined ? undefined : parseFilter(search.filter)
  const predicate = seen(scope, origin, expression && compileFilter(scope, expression))
  const terms = parseOrder(database, origin.table, search.orderby, scope.aliases)
  const resume =
    search.skiptoken === undefined ? undefined : readSkipToken(search.skiptoken, rows, terms)
  const candidates = candidatesOf(database, rows, origin, expression)
  if (terms.length === 0) return inIdOrder(rows, candidates, predicate, search, resume)
  const [term] = terms
  if (term && terms.length === 1 && !candidates && term.column.storage === 'number') {
    return inKeptOrder(rows, term, predicate, search, resume)
  }
  const matching = [...matches(candidates ?? rows.slotsAfter(undefined), predicate)]
  const rest = resume ? matching.filter((slot) => isAfter(rows, slot, terms, resume)) : matching
  return {
    slots: sortSlots(rows, rest, terms, search.limit),
    more: rest.length > search.limit,
    total: search.count ? Math.min(matching.length, MAX_PAGE + 1) : undefined,
    page: resume?.page ?? 1,
    terms,
  }
}

/** Leaves the rows out that the caller may not read. */
function seen(
  scope: Scope,
  { table }: Origin,
  predicate: Predicate | undefined,
): Predicate | undefined {
  const sees = scope.sees(table)
  if (!sees) return predicate
  return (frame) => sees(frame[0] ?? 0) && (!predicate || predicate(frame) === true)
}

/** Counts matching rows, up to one more than 5,000. */
export function countRows(scope: Scope, origin: Origin, filter: string | undefined): number {
  const found = runSearch(scope, origin, {
    filter,
    orderby: undefined,
    skiptoken: undefined,
    limit: 0,
    count: true,
  })
  return found.total ?? 0
}

/** All matching rows, each in a frame that the next one takes over. */
export function* matchingFrames(
  scope: Scope,
  origin: Origin,
  filter: string | undefined,
): Iterable<Frame> {
  const rows = scope.database.rows(origin.table)
  const expression = filter === undefined ? undefined : parseFilter(filter)
  const predicate = seen(scope, origin, expression && compileFilter(scope, expression))
  const candidates =
    candidatesOf(scope.database, rows, origin, expression) ?? rows.slotsAfter(undefined)
  const frame: Frame = []
  for (const slot of matches(candidates, predicate)) {
    frame[0] = slot
    yield frame
  }
}

function inIdOrder(
  rows: Rows,
  candidates: readonly number[] | undefined,
  predicate: Predicate | undefined,
  search: Search,
  resume: Resume | undefined,
): Found {
  const after = candidates
    ? candidates.filter((slot) => !resume || rows.isAfter(slot, resume.id))
    : rows.slotsAfter(resume?.id)
  const page = firstOf(matches(after, predicate), search.limit)
  const all = search.count ? (candidates ?? rows.slotsAfter(undefined)) : undefined
  const total = all && countUpToMost(matches(all, predicate))
  return { ...page, total, page: resume?.page ?? 1, terms: [] }
}

/** One column orders all rows: their order is kept from page to page, and read from the right place on. */
function inKeptOrder(
  rows: Rows,
  term: SortTerm,
  predicate: Predicate | undefined,
  search: Search,
  resume: Resume | undefined,
): Found {
  const ordered = rows.slotsBy(term.column, term.descending)
  const start = resume ? firstAfter(rows, ordered, term, resume) : 0
  const page = firstOf(matches(from(ordered, start), predicate), search.limit)
  const total = search.count ? countUpToMost(matches(ordered, predicate)) : undefined
  return { ...page, total, page: resume?.page ?? 1, terms: [term] }
}

function firstOf(found: Iterable<number>, limit: number): Pick<Found, 'slots' | 'more'> {
  const slots: number[] = []
  for (const slot of found) {
    if (slots.length === limit) return { slots, more: true }
    slots.push(slot)
  }
  return { slots, more: false }
}

/** Up to one more than can be told. */
function countUpToMost(found: Iterable<number>): number {
  let total = 0
  for (const _ of found) {
    total += 1
    if (total > MAX_PAGE) break
  }
  return total
}

function* from(slots: readonly number[], start: number): Iterable<number> {
  for (let place = start; place < slots.length; place += 1) yield slots[place] ?? 0
}

function firstAfter(
  rows: Rows,
  ordered: readonly number[],
  term: SortTerm,
  resume: Resume,
): number {
  let low = 0
  let high = ordered.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (isAfter(rows, ordered[middle] ?? 0, [term], resume)) high = middle
    else low = middle + 1
  }
  return low
}

function* matches(slots: Iterable<number>, predicate: Predicate | undefined): Iterable<number> {
  if (!predicate) {
    yield* slots
    return
  }
  const frame: Frame = []
  for (const slot of slots) {
    frame[0] = slot
    if (predicate(frame) === true) yield slot
  }
}

function candidatesOf(
  database: Database,
  rows: Rows,
  { parent }: Origin,
  filter: Expression | undefined,
): readonly number[] | undefined {
  if (parent) return relatedSlots(database, parent.way, parent.id)
  return filter && indexedCandidates(rows, filter)
}

/** Whether a row comes after the place where a page ended. */
export function isAfter(
  rows: Rows,
  slot: number,
  terms: readonly SortTerm[],
  resume: Resume,
): boolean {
  for (const [index, term] of terms.entries()) {
    const order = compareValues(term.value(slot), resume.values[index] ?? null, term.compareIds)
    if (order !== 0) return term.descending ? order < 0 : order > 0
  }
  return rows.isAfter(slot, resume.id)
}
