import type { Clock, Random } from '../../kernel/index.ts'
import { TransportError } from '../../transport/index.ts'
import { invalidArgument } from '../errors/dataverse-error.ts'
import type { Limits } from '../limits/limits.ts'
import type { Metadata } from '../metadata/metadata.ts'
import type { Session } from '../session.ts'
import type { InputRow } from '../write/encoding.ts'
import type { RowEncoderOptions } from '../write/row-encoder.ts'
import type { BulkKind } from './chunk.ts'
import { type BulkRow, createIntake } from './intake.ts'
import type { MultipleMessages } from './multiple-messages.ts'
import type { BulkOutcome } from './outcome.ts'
import { endOf, Run, type RunParts } from './run.ts'
import { type ChunkLimits, Sizer } from './sizer.ts'
import type { Stopwatch } from './stopwatch.ts'

/** How to write many rows. */
export interface BulkOptions
  extends Pick<RowEncoderOptions, 'key' | 'readOnlyColumns' | 'unknownColumns'> {
  /** Passes over so many rows of the source: the `checkpoint` of the last outcome, to go on from there. */
  readonly skip?: number
  readonly chunk?: ChunkLimits
  /** Requests under way at once, below what the limits allow. */
  readonly parallel?: number
  /** The most that the whole work may take, in ms. */
  readonly deadlineMs?: number
  readonly signal?: AbortSignal
}

/** How to upsert many rows. */
export interface BulkUpsertOptions extends BulkOptions {
  /**
   * Tells `created`, `updated` and `unchanged` apart by one keyed read for each chunk, and leaves rows
   * alone that hold the values already.
   */
  readonly distinguish?: boolean
}

type Rows<Row> = AsyncIterable<Row> | Iterable<Row>
type Outcomes = AsyncGenerator<BulkOutcome, void, undefined>

/**
 * Writes many rows, with an outcome for every single one.
 *
 * Outcomes come as they are known, not in the order of the rows. Memory does not grow with their
 * number: rows are read as outcomes are taken. Two rows of the same key are written one after the
 * other. Whoever stops taking outcomes ends the work.
 */
export interface Bulk {
  /**
   * Creates or updates rows by their ids, or by an alternate key. `table` is a logical name.
   *
   * @example
   * ```ts
   * import type { DataverseClient } from 'fairlead/dataverse'
   *
   * declare const client: DataverseClient
   * declare const rows: AsyncIterable<{ readonly accountnumber: string; readonly name: string }>
   *
   * for await (const outcome of client.bulk.upsert('account', rows, { key: 'accountnumber' })) {
   *   if (outcome.status === 'rejected') console.log(outcome.index, outcome.column, outcome.reason)
   * }
   * ```
   * @throws DataverseError `unknown_table`, `invalid_argument`, `unauthorized`
   * @throws TransportError `aborted`, or `timeout` past `deadlineMs`, after the outcomes of all rows that were taken
   */
  upsert(table: string, rows: Rows<InputRow>, options?: BulkUpsertOptions): Outcomes
  /** Creates rows; each is given an id here, so that a lost answer does not create it twice. */
  create(table: string, rows: Rows<InputRow>, options?: Omit<BulkOptions, 'key'>): Outcomes
  /** Updates rows that exist. */
  update(table: string, rows: Rows<InputRow>, options?: BulkOptions): Outcomes
  /** Deletes rows, given as ids or as rows that hold the key. */
  delete(table: string, rows: Rows<BulkRow>, options?: BulkOptions): Outcomes
}

/** What bulk writes are made of. */
export interface BulkParts {
  readonly session: Session
  readonly metadata: Metadata
  readonly multiple: MultipleMessages
  readonly limits: Limits
  readonly stopwatch: Stopwatch
  readonly clock: Clock
  readonly random: Random
}

const MOST_BYTES = 8 * 1024 * 1024
const MOST_ROWS = 1_000

/** Makes the bulk writes of a client. */
export function createBulk(parts: BulkParts): Bulk {
  return {
    upsert: (table, rows, options = {}) => write(parts, 'upsert', table, rows, options),
    create: (table, rows, options = {}) => write(parts, 'create', table, rows, options),
    update: (table, rows, options = {}) => write(parts, 'update', table, rows, options),
    delete: (table, rows, options = {}) => write(parts, 'delete', table, rows, options),
  }
}

async function* write(
  parts: BulkParts,
  kind: BulkKind,
  name: string,
  rows: Rows<BulkRow>,
  options: BulkUpsertOptions,
): Outcomes {
  check(rows, options)
  const stop = stopper(parts.clock, options)
  try {
    const prepared = await prepare(parts, kind, name, options, stop).catch((error) => {
      throw endOf(stop.signal, error)
    })
    yield* new Run(rows, prepared).outcomes()
  } finally {
    stop.abort()
  }
}

/** Reads the definitions, and asks whether the table takes many rows in one message. */
async function prepare(
  parts: BulkParts,
  kind: BulkKind,
  name: string,
  options: BulkUpsertOptions,
  stop: AbortController,
): Promise<RunParts> {
  const { chunk = {}, skip = 0, parallel = Number.POSITIVE_INFINITY } = options
  const { session } = parts
  const { signal } = stop
  const intake = await createIntake(parts, kind, name, { ...options, signal })
  const { table, entitySetName } = intake
  const multiple = await parts.multiple.takes(table.logicalName, kind, signal)
  const mostRows = Math.min(chunk.mostRows ?? MOST_ROWS, MOST_ROWS)
  return {
    ...parts,
    target: { session, table, entitySetName, kind, multiple },
    intake,
    sizer: new Sizer({ ...chunk, mostRows }, chunk.targetMs ?? targetOf(parts.limits)),
    distinguish: kind === 'upsert' && options.distinguish === true,
    skip,
    mostBytes: chunk.mostBytes ?? MOST_BYTES,
    mostChunks: parallel,
    stop,
  }
}

/**
 * How long a chunk should take: long enough for the number of requests never to be what holds the work
 * back, with room for the small requests of searching, and short beside the window.
 */
function targetOf({ figures: { windowMs, serverMs, requests } }: Limits): number {
  return Math.max((1.6 * serverMs) / requests, windowMs / 150)
}

function stopper(
  clock: Clock,
  { signal, deadlineMs }: Pick<BulkOptions, 'signal' | 'deadlineMs'>,
): AbortController {
  const stop = new AbortController()
  const end = () => stop.abort(signal?.reason)
  signal?.addEventListener('abort', end, { once: true, signal: stop.signal })
  if (signal?.aborted) end()
  if (deadlineMs !== undefined) {
    clock.sleep(deadlineMs, stop.signal).then(
      () => stop.abort(pastDeadline(deadlineMs)),
      () => undefined,
    )
  }
  return stop
}

function pastDeadline(deadlineMs: number): TransportError {
  return new TransportError('timeout', {
    what: `The bulk write took longer than the ${deadlineMs} ms that it was given.`,
    why: 'Its deadline passed; every row that was taken has its outcome.',
    remedy: 'Go on from the last checkpoint, or allow more time.',
    retry: { when: 'later' },
    facts: { deadlineMs },
  })
}

function check(rows: Rows<BulkRow>, options: BulkUpsertOptions): void {
  const { skip = 0, parallel = 1, deadlineMs = 1, chunk = {} } = options
  const source: unknown = rows
  if (
    !(source instanceof Object && (Symbol.asyncIterator in source || Symbol.iterator in source))
  ) {
    throw invalidArgument('rows', 'they are no list', 'Give an array, or another iterable of rows.')
  }
  const { rows: first = 1, mostRows = 1, mostBytes = 1, targetMs = 1 } = chunk
  const least = { parallel, deadlineMs, rows: first, mostRows, mostBytes, targetMs }
  for (const [field, value] of Object.entries(least)) {
    if (value >= 1) continue
    throw invalidArgument(field, 'it is not a number from 1 on', 'Give such a number.')
  }
  if (Number.isInteger(skip) && skip >= 0) return
  throw invalidArgument('skip', 'it is not a number of rows', 'Give a checkpoint of before.')
}
