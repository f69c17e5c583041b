import type { AlternateKey, Column, Table } from '../schema/model.ts'
import { NumberCells, TargetCells, TextCells } from './cells.ts'
import type { Contents } from './contents.ts'
import type { IdSorting } from './id-sorting.ts'
import type { Journal } from './journal.ts'
import { KeySlots } from './key-slots.ts'
import { SortedIds } from './sorted-ids.ts'
import { SortedSlots } from './sorted-slots.ts'
import type { Reference, Value } from './value.ts'

export type { Reference, Value } from './value.ts'

/** The rows of one table, column by column; a slot is a row's place, never used twice. */
export class Rows {
  readonly table: Table
  readonly #cells: (NumberCells | TextCells | undefined)[] = []
  readonly #targets = new Map<number, TargetCells>()
  readonly #slots = new Map<string, number>()
  readonly #order: SortedIds
  readonly #sorting: () => IdSorting
  readonly #sorted = new SortedSlots()
  readonly #keys: KeySlots
  readonly #related = new Map<Column, Map<string, Set<number>>>()
  readonly #journal: Journal
  readonly #contents: Contents
  #copy: { rows: Rows; columns: ReadonlyMap<Column, Column | undefined> } | undefined
  #next = 0
  #changes = 0

  constructor(table: Table, journal: Journal, contents: Contents, sorting: () => IdSorting) {
    this.table = table
    this.#sorting = sorting
    this.#order = new SortedIds(sorting)
    this.#contents = contents
    this.#journal = journal
    for (const column of table.columns) {
      if (column.targets.length > 1) this.#targets.set(column.index, new TargetCells())
    }
    this.#keys = new KeySlots(table.keys, (slot, column) => this.raw(slot, column))
  }

  get size(): number {
    return this.#slots.size
  }

  /** Counts every change, so that what was derived from the rows can be told to be stale. */
  get changes(): number {
    return this.#changes
  }

  /** How ids are ordered in this organization now. */
  get sorting(): IdSorting {
    return this.#sorting()
  }

  slotOf(id: string): number | undefined {
    return this.#slots.get(id)
  }

  idOf(slot: number): string {
    return this.text(slot, this.table.id) ?? ''
  }

  number(slot: number, column: Column): number | null {
    const value = this.#cells[column.index]?.get(slot)
    return typeof value === 'number' ? value : null
  }

  /** Makes a reader of one column, faster where many rows are read at once. */
  numbersOf(column: Column): (slot: number) => number | null {
    const cells = this.#cells[column.index]
    return cells instanceof NumberCells ? (slot) => cells.get(slot) : () => null
  }

  /** Makes a reader of one column of text or ids; images are read as base64. */
  textsOf(column: Column): (slot: number) => string | null {
    const cells = this.#cells[column.index]
    if (column.type === 'Image') return (slot) => this.#image(cells?.get(slot))
    return cells instanceof TextCells ? (slot) => cells.get(slot) : () => null
  }

  #image(id: unknown): string | null {
    const content = typeof id === 'string' ? this.#contents.get(id) : undefined
    return content?.bytes.toString('base64') ?? null
  }

  /** Text, or the id that a lookup holds. */
  text(slot: number, column: Column): string | null {
    const value = this.#cells[column.index]?.get(slot)
    return typeof value === 'string' ? value : null
  }

  raw(slot: number, column: Column): number | string | null {
    return this.#cells[column.index]?.get(slot) ?? null
  }

  /** What a write would have to say to set it again. */
  value(slot: number, column: Column): Value {
    return column.storage === 'reference' ? this.reference(slot, column) : this.raw(slot, column)
  }

  reference(slot: number, column: Column): Reference | null {
    const id = this.text(slot, column)
    return id === null ? null : { id, table: this.target(slot, column) }
  }

  /** The table that this row's lookup leads to. */
  target(slot: number, column: Column): string {
    const position = this.#targets.get(column.index)?.get(slot) ?? 0
    return column.targets[position] ?? ''
  }

  /** Adds a row; a later group of values wins over an earlier one. */
  insert(id: string, ...groups: readonly ReadonlyMap<Column, Value>[]): number {
    const slot = this.#next
    this.#next += 1
    this.#place(slot, id, groups)
    if (this.#journal.open) this.#journal.note(() => this.remove(slot))
    return slot
  }

  #place(slot: number, id: string, groups: readonly ReadonlyMap<Column, Value>[]): void {
    this.#slots.set(id, slot)
    this.#order.add(id, slot)
    this.#write(slot, this.table.id, id)
    for (const values of groups) {
      for (const [column, value] of values) this.#write(slot, column, value)
    }
    this.#keys.place(slot)
    this.#changes += 1
    this.#copyRow(id, groups)
  }

  update(slot: number, values: ReadonlyMap<Column, Value>): void {
    if (this.#journal.open) {
      const old = this.#values(slot, values.keys())
      this.#journal.note(() => this.update(slot, old))
    }
    this.#keys.follow(slot, () => {
      for (const [column, value] of values) this.#write(slot, column, value)
    })
    this.#changes += 1
    const copied = this.#copy?.rows.slotOf(this.idOf(slot))
    if (copied !== undefined) this.#copy?.rows.update(copied, this.#copied(values))
  }

  remove(slot: number): void {
    const id = this.idOf(slot)
    if (this.#journal.open) {
      const old = this.#values(slot, this.table.columns)
      this.#journal.note(() => this.#place(slot, id, [old]))
    }
    this.#keys.remove(slot)
    for (const column of this.table.columns) this.#write(slot, column, null)
    this.#slots.delete(id)
    this.#order.delete(id)
    this.#copy?.rows.removeById(id)
    this.#changes += 1
  }

  /** Finds the row that has these values in an alternate key. */
  slotOfKey(key: AlternateKey, values: readonly Value[]): number | undefined {
    return this.#keys.find(key, values)
  }

  /** Finds rows by one more key from now on; false, and nothing done, when two rows share its values. */
  addKey(key: AlternateKey): boolean {
    return this.#keys.add(key, this.#slots.values())
  }

  removeKey(key: AlternateKey): void {
    this.#keys.drop(key)
  }

  /** All rows in the order of their ids, from the first after `id`. */
  slotsAfter(id: string | undefined): Iterable<number> {
    return this.#order.after(id)
  }

  /** Whether a row comes after an id, in the order of ids. */
  isAfter(slot: number, id: string): boolean {
    return this.sorting.compare(this.idOf(slot), id) > 0
  }

  /** All rows in the order of a column of numbers, then of their ids. */
  slotsBy(column: Column, descending: boolean): readonly number[] {
    return this.#sorted.by(column, descending, {
      changes: this.#changes,
      sorting: this.sorting,
      slots: () => this.#order.after(undefined),
      number: this.numbersOf(column),
    })
  }

  /** Rows whose lookup, or plain id column, holds this id, in the order of their ids. */
  related(column: Column, id: string): readonly number[] {
    const found = this.#index(column).get(id)
    const { compare } = this.sorting
    return found ? [...found].sort((a, b) => compare(this.idOf(a), this.idOf(b))) : []
  }

  #values(slot: number, columns: Iterable<Column>): Map<Column, Value> {
    const values = new Map<Column, Value>()
    for (const column of columns) values.set(column, this.value(slot, column))
    return values
  }

  /** Forgets the values of a column that is no longer there. */
  forget(column: Column): void {
    this.#cells[column.index] = undefined
    this.#related.delete(column)
  }

  /** Keeps a copy of every row, with the columns that the other table has too, in that table. */
  copyTo(rows: Rows): void {
    const columns = new Map(
      this.table.columns.map((column) => [column, rows.table.byName.get(column.name)] as const),
    )
    this.#copy = { rows, columns }
  }

  removeById(id: string): void {
    const slot = this.#slots.get(id)
    if (slot !== undefined) this.remove(slot)
  }

  #index(column: Column): Map<string, Set<number>> {
    const known = this.#related.get(column)
    if (known) return known
    const index = new Map<string, Set<number>>()
    this.#related.set(column, index)
    for (const slot of this.#slots.values()) this.#relate(column, slot, this.text(slot, column))
    return index
  }

  #relate(column: Column, slot: number, id: string | null): void {
    const index = this.#related.get(column)
    if (!index || id === null) return
    const slots = index.get(id)
    if (slots) slots.add(slot)
    else index.set(id, new Set([slot]))
  }

  #write(slot: number, column: Column, value: Value): void {
    if (value === null && this.#cells[column.index] === undefined) return
    const cells = this.#cellsOf(column)
    if (cells instanceof NumberCells) {
      cells.set(slot, typeof value === 'number' ? value : null)
    } else if (column.storage === 'reference') {
      const reference = typeof value === 'object' ? value : null
      this.#unrelate(column, slot)
      cells.set(slot, reference?.id ?? null)
      const position = reference ? column.targets.indexOf(reference.table) : 0
      this.#targets.get(column.index)?.set(slot, Math.max(0, position))
      this.#relate(column, slot, reference?.id ?? null)
    } else {
      const text = typeof value === 'string' ? value : null
      this.#unrelate(column, slot)
      cells.set(slot, text)
      this.#relate(column, slot, text)
    }
  }

  #cellsOf(column: Column): NumberCells | TextCells {
    const known = this.#cells[column.index]
    if (known) return known
    const cells = column.storage === 'number' ? new NumberCells() : new TextCells()
    // A hole in the list would slow down every access.
    while (this.#cells.length <= column.index) this.#cells.push(undefined)
    this.#cells[column.index] = cells
    return cells
  }

  /** A copy may be there already, where both tables are put back as they were. */
  #copyRow(id: string, groups: readonly ReadonlyMap<Column, Value>[]): void {
    if (!this.#copy) return
    const { rows } = this.#copy
    const copies = groups.map((values) => this.#copied(values))
    const there = rows.slotOf(id)
    if (there === undefined) rows.insert(id, ...copies)
    else for (const copy of copies) rows.update(there, copy)
  }

  #copied(values: ReadonlyMap<Column, Value>): Map<Column, Value> {
    const copied = new Map<Column, Value>()
    for (const [column, value] of values) {
      const there = this.#copy?.columns.get(column)
      if (there) copied.set(there, value)
    }
    return copied
  }

  #unrelate(column: Column, slot: number): void {
    const id = this.#related.has(column) ? this.text(slot, column) : null
    if (id !== null) this.#related.get(column)?.get(id)?.delete(slot)
  }
}
