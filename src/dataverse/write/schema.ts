import type { Clock } from '../../kernel/index.ts'
import type { CallOptions } from '../call-options.ts'
import type { Metadata } from '../metadata/metadata.ts'
import type { TableDefinition, TableSummary } from '../metadata/table.ts'
import { waitFor } from '../wait-for.ts'
import type { EncodingChoices, WritePurpose } from './encoding.ts'
import { type KnownTables, knownTables } from './known-tables.ts'
import { type RowEncoder, rowEncoder } from './row-encoder.ts'

/** The definitions that writing needs, and the encoders made of them, for as long as they are good. */
export class Schema {
  readonly #metadata: Pick<Metadata, 'table' | 'tables'>
  readonly #clock: Clock
  #kept: { readonly until: number; readonly known: Promise<Known> } | undefined

  constructor(metadata: Pick<Metadata, 'table' | 'tables'>, clock: Clock) {
    this.#metadata = metadata
    this.#clock = clock
  }

  /** Finds a table by its logical name or entity set name. @throws DataverseError `unknown_table` */
  async table(name: string, options: CallOptions): Promise<TableSummary> {
    const { tables } = await this.#known(options)
    return tables.require(name)
  }

  /** All tables of the environment. */
  async tables(options: CallOptions): Promise<readonly TableSummary[]> {
    return (await this.#known(options)).tables.all
  }

  /** Reads a table's definition. @throws DataverseError `unknown_table` */
  async definition(name: string, options: CallOptions): Promise<TableDefinition> {
    const known = await this.#known(options)
    return this.#load(known, known.tables.require(name).logicalName, options)
  }

  /**
   * Does something with an encoder, again once the definitions that it asked for are there. What rows
   * refer to by key, or create along, tells which those are.
   */
  async encode<Result>(
    name: string,
    choices: EncodingChoices & { readonly purpose: WritePurpose },
    encode: (encoder: RowEncoder) => Result,
    options: CallOptions,
  ): Promise<Result> {
    const known = await this.#known(options)
    const table = await this.#load(known, known.tables.require(name).logicalName, options)
    while (true) {
      const encoder = encoderOf(known, table, choices)
      const attempt = tried(() => encode(encoder))
      const wanted = [...encoder.wanted].filter((one) => !known.definitions.has(one))
      if (wanted.length === 0) return attempt()
      await Promise.all(wanted.map((one) => this.#load(known, one, options)))
    }
  }

  #known(options: CallOptions): Promise<Known> {
    const kept = this.#kept
    if (kept !== undefined && kept.until > this.#clock.now())
      return waitFor(kept.known, DEFINITION, options, this.#clock)
    // Many calls share it, so that none of them may call it off for the others.
    const known = this.#metadata.tables(shared(options)).then(makeKnown)
    this.#kept = { until: this.#clock.now() + GOOD_FOR_MS, known }
    known.catch(() => {
      if (this.#kept?.known === known) this.#kept = undefined
    })
    return waitFor(known, DEFINITION, options, this.#clock)
  }

  #load(known: Known, logicalName: string, options: CallOptions): Promise<TableDefinition> {
    const found = known.loading.get(logicalName)
    if (found !== undefined) return waitFor(found, DEFINITION, options, this.#clock)
    const loading = this.#metadata.table(logicalName, shared(options)).then((definition) => {
      known.definitions.set(logicalName, definition)
      return definition
    })
    known.loading.set(logicalName, loading)
    loading.catch(() => known.loading.delete(logicalName))
    return waitFor(loading, DEFINITION, options, this.#clock)
  }
}

const DEFINITION = 'the definition of its table'
const GOOD_FOR_MS = 60_000

interface Known {
  readonly tables: KnownTables
  readonly loading: Map<string, Promise<TableDefinition>>
  readonly definitions: Map<string, TableDefinition>
  readonly encoders: Map<string, RowEncoder>
}

function makeKnown(summaries: readonly TableSummary[]): Known {
  const definitions = new Map<string, TableDefinition>()
  const all = knownTables(summaries)
  const tables = { ...all, definition: (name: string) => definitions.get(name) }
  return { tables, loading: new Map(), definitions, encoders: new Map() }
}

function encoderOf(
  { encoders, tables }: Known,
  table: TableDefinition,
  choices: EncodingChoices & { readonly purpose: WritePurpose },
): RowEncoder {
  const id = JSON.stringify([table.logicalName, choices])
  const found = encoders.get(id)
  if (found !== undefined) return found
  const made = rowEncoder(table, { ...choices, tables })
  encoders.set(id, made)
  return made
}

function tried<Result>(run: () => Result): () => Result {
  try {
    const result = run()
    return () => result
  } catch (error) {
    return () => {
      throw error
    }
  }
}

function shared({ timeoutMs }: CallOptions): CallOptions {
  return timeoutMs === undefined ? {} : { timeoutMs }
}
