import type { Column } from '../schema/model.ts'
import type { IdSorting } from './id-sorting.ts'

/** One order of all rows, good as long as none of them changes and ids are sorted as they were. */
interface Order {
  readonly column: Column
  readonly descending: boolean
  readonly changes: number
  readonly sorting: IdSorting
  readonly slots: readonly number[]
}

/** What an order is made of. */
export interface Sortable {
  /** Counts changes of the rows. */
  readonly changes: number
  readonly sorting: IdSorting
  /** All rows in the order of their ids. */
  slots(): Iterable<number>
  number(slot: number): number | null
}

const MOST = 3

/**
 * Keeps the last few orders by a column of numbers or times: whoever reads a table page by page would
 * otherwise sort all of it for every page.
 */
export class SortedSlots {
  #orders: readonly Order[] = []

  /** All rows by the column, nothing first, then by id; all but the ids turned round when descending. */
  by(column: Column, descending: boolean, rows: Sortable): readonly number[] {
    const { changes, sorting } = rows
    const fresh = this.#orders.filter(
      (order) => order.changes === changes && order.sorting === sorting,
    )
    const known = fresh.find((one) => one.column === column && one.descending === descending)
    if (known) return known.slots
    const slots = sort(rows, descending)
    this.#orders = [{ column, descending, changes, sorting, slots }, ...fresh].slice(0, MOST)
    return slots
  }
}

function sort(rows: Sortable, descending: boolean): readonly number[] {
  const slots = [...rows.slots()]
  const values = Float64Array.from(slots, (slot) => rows.number(slot) ?? Number.NEGATIVE_INFINITY)
  const places = Uint32Array.from(slots, (_, place) => place)
  const sign = descending ? -1 : 1
  // The places are those of the ids, so that they settle what the values leave open.
  places.sort((a, b) => {
    const [one = 0, other = 0] = [values[a], values[b]]
    return one === other ? a - b : one < other ? -sign : sign
  })
  return Array.from(places, (place) => slots[place] ?? 0)
}
