import type { Column } from '../schema/model.ts'
import type { Database } from '../store/database.ts'
import type { Rows } from '../store/rows.ts'
import type { Message } from './event.ts'

/** Where a webhook is sent, as its row in `serviceendpoints` says. */
export interface Endpoint {
  readonly url: string
  readonly authType: number | null
  readonly authValue: string
}

/** A registered step that sends a webhook. */
export interface Step {
  readonly id: string
  readonly name: string
  readonly isSync: boolean
  readonly stage: number
  /** Whether the system job goes when it has succeeded. */
  readonly autoDelete: boolean
  readonly endpoint: Endpoint
}

const STEPS = 'sdkmessageprocessingstep'
/** The `contract` of a service endpoint that is a webhook. */
export const WEBHOOK = 8

/** The enabled steps of a message on a table, in their order; an update concerns those of its columns. */
export function stepsOf(
  database: Database,
  message: Message,
  table: string,
  changed: Iterable<Column> | undefined,
): readonly Step[] {
  if (database.sizeOf(STEPS) === 0) return []
  const reader = new StepReader(database)
  const names = changed && new Set([...changed].map(({ name }) => name))
  return [...database.rows(STEPS).slotsAfter(undefined)]
    .filter((slot) => reader.concerns(slot, message, table, names))
    .sort((a, b) => reader.rank(a) - reader.rank(b))
    .flatMap((slot) => reader.step(slot) ?? [])
}

/** Whether any enabled step has to succeed before its write does. */
export function hasSyncSteps(database: Database): boolean {
  if (database.sizeOf(STEPS) === 0) return false
  const reader = new StepReader(database)
  return [...database.rows(STEPS).slotsAfter(undefined)].some((slot) => reader.isSync(slot))
}

class StepReader {
  readonly #database: Database
  readonly #rows: Rows

  constructor(database: Database) {
    this.#database = database
    this.#rows = database.rows(STEPS)
  }

  isSync(slot: number): boolean {
    return this.#number(slot, 'mode') === 0 && this.#number(slot, 'statecode') !== 1
  }

  rank(slot: number): number {
    return this.#number(slot, 'rank') ?? 1
  }

  concerns(
    slot: number,
    message: Message,
    table: string,
    names: ReadonlySet<string> | undefined,
  ): boolean {
    if (this.#number(slot, 'statecode') === 1) return false
    if (this.#related(slot, 'sdkmessageid', 'name') !== message) return false
    const filter = this.#related(slot, 'sdkmessagefilterid', 'primaryobjecttypecode')
    if (typeof filter === 'string' && filter !== table) return false
    const filtering = this.#text(slot, 'filteringattributes')
    if (message !== 'Update' || filtering === null || !names) return true
    return filtering.split(',').some((name) => names.has(name.trim()))
  }

  step(slot: number): Step | undefined {
    const url = this.#related(slot, 'eventhandler', 'url')
    const contract = this.#related(slot, 'eventhandler', 'contract')
    if (typeof url !== 'string' || contract !== WEBHOOK) return undefined
    const authType = this.#related(slot, 'eventhandler', 'authtype')
    const authValue = this.#related(slot, 'eventhandler', 'authvalue')
    return {
      id: this.#rows.idOf(slot),
      name: this.#text(slot, 'name') ?? '',
      isSync: this.#number(slot, 'mode') === 0,
      stage: this.#number(slot, 'stage') ?? 40,
      autoDelete: this.#number(slot, 'asyncautodelete') === 1,
      endpoint: {
        url,
        authType: typeof authType === 'number' ? authType : null,
        authValue: typeof authValue === 'string' ? authValue : '',
      },
    }
  }

  #number(slot: number, name: string): number | null {
    const column = this.#rows.table.byName.get(name)
    return column ? this.#rows.number(slot, column) : null
  }

  #text(slot: number, name: string): string | null {
    const column = this.#rows.table.byName.get(name)
    return column ? this.#rows.text(slot, column) : null
  }

  /** A column of the row that a lookup leads to. */
  #related(slot: number, lookup: string, name: string): string | number | null {
    const column = this.#rows.table.byName.get(lookup)
    const reference = column && this.#rows.reference(slot, column)
    if (!reference || !this.#database.schema.tables.has(reference.table)) return null
    const rows = this.#database.rows(reference.table)
    const there = rows.slotOf(reference.id)
    const wanted = rows.table.byName.get(name)
    return there === undefined || !wanted ? null : rows.raw(there, wanted)
  }
}
