import type { CodedError } from '../../kernel/index.ts'
import type { DataverseError } from '../errors/dataverse-error.ts'
import type { EncodedRow } from '../write/row-encoder.ts'
import type { RowFate } from './outcome.ts'

/** What is done with the rows of a bulk write. */
export type BulkKind = 'create' | 'update' | 'upsert' | 'delete'

/** One row on its way. */
export interface BulkItem {
  readonly index: number
  readonly row: EncodedRow
  /** The row as it stands in a bulk message, as JSON. */
  readonly text: string
  /** What names the row, so that two writes of one row are never under way at once. */
  readonly identity: string
  /** Found by a keyed read before the write; `undefined` where none was made. */
  readonly exists?: boolean
}

/**
 * How a chunk is to be sent, always in one request: as one message, as several messages in a batch, each
 * row by itself in a batch; or only read again.
 */
export type ChunkManner = 'together' | 'parts' | 'each' | 'check'

/** Rows that are sent in one request. */
export interface Chunk {
  readonly items: readonly BulkItem[]
  readonly manner: ChunkManner
  /** How often it has failed in passing, or its answer was lost. */
  readonly tries: number
  /** An earlier answer was lost, so that it may have been written already. */
  readonly maybeWritten: boolean
  /** The refusal of the larger chunk that this is a part of. */
  readonly refused?: {
    readonly wording: string
    /** How many rows the whole work had written by then. */
    readonly written: number
  }
}

/** How one row came out of a request that tells of each. */
export type RowResult =
  | { readonly kind: 'done'; readonly fate: RowFate }
  | { readonly kind: 'refused'; readonly error: DataverseError }
  | { readonly kind: 'passing'; readonly error: DataverseError }
  | { readonly kind: 'missing' }
  | { readonly kind: 'lost'; readonly error: CodedError }

/** How a chunk came out. */
export type ChunkResult =
  /** All rows were written. */
  | { readonly kind: 'done'; readonly fates: readonly RowFate[] }
  /** Something is wrong with at least one row, and none was written. */
  | { readonly kind: 'refused'; readonly error: DataverseError }
  /** None was written, for a reason that passes. */
  | { readonly kind: 'passing'; readonly error: CodedError; readonly smaller: boolean }
  /** Nobody knows. */
  | { readonly kind: 'lost'; readonly error: CodedError; readonly smaller: boolean }
  /** Each row by itself, in order. */
  | { readonly kind: 'each'; readonly rows: readonly RowResult[] }
  /** Each of several messages by itself. */
  | { readonly kind: 'parts'; readonly parts: readonly PartResult[] }
  /** Going on makes no sense, for any row. */
  | { readonly kind: 'ended'; readonly error: unknown; readonly fate: RowFate }

/** How one message of several came out. */
export interface PartResult {
  readonly items: readonly BulkItem[]
  readonly result: ChunkResult
}
