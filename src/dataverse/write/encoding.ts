import type { Json } from '../../kernel/index.ts'
import type { TableDefinition } from '../metadata/table.ts'
import { shownText } from '../shown-text.ts'
import type { RowProblem } from './invalid-row.ts'
import type { KnownTables } from './known-tables.ts'
import { Refusal } from './values/refusal.ts'

/**
 * A row as a person or program gives it: values by column, lookups as ids, keys or `{ table, id }`,
 * choices by number or label, nested rows for a deep insert. What the client itself read can be given
 * back: annotations are passed over.
 */
export type InputRow = Readonly<Record<string, unknown>>

/** What a row is written for. */
export type WritePurpose = 'create' | 'update' | 'upsert'

/** What is to be done with columns that cannot be written as they are. */
export interface EncodingChoices {
  /** Columns that cannot be written, as rows that were read have them. @defaultValue `'refuse'` */
  readonly readOnlyColumns?: 'refuse' | 'skip'
  /** Columns that the definition does not know, which may be newer than it. @defaultValue `'refuse'` */
  readonly unknownColumns?: 'pass' | 'refuse'
}

/** One row on its way to the wire. */
export interface Encoding {
  readonly row: InputRow
  readonly body: Record<string, Json>
  /** Stands before the names in problems: empty, or the way to a nested row and a point. */
  readonly path: string
  readonly problems: RowProblem[]
  /** The primary id, where it names the row and is not part of the body. */
  id?: string
}

/** Writes one value of a row into its body. */
export type EncodeField = (value: unknown, encoding: Encoding, name: string) => void

/** What the encoders of one table share. */
export interface EncodingContext {
  readonly table: TableDefinition
  readonly tables: KnownTables
  readonly purpose: WritePurpose
  readonly readOnlyColumns: 'refuse' | 'skip'
  readonly unknownColumns: 'pass' | 'refuse'
  /** The definition of another table; what is not at hand is remembered as wanted. */
  definition(logicalName: string): TableDefinition | undefined
  /** Encodes a row of another table, which is created along; `undefined` where its table is not at hand. */
  nested(table: string, row: InputRow, path: string, problems: RowProblem[]): Json | undefined
}

/** Puts a value into the body, or why it cannot be written among the problems. */
export function put(encoding: Encoding, name: string, value: Json | Refusal): void {
  if (value instanceof Refusal) report(encoding, name, value)
  else encoding.body[name] = value
}

const MOST_SHOWN = 200

/** Notes what is wrong with one value. */
export function report(
  { path, problems }: Pick<Encoding, 'path' | 'problems'>,
  name: string,
  { problem, remedy }: Refusal,
): void {
  problems.push({ column: `${path}${shownText(name, MOST_SHOWN)}`, problem, remedy })
}
