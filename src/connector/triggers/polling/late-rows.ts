import type { Row } from '../../../dataverse/index.ts'
import { CodedError } from '../../../kernel/index.ts'
import type { ChangePlace } from './change-place.ts'
import { type LateRowsChoice, requiredInVain } from './late-rows-field.ts'
import { type PollParts, type PollRange, WINDOW_MS } from './poll.ts'
import { changesFrom, lateAmong, stampIn } from './tracked-changes.ts'

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
  readonly #parts: PollParts
  readonly #pace: PassPace
  #place: ChangePlace | undefined
  // When the changes were last begun to be read to their end, and when at all.
  #readAt: number | undefined
  #triedAt = 0
  #count = 0
  #latestMs = 0

  constructor(
    range: PollRange,
    choice: LateRowsChoice,
    place: ChangePlace | undefined,
    parts: PollParts,
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

  /** Whether a long walk is to look for late rows again: it settles no times that are later than that. */
  get due(): boolean {
    return this.#readAt !== undefined && this.#parts.clock.now() - this.#triedAt >= WINDOW_MS
  }

  /** How much time has passed of which the changes are not read yet. */
  get unreadMs(): number {
    return this.#readAt === undefined ? 0 : Math.max(0, this.#parts.clock.now() - this.#readAt)
  }

  /** Reads what has changed, and gives of every page the rows that are stamped before a time. */
  async *caught(before: number): AsyncGenerator<readonly Row[], void, undefined> {
    if (this.#place === undefined || this.#place.passing !== undefined) return
    const begun = this.#parts.clock.now()
    this.#triedAt = begun
    const { pageSize } = this.#range
    const read = changesFrom(this.#range, this.#place, pageSize, this.#parts)
    try {
      for await (const { changes, place } of read) {
        const rows = await lateAmong(this.#range, changes, before, this.#parts)
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
    const read = changesFrom(this.#range, this.#place, this.#pace.pageSize, this.#parts)
    let left = this.#passPages()
    try {
      for await (const { place, upToDate } of read) {
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
