import {
  type Change,
  type ChangePage,
  type DataverseClient,
  literal,
  type Row,
  where,
} from '../../../dataverse/index.ts'
import { type Clock, CodedError, type Logger } from '../../../kernel/index.ts'
import type { ChangePlace } from './change-place.ts'
import { type LateRowsChoice, requiredInVain } from './late-rows-field.ts'
import { type PollRange, WINDOW_MS } from './poll.ts'

interface LateParts {
  readonly dataverse: DataverseClient
  readonly clock: Clock
  readonly logger: Logger
  readonly signal: AbortSignal
}

const IDS_AT_ONCE = 50
const MINUTE_MS = 60_000
const DAY_IN_MINUTES = 1_440

/** How much of the first pass over all ids an execution reads at least. */
export interface PassPace {
  readonly pages: number
  /** Ids per page. */
  readonly pageSize: number
}

const PACE: PassPace = { pages: 20, pageSize: 5_000 }

// The place is gone, and another has to be found.
const FORGOTTEN: ReadonlySet<string> = new Set([
  ...['tracking_expired', 'tracking_lost'],
  ...['bad_request', 'not_found', 'unsafe_link', 'invalid_argument'],
])
const REFUSED: ReadonlySet<string> = new Set(['tracking_disabled', 'forbidden'])

/**
 * Finds rows that no walk meets any more, since they became visible too late: they are among the changes
 * since the last execution, and stamped before where the walk has come to. To have a place in the changes
 * to go on from, all ids are passed over once.
 */
export class LateRows {
  readonly #range: PollRange
  readonly #required: boolean
  readonly #parts: LateParts
  readonly #pace: PassPace
  #place: ChangePlace | undefined
  #readAt: number | undefined
  #count = 0
  #latestMs = 0

  constructor(
    range: PollRange,
    choice: LateRowsChoice,
    place: ChangePlace | undefined,
    parts: LateParts,
    pace: PassPace = PACE,
  ) {
    this.#range = range
    this.#required = choice === 'require'
    this.#place = place
    this.#parts = parts
    this.#pace = pace
  }

  /** How far the changes have been read. */
  get place(): ChangePlace | undefined {
    return this.#place
  }

  /**
   * Whether a long walk has to stop and look for late rows: it must not settle times at which the changes
   * were not read yet, or what it puts out itself would be taken for late.
   */
  get due(): boolean {
    return this.#readAt !== undefined && this.#parts.clock.now() - this.#readAt >= WINDOW_MS
  }

  /** Reads what has changed, and gives of every page the rows that are stamped before `low`. */
  async *caught(low: number): AsyncGenerator<readonly Row[], void, undefined> {
    if (this.#place === undefined || this.#place.passing !== undefined) return
    const begun = this.#parts.clock.now()
    const { pageSize } = this.#range
    try {
      for await (const { changes, place } of this.#changes(this.#place, { pageSize })) {
        const rows = await this.#lateOf(changes, low)
        this.#place = place
        this.#report(rows)
        yield rows
      }
      this.#readAt = begun
    } catch (error) {
      this.#withstand(error, 'changes not read, late rows until now may be missed')
      // What is not known any more must not be kept either.
      yield []
    }
  }

  /**
   * Goes on with the first pass over all ids, as many pages as an execution is to spend on it, and stops
   * after each page. What becomes visible late meanwhile may be on a page of it already, and is not told.
   */
  async *pass(): AsyncGenerator<void, void, undefined> {
    if (this.#place !== undefined && this.#place.passing === undefined) return
    const { clock } = this.#parts
    const { pageSize } = this.#pace
    let left = this.#passPages()
    try {
      for await (const { place, upToDate } of this.#changes(this.#place, { pageSize })) {
        this.#place = upToDate ? place : { ...place, passing: clock.now() }
        yield
        left -= 1
        if (left <= 0) return
      }
    } catch (error) {
      this.#withstand(error, 'changes not read, late rows are not told yet')
      yield
    }
  }

  /** Says in the log what was caught. */
  end(): void {
    const { logicalName: table } = this.#range.table
    const [count, ms] = [this.#count, this.#latestMs]
    if (count > 0) this.#parts.logger.warn('late rows caught', { table, count, ms })
  }

  // Seldom executions take more at a time, so that the pass ends before the environment forgets its begin.
  #passPages(): number {
    const now = this.#parts.clock.now()
    const idle = Math.floor((now - (this.#place?.passing ?? now)) / MINUTE_MS)
    return Math.max(this.#pace.pages, Math.min(idle, DAY_IN_MINUTES))
  }

  /**
   * Reads changes until an answer has ended that was begun here. One that was begun before, and the first
   * one, which gives all rows, tell nothing of what has changed since they were begun: by the documents
   * that is in the next.
   */
  async *#changes(from: ChangePlace | undefined, options: { readonly pageSize?: number }) {
    const { table, column } = this.#range
    const { dataverse, signal } = this.#parts
    // The rows themselves are read only where they are late.
    const select = [table.primaryIdColumn ?? '', column]
    let place = from
    let begunHere = false
    while (!begunHere) {
      begunHere = place !== undefined && !place.more
      const since = place === undefined ? {} : { since: place.since }
      const read = dataverse.changes(table.entitySetName, { ...options, select, ...since, signal })
      for await (const page of read) {
        place = placeAfter(page)
        yield { changes: page.changes, place, upToDate: begunHere && page.last }
      }
    }
  }

  async #lateOf(changes: readonly Change[], low: number): Promise<readonly Row[]> {
    const { table } = this.#range
    const { primaryIdColumn = '' } = table
    const ids = changes.flatMap((change) => {
      if (change.kind === 'deleted' || !isLate(change.row, this.#range, low)) return []
      return [literal('guid', String(change.row[primaryIdColumn]))]
    })
    const { dataverse, signal } = this.#parts
    const found: Row[] = []
    for (let first = 0; first < ids.length; first += IDS_AT_ONCE) {
      const some = ids.slice(first, first + IDS_AT_ONCE)
      const query = { filter: where.in(primaryIdColumn, some) }
      for await (const row of dataverse.rows(table.entitySetName, query, { signal })) {
        // What was written again meanwhile is stamped anew, and the walk meets it.
        if (isLate(row, this.#range, low)) found.push(row)
      }
    }
    return found
  }

  #report(rows: readonly Row[]): void {
    const now = this.#parts.clock.now()
    this.#count += rows.length
    for (const row of rows) {
      this.#latestMs = Math.max(this.#latestMs, now - stampIn(row, this.#range))
    }
  }

  // Late rows are an addition: what keeps them from being read does not keep the poll from its walk.
  #withstand(error: unknown, event: string): void {
    const { logger, signal } = this.#parts
    if (signal.aborted || !(error instanceof CodedError)) throw error
    const forgotten = this.#place !== undefined && FORGOTTEN.has(error.code)
    if (this.#required && !forgotten) throw requiredInVain(error)
    const { logicalName: table } = this.#range.table
    logger.warn(event, { table, code: error.code, error })
    if (forgotten || REFUSED.has(error.code)) this.#place = undefined
  }
}

function placeAfter({ cursor, last }: ChangePage): ChangePlace {
  return { since: cursor, more: !last }
}

function isLate(row: Row, range: PollRange, low: number): boolean {
  const at = stampIn(row, range)
  return at < low && at >= range.start && (range.end === undefined || at <= range.end)
}

function stampIn(row: Row, { column }: PollRange): number {
  return Date.parse(String(row[column]))
}
