import { Fault } from '../fault.ts'
import { Uploads } from '../files/uploads.ts'
import type { Column, Schema, Table } from '../schema/model.ts'
import { Contents } from './contents.ts'
import { type Grave, Graveyard, type Tombstone } from './graveyard.ts'
import type { IdSorting } from './id-sorting.ts'
import { Journal } from './journal.ts'
import { Rows } from './rows.ts'

/** The table whose rows are copies of those of all activities. */
const COPIES = 'activitypointer'

/** All rows of one organization, and the row version they share. */
export class Database {
  readonly schema: Schema
  readonly #rows = new Map<string, Rows>()
  readonly #newId: () => string
  readonly #sorting: () => IdSorting
  readonly #journal = new Journal()
  /** What file and image columns hold. */
  readonly contents = new Contents(this.#journal)
  readonly uploads = new Uploads(this.#journal, this.contents)
  readonly #graveyard = new Graveyard()
  #version = 1_000_000
  /** Ids that a rehearsal has given out, and those that its repetition is to give out again. */
  #given: string[] | undefined
  #again: string[] = []

  /** `sorting` is asked at every use, for it may change. */
  constructor(schema: Schema, newId: () => string, sorting: () => IdSorting) {
    this.schema = schema
    this.#newId = newId
    this.#sorting = sorting
  }

  /** The rows of a table; a schema may have hundreds of tables that nobody ever asks for. */
  rows(table: Table | string): Rows {
    const name = typeof table === 'string' ? table : table.name
    const known = this.#rows.get(name)
    if (known) return known
    const found = this.schema.tables.get(name)
    if (!found) throw new Error(`the sandbox has no table '${name}'`)
    // Copies follow their originals, which are taken back themselves.
    const journal = name === COPIES ? new Journal() : this.#journal
    const rows = new Rows(found, journal, this.contents, this.#sorting)
    this.#rows.set(name, rows)
    const base = found.base === COPIES && this.schema.tables.get(found.base)
    if (base) rows.copyTo(this.rows(base))
    return rows
  }

  /** How ids are ordered in this organization now. */
  get sorting(): IdSorting {
    return this.#sorting()
  }

  /** The tables that have been used, without the one that only copies others. */
  *used(): Iterable<Rows> {
    for (const [name, rows] of this.#rows) if (name !== COPIES) yield rows
  }

  graves(): ReadonlyMap<string, Grave> {
    return this.#graveyard.save()
  }

  restoreGraves(graves: ReadonlyMap<string, Grave>): void {
    this.#graveyard.restore(graves)
  }

  /** Runs work whose changes of rows are all taken back when it throws. */
  atomically<T>(work: () => T): T {
    return this.#journal.atomically(work)
  }

  /** How many rows a table has. */
  sizeOf(table: string): number {
    return this.#rows.get(table)?.size ?? 0
  }

  newId(): string {
    const id = this.#again.shift() ?? this.#newId()
    this.#given?.push(id)
    return id
  }

  /** Notes how something outside of the rows is taken back with them. */
  note(undo: () => void): void {
    this.#journal.note(undo)
  }

  /** Does work and takes all of it back; what is returned are the ids it was given. */
  rehearse(work: () => void): readonly string[] {
    const given: string[] = []
    this.#given = given
    try {
      this.atomically(() => {
        work()
        throw new RehearsalEnd()
      })
    } catch (error) {
      if (!(error instanceof RehearsalEnd) && !(error instanceof Fault)) throw error
    } finally {
      this.#given = undefined
    }
    return given
  }

  /** Does the work of a rehearsal, so that new rows get the same ids. */
  repeat<T>(ids: readonly string[], work: () => T): T {
    this.#again = [...ids]
    try {
      return work()
    } finally {
      this.#again = []
    }
  }

  /** The next row version: rises with every write in the organization. */
  nextVersion(): number {
    this.#version += 1
    return this.#version
  }

  /** Forgets a content, with the row of `fileattachment` that tells about it. */
  dropContent(id: string): void {
    this.contents.remove(id)
    if (!this.schema.tables.has('fileattachment')) return
    const slot = this.rows('fileattachment').slotOf(id)
    if (slot !== undefined) this.remove('fileattachment', slot)
  }

  /** Deletes a row, and remembers that for those who ask what has changed. */
  remove(table: string, slot: number): void {
    const rows = this.rows(table)
    const id = rows.idOf(slot)
    for (const column of contentColumns(rows.table)) {
      this.contents.remove(rows.text(slot, column) ?? '')
    }
    rows.remove(slot)
    this.#journal.note(this.#graveyard.add(table, { id, version: this.nextVersion() }))
  }

  /** Rows of a table deleted after a version; undefined when that is too long ago to be known. */
  deletedSince(table: string, version: number): readonly Tombstone[] | undefined {
    return this.#graveyard.since(table, version)
  }

  get version(): number {
    return this.#version
  }
}

class RehearsalEnd extends Error {}

/** The columns whose bytes are kept apart from the rows. */
function contentColumns({ columns }: Table): Column[] {
  return columns.filter(({ type }) => type === 'File' || type === 'Image')
}
