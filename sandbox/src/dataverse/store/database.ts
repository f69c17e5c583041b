import type { Schema, Table } from '../schema/model.ts'
import { Journal } from './journal.ts'
import { Rows } from './rows.ts'

/** All rows of one organization, and the row version they share. */
export class Database {
  readonly schema: Schema
  readonly #rows: ReadonlyMap<string, Rows>
  readonly #newId: () => string
  readonly #journal = new Journal()
  #version = 1_000_000

  constructor(schema: Schema, newId: () => string) {
    this.schema = schema
    this.#newId = newId
    this.#rows = new Map(
      [...schema.tables.values()].map((table) => [table.name, new Rows(table, this.#journal)]),
    )
  }

  rows(table: Table | string): Rows {
    const name = typeof table === 'string' ? table : table.name
    const rows = this.#rows.get(name)
    if (!rows) throw new Error(`the sandbox has no table '${name}'`)
    return rows
  }

  /** Runs work whose changes of rows are all taken back when it throws. */
  atomically<T>(work: () => T): T {
    return this.#journal.atomically(work)
  }

  newId(): string {
    return this.#newId()
  }

  /** The next row version: rises with every write in the organization. */
  nextVersion(): number {
    this.#version += 1
    return this.#version
  }

  get version(): number {
    return this.#version
  }
}
