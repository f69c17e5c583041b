import { type Change, literal, type Row, where } from '../../../dataverse/index.ts'
import type { ChangePlace } from './change-place.ts'
import type { PollParts, PollRange } from './poll.ts'

const IDS_AT_ONCE = 50

/** Some changes, and how far they have been read then. */
export interface TrackedPage {
  readonly changes: readonly Change[]
  readonly place: ChangePlace
  /** Whether there is nothing more that changed before the reading was begun. */
  readonly upToDate: boolean
}

/**
 * Reads changes, their ids and timestamps alone, until an answer has ended that was begun here. One that
 * was begun before, and the first one, which gives all rows, tell nothing of what has changed since they
 * were begun: by the documents that is in the next.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/use-change-tracking-synchronize-data-external-systems
 */
export async function* changesFrom(
  { table, column }: PollRange,
  from: ChangePlace | undefined,
  pageSize: number,
  { dataverse, signal }: PollParts,
): AsyncGenerator<TrackedPage, void, undefined> {
  const options = { select: [table.primaryIdColumn ?? '', column], pageSize, signal }
  let place = from
  let begunHere = false
  while (!begunHere) {
    begunHere = place !== undefined && !place.more
    const since = place === undefined ? {} : { since: place.since }
    const read = dataverse.changes(table.entitySetName, { ...options, ...since })
    for await (const { changes, cursor, last } of read) {
      place = { since: cursor, more: !last }
      yield { changes, place, upToDate: begunHere && last }
    }
  }
}

/** Reads those rows among the changes that are stamped before a time, in ms, and so met by no walk. */
export async function lateAmong(
  range: PollRange,
  changes: readonly Change[],
  before: number,
  { dataverse, signal }: PollParts,
): Promise<readonly Row[]> {
  const { primaryIdColumn = '', entitySetName } = range.table
  const ids = changes.flatMap((change) => {
    if (change.kind === 'deleted' || !isLate(change.row, range, before)) return []
    return [literal('guid', String(change.row[primaryIdColumn]))]
  })
  const found: Row[] = []
  for (let first = 0; first < ids.length; first += IDS_AT_ONCE) {
    const query = { filter: where.in(primaryIdColumn, ids.slice(first, first + IDS_AT_ONCE)) }
    for await (const row of dataverse.rows(entitySetName, query, { signal })) {
      // What was written again meanwhile is stamped anew, and the walk meets it.
      if (isLate(row, range, before)) found.push(row)
    }
  }
  return found
}

/** When a row is stamped, in ms. */
export function stampIn(row: Row, { column }: PollRange): number {
  return Date.parse(String(row[column]))
}

function isLate(row: Row, range: PollRange, before: number): boolean {
  const at = stampIn(row, range)
  return at < before && at >= range.start && (range.end === undefined || at <= range.end)
}
