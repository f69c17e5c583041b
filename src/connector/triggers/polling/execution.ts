import type { Row } from '../../../dataverse/index.ts'
import type { JsonObject } from '../../../kernel/index.ts'
import type { RunLimits } from '../../context.ts'
import type { LateRows } from './late-rows.ts'
import { besideWalk, OVERLAP_MS, type PollParts, type PollRange, walk } from './poll.ts'
import { advance, type PollState, passedBefore } from './poll-state.ts'
import { writeSnapshot } from './snapshot.ts'

/** What one step of an execution puts out, and where the next execution goes on once that is kept. */
export interface PollStep {
  readonly rows: readonly Row[]
  readonly cursor: JsonObject
}

interface ExecutionParts extends PollParts {
  readonly limits: RunLimits
}

/**
 * Makes one execution of a poll: rows that came too late for earlier walks, then a walk to its end or over
 * one page, then a piece of the first pass over all ids, where that is not finished.
 */
export async function* execute(
  range: PollRange,
  from: PollState,
  late: LateRows | undefined,
  { singlePagePerInterval }: { readonly singlePagePerInterval: boolean },
  parts: ExecutionParts,
): AsyncGenerator<PollStep, void, undefined> {
  const { limits, logger } = parts
  const { logicalName: table } = range.table
  let [count, repeated, unsure, forgotten] = [0, 0, 0, 0]
  let state = from
  let cursor: JsonObject = {}
  const keep = (next: PollState) => {
    // Rows before this are read no more, whether they are remembered or not.
    if (next.low > state.low) forgotten = 0
    const written = writeSnapshot(next, limits.maxCursorBytes, late?.place)
    forgotten += written.forgotten
    ;({ cursor, state } = written)
  }
  const caught = async function* (): AsyncGenerator<PollStep> {
    for await (const rows of late?.caught(passedBefore(state)) ?? []) {
      keep(besideWalk(state, rows, range))
      yield { rows, cursor }
    }
  }
  yield* caught()
  for await (const { page, ...walked } of walk(range, state, parts)) {
    // A row that has become visible since the changes were read is among the next ones, where it would be
    // taken for late if its time were settled by then.
    const told = advance(state, walked, OVERLAP_MS + (late?.unreadMs ?? 0))
    keep(told.state)
    const fresh = new Set(told.fresh)
    const rows = page.filter((_, position) => fresh.has(position))
    count += rows.length
    repeated += page.length - rows.length
    unsure += told.unsure
    yield { rows, cursor }
    // A page of rows that were put out before is not what an execution is for.
    if (singlePagePerInterval && rows.length > 0) break
    if (late?.due === true) yield* caught()
  }
  for await (const _ of late?.pass() ?? []) {
    keep(state)
    yield { rows: [], cursor }
  }
  late?.end()
  const mayRepeat = unsure + forgotten
  logger.info('poll ended', { table, count, repeated, mayRepeat })
  // More rows in the window than a snapshot holds.
  if (mayRepeat > 0) logger.warn('rows may be put out more than once', { table, count, mayRepeat })
}
