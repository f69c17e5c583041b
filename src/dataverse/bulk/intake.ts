import type { Random } from '../../kernel/index.ts'
import type { CallOptions } from '../call-options.ts'
import { DataverseError } from '../errors/dataverse-error.ts'
import type { Metadata } from '../metadata/metadata.ts'
import type { TableDefinition } from '../metadata/table.ts'
import type { InputRow } from '../write/encoding.ts'
import { InvalidRow, requireRow } from '../write/invalid-row.ts'
import { knownTables } from '../write/known-tables.ts'
import {
  bulkTarget,
  type EncodedRow,
  type RowEncoder,
  type RowEncoderOptions,
  rowEncoder,
} from '../write/row-encoder.ts'
import type { BulkItem, BulkKind } from './chunk.ts'
import { identityOf } from './known-rows.ts'
import { type RowFate, rejectionOf } from './outcome.ts'

/** A row to be written; to delete one, its id is enough. */
export type BulkRow = InputRow | string

/** Takes rows apart, each on its own. */
export interface Intake {
  readonly table: TableDefinition
  readonly entitySetName: string
  /** A row ready to be sent, or why it cannot be. */
  take(row: BulkRow, index: number): Promise<BulkItem | RowFate>
}

/** What rows are taken apart by. */
export interface IntakeOptions
  extends CallOptions,
    Pick<RowEncoderOptions, 'key' | 'readOnlyColumns' | 'unknownColumns'> {}

/** Reads the definitions and prepares the intake of one table's rows. @throws DataverseError `unknown_table` */
export async function createIntake(
  { metadata, random }: { readonly metadata: Metadata; readonly random: Random },
  kind: BulkKind,
  name: string,
  options: IntakeOptions,
): Promise<Intake> {
  const call = options.signal === undefined ? {} : { signal: options.signal }
  const tables = await metadata.tables(call)
  const { logicalName } = knownTables(tables).require(name)
  const table = await metadata.table(logicalName, call)
  if (table.entitySetName === undefined) throw withoutSet(logicalName)
  const definitions = new Map([[logicalName, table]])
  const make = (): RowEncoder =>
    rowEncoder(table, {
      ...known(options),
      purpose: kind === 'delete' ? 'update' : kind,
      tables: knownTables(tables, [...definitions.values()]),
    })
  let encoder = make()
  /** Reads the definitions that rows have asked for; tells whether there were any. */
  const learn = async () => {
    const wanted = [...encoder.wanted].filter((one) => !definitions.has(one))
    for (const one of wanted) definitions.set(one, await metadata.table(one, call))
    if (wanted.length > 0) encoder = make()
    return wanted.length > 0
  }
  const encode = async (row: InputRow): Promise<EncodedRow> => {
    try {
      return encoder.encode(row)
    } catch (error) {
      if (!(error instanceof InvalidRow) || !(await learn())) throw error
      return encoder.encode(row)
    }
  }
  return {
    table,
    entitySetName: table.entitySetName,
    take: async (given, index) => {
      try {
        const row = typeof given === 'string' ? { [table.primaryIdColumn ?? 'id']: given } : given
        requireRow(logicalName, row)
        const encoded = await encode(kind === 'delete' ? keyOnly(row, table, options.key) : row)
        if (isNamedTwice(encoded)) return namedTwice(table)
        return itemOf(kind, table, withId(kind, encoded, table, random), index)
      } catch (error) {
        if (!(error instanceof InvalidRow)) throw error
        return rejectionOf(error, undefined)
      }
    },
  }
}

function known({ key, readOnlyColumns, unknownColumns }: IntakeOptions) {
  return {
    ...(key === undefined ? {} : { key }),
    ...(readOnlyColumns === undefined ? {} : { readOnlyColumns }),
    ...(unknownColumns === undefined ? {} : { unknownColumns }),
  }
}

// Of a row that is to be deleted only its name matters.
function keyOnly(row: InputRow, table: TableDefinition, key: IntakeOptions['key']): InputRow {
  const named = table.keys.find((one) => one.logicalName === key)?.columns
  const columns = new Set(
    named ?? (key === undefined ? [table.primaryIdColumn ?? 'id'] : [key].flat()),
  )
  return Object.fromEntries(
    Object.entries(row).filter(([name]) => columns.has(name) || columns.has(name.slice(1, -6))),
  )
}

/** Whether a row has an id beside the alternate key that names it. */
function isNamedTwice({ id, key }: EncodedRow): boolean {
  return id !== undefined && key !== undefined && key !== `(${id})`
}

// The two may be of two rows: then nobody could tell which is meant, nor which others are the same.
function namedTwice({ logicalName, primaryIdColumn = 'id' }: TableDefinition): RowFate {
  return {
    status: 'rejected',
    code: 'invalid_row',
    column: primaryIdColumn,
    reason: `The row of ${logicalName} is named twice: by its id, and by the alternate key.`,
    remedy: `Leave ${primaryIdColumn} out, or write the rows by it instead of by the key.`,
  }
}

// A new row is given its id here, so that it can be looked for if the answer is lost.
function withId(
  kind: BulkKind,
  encoded: EncodedRow,
  { primaryIdColumn }: TableDefinition,
  random: Random,
): EncodedRow {
  if (kind !== 'create' || primaryIdColumn === undefined || encoded.id !== undefined) return encoded
  const { [primaryIdColumn]: given, ...body } = encoded.body
  return { body, id: typeof given === 'string' ? given : random.id() }
}

function itemOf(kind: BulkKind, table: TableDefinition, row: EncodedRow, index: number): BulkItem {
  const key = row.key ?? (row.id === undefined ? undefined : `(${row.id})`)
  return {
    index,
    row,
    text: kind === 'delete' ? '' : JSON.stringify(bulkTarget(table, row)),
    identity: key === undefined ? `row ${index}` : identityOf(key, table.primaryIdColumn),
  }
}

function withoutSet(table: string): DataverseError {
  return new DataverseError('not_supported', {
    what: `Rows of ${table} cannot be written: the table has no entity set.`,
    why: 'The Web API gives some of the service’s own tables no address.',
    remedy: 'Write to a table that has an entity set name.',
    facts: { table },
  })
}
