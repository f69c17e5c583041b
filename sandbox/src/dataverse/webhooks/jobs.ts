import type { Column } from '../schema/model.ts'
import { initial } from '../seed/insert.ts'
import type { Database } from '../store/database.ts'
import type { Value } from '../store/rows.ts'
import type { Notice } from './outbox.ts'
import type { Outcome } from './post.ts'

const TABLE = 'asyncoperation'
const MOST = 10_000
const SYSTEM_EVENT = 1
const IN_PROGRESS = { statecode: 2, statuscode: 20 }
const SUCCEEDED = { statecode: 3, statuscode: 30 }
const FAILED = { statecode: 3, statuscode: 31 }

/** Keeps the system jobs of asynchronous steps, where the schema has that table; the last 10,000. */
export class Jobs {
  readonly #database: Database
  readonly #now: () => number
  readonly #ids: string[] = []

  constructor(database: Database, now: () => number) {
    this.#database = database
    this.#now = now
  }

  /** Begins a job and gives its id. */
  begin({ step, row, correlation }: Notice): string {
    const id = this.#database.newId()
    const now = this.#time()
    this.#put(id, {
      name: step.name,
      operationtype: SYSTEM_EVENT,
      correlationid: correlation,
      owningextensionid: { table: 'sdkmessageprocessingstep', id: step.id },
      regardingobjectid: row,
      createdon: now,
      startedon: now,
      modifiedon: now,
      retrycount: 0,
      ...IN_PROGRESS,
    })
    this.#ids.push(id)
    const oldest = this.#ids.length > MOST ? this.#ids.shift() : undefined
    if (oldest !== undefined) this.#remove(oldest)
    return id
  }

  end(id: string, { step }: Notice, { attempts, failure }: Outcome): void {
    if (!failure && step.autoDelete) {
      this.#remove(id)
      return
    }
    const now = this.#time()
    this.#put(id, {
      completedon: now,
      modifiedon: now,
      retrycount: Math.max(0, attempts.length - 1),
      message: failure?.message ?? null,
      friendlymessage: failure?.message ?? null,
      // Codes are kept as the signed numbers that they are.
      errorcode: failure ? Number(failure.code) | 0 : null,
      ...(failure ? FAILED : SUCCEEDED),
    })
  }

  #time(): number {
    return Math.floor(this.#now() / 1000) * 1000
  }

  #put(id: string, facts: Readonly<Record<string, Value>>): void {
    const table = this.#database.schema.tables.get(TABLE)
    if (!table) return
    const rows = this.#database.rows(table)
    const slot = rows.slotOf(id)
    const values = new Map<Column, Value>(slot === undefined ? initial(table) : [])
    const version = this.#database.nextVersion()
    for (const [name, value] of Object.entries({ ...facts, versionnumber: version })) {
      const column = table.byName.get(name)
      if (column && fits(column, value)) values.set(column, value)
    }
    if (slot === undefined) rows.insert(id, values)
    else rows.update(slot, values)
  }

  #remove(id: string): void {
    if (!this.#database.schema.tables.has(TABLE)) return
    const slot = this.#database.rows(TABLE).slotOf(id)
    if (slot !== undefined) this.#database.remove(TABLE, slot)
  }
}

/** A lookup takes rows of its tables only. */
function fits(column: Column, value: Value): boolean {
  return typeof value !== 'object' || value === null || column.targets.includes(value.table)
}
