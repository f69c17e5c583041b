import { badQuery, notSupported } from '../fault.ts'
import type { Column, Table } from '../schema/model.ts'
import type { Database } from '../store/database.ts'
import type { CompareIds } from '../store/id-sorting.ts'
import type { Rows } from '../store/rows.ts'
import { comparePlain, compareText, isPlain } from './collation.ts'
import type { List, Operand } from './expression.ts'
import { firstOf } from './first.ts'
import { splitNames } from './options.ts'
import { findProperty } from './scope.ts'

export type SortValue = string | number | null

/** One column of an order, and how a row's place in it is read. */
export interface SortTerm {
  readonly column: Column
  readonly descending: boolean
  /** Whether a choice is ordered by its label instead of its number. */
  readonly byLabel?: boolean
  /** Set where the values are ids. */
  readonly compareIds?: CompareIds | undefined
  value(slot: number): SortValue
}

/** Reads an `$orderby`; a parameter alias may stand for a column. */
export function parseOrder(
  database: Database,
  table: Table,
  text: string | undefined,
  aliases: ReadonlyMap<string, Operand | List> = new Map(),
): SortTerm[] {
  if (text === undefined) return []
  return splitNames(text).map((term) => {
    const [name, direction, ...rest] = term.split(/\s+/)
    const known = direction === undefined || direction === 'asc' || direction === 'desc'
    if (name === undefined || !known || rest.length > 0) {
      throw badQuery(`Syntax error at position ${name?.length ?? 0} in '${term}'.`)
    }
    if (name.includes('/')) throw notSupported('ordering by a column of a related row')
    const column = findProperty(database, table, unalias(name, aliases))
    return {
      column,
      descending: direction === 'desc',
      compareIds: sortsByIds(column) ? database.sorting.compare : undefined,
      value: sortReader(database, table, column),
    }
  })
}

function unalias(name: string, aliases: ReadonlyMap<string, Operand | List>): string {
  if (!name.startsWith('@')) return name
  const value = aliases.get(name)
  const [property] = value?.kind === 'path' ? value.segments : []
  if (property === undefined) throw badQuery(`The alias '${name}' in $orderby names no property.`)
  return property
}

/** Orders two places, ids by what compares them; null comes first, as in the database. */
export function compareValues(
  left: SortValue,
  right: SortValue,
  compareIds: CompareIds = compareText,
): number {
  if (left === right) return 0
  if (left === null) return -1
  if (right === null) return 1
  if (typeof left === 'string' && typeof right === 'string') return compareIds(left, right)
  return left < right ? -1 : 1
}

/** A value with what makes comparing it quick. */
export interface Place {
  readonly value: SortValue
  /** The value again, where it is text that needs no collator. */
  readonly plain: string | undefined
}

export function placeOf(value: SortValue): Place {
  return { value, plain: typeof value === 'string' && isPlain(value) ? value : undefined }
}

/** Orders two rows by their places; 0 where all of them are the same. */
export function comparePlaces(
  left: readonly Place[],
  right: readonly Place[],
  terms: readonly SortTerm[],
): number {
  for (let index = 0; index < terms.length; index += 1) {
    const one = left[index]
    const other = right[index]
    const term = terms[index]
    const order = one && other ? comparePlace(one, other, term?.compareIds) : 0
    if (order !== 0) return term?.descending ? -order : order
  }
  return 0
}

function comparePlace(left: Place, right: Place, compareIds: CompareIds | undefined): number {
  return compareIds || left.plain === undefined || right.plain === undefined
    ? compareValues(left.value, right.value, compareIds)
    : comparePlain(left.plain, right.plain)
}

/** The first rows by the terms, then by id, so that no two rows share a place; all when no count is given. */
export function sortSlots(
  rows: Rows,
  slots: readonly number[],
  terms: readonly SortTerm[],
  count: number = slots.length,
): number[] {
  const { compare } = rows.sorting
  const keyed = slots.map((slot) => ({
    slot,
    id: rows.idOf(slot),
    places: terms.map((term) => placeOf(term.value(slot))),
  }))
  const first = firstOf(
    keyed,
    count,
    (a, b) => comparePlaces(a.places, b.places, terms) || compare(a.id, b.id),
  )
  return first.map(({ slot }) => slot)
}

/** Whether a column is ordered by ids; lookups are ordered by names. */
export function sortsByIds({ edm, storage }: Column): boolean {
  return edm === 'Edm.Guid' && storage !== 'reference'
}

/** A lookup sorts by the name of the row it leads to. */
export function sortReader(
  database: Database,
  table: Table,
  column: Column,
): (slot: number) => SortValue {
  const rows = database.rows(table)
  if (column.storage !== 'reference') return (slot) => rows.raw(slot, column)
  return (slot) => {
    const reference = rows.reference(slot, column)
    return reference ? titleOf(database, reference) : null
  }
}

/** The primary name of a row, or null where the sandbox has no such row. */
export function titleOf(
  database: Database,
  reference: { table: string; id: string },
): string | null {
  const table = database.schema.tables.get(reference.table)
  if (!table?.title) return null
  const rows = database.rows(table)
  const slot = rows.slotOf(reference.id)
  return slot === undefined ? null : rows.text(slot, table.title)
}
