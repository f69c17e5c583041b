import {
  type DataverseClient,
  DataverseError,
  type Page,
  type Row,
  where,
} from '../../../dataverse/index.ts'
import type { Clock, Logger } from '../../../kernel/index.ts'
import { invalidField } from '../../connector-error.ts'
import type { ReadableTable } from '../../fields/object-type.ts'
import { beginPoll, type PollState, type WalkedPage, within } from './poll-state.ts'
import { type Stamped, stamped } from './seen-rows.ts'
import { readSnapshot } from './snapshot.ts'

/** How late a row may become visible after its timestamp without being missed. */
export const WINDOW_MS = 5 * 60_000
// The servers that stamp rows and the one that answers may differ by so much.
const SKEW_MS = 60_000
/** How long before the time of a walk the next one begins. */
export const OVERLAP_MS = WINDOW_MS + SKEW_MS

/** What is polled, and from when to when, in ms, both inclusive. */
export interface PollRange {
  readonly table: ReadableTable
  readonly column: 'createdon' | 'modifiedon'
  readonly start: number
  readonly end?: number
  readonly pageSize: number
}

/** What a poll works with. */
export interface PollParts {
  readonly dataverse: DataverseClient
  readonly clock: Clock
  readonly logger: Logger
  readonly signal: AbortSignal
}

/** A page as it was read, and what a poll is to know of it. */
export interface ReadPage extends WalkedPage {
  readonly page: readonly Row[]
}

/** Begins a poll, or goes on from a snapshot; one that is of something else is reported and left. */
export function openPoll(range: PollRange, cursor: unknown, logger: Logger): PollState {
  const of = `${range.table.logicalName}/${range.column}`
  const read = readSnapshot(cursor, of, OVERLAP_MS)
  if (read.kind === 'ours') {
    return within(read.state, range)
  }
  if (read.kind === 'foreign')
    logger.warn('snapshot of another poll left aside', { table: range.table.logicalName })
  return beginPoll(of, range.start)
}

/** Walks a table page by page from where a poll is; the caller may stop after any page. */
export async function* walk(
  range: PollRange,
  from: PollState,
  parts: PollParts,
): AsyncGenerator<ReadPage, void, undefined> {
  if (range.end !== undefined && from.low > range.end) return
  const end = range.end === undefined ? {} : { end: range.end }
  for await (const { rows: page, servedAt, nextLink } of pagesFrom(range, from, parts)) {
    yield {
      page,
      rows: page.map((row) => stampOf(row, range)),
      servedAt: servedAt ?? parts.clock.now(),
      ...(nextLink === undefined ? {} : { link: nextLink }),
      ...end,
    }
  }
}

/** Remembers rows that were put out beside the walk, which may meet them yet. */
export function besideWalk(state: PollState, rows: readonly Row[], range: PollRange): PollState {
  const stamps = rows.map((row) => stampOf(row, range)).toSorted((a, b) => a.at - b.at)
  return { ...state, seen: state.seen.with(stamps, state.low) }
}

/** The first rows of a poll's range, only to see them. */
export async function sampleRows(
  range: PollRange,
  { dataverse, signal }: PollParts,
  count: number,
): Promise<readonly Row[]> {
  const query = { ...queryOf(range, range.start), top: count }
  for await (const { rows } of dataverse.pages(range.table.entitySetName, query, { signal })) {
    return rows
  }
  return []
}

/** Refuses a table that has no such timestamp. @throws ConnectorError `invalid_field` */
export function requireColumn(table: ReadableTable, column: string): void {
  const found = table.columns.find(({ logicalName }) => logicalName === column)
  if (found?.readable === true) return
  throw invalidField(
    { key: 'pollConfig', label: 'Timestamp field to poll on' },
    `the table ${table.logicalName} has no ${column}`,
    column === 'modifiedon'
      ? 'Poll on the time of creation, or another table.'
      : 'Poll another table.',
  )
}

// A link may be refused after long, or after a change of the service: its walk is then begun again.
async function* pagesFrom(
  range: PollRange,
  { low, link }: PollState,
  { dataverse, logger, signal }: PollParts,
): AsyncGenerator<Page, void, undefined> {
  const options = { pageSize: range.pageSize, signal }
  const set = range.table.entitySetName
  if (link !== undefined) {
    try {
      yield* dataverse.pages(set, {}, { ...options, from: link })
      return
    } catch (error) {
      if (!isRefusedLink(error)) throw error
      logger.warn('paging link refused, walk begun again', { code: error.code })
    }
  }
  yield* dataverse.pages(set, queryOf(range, low), options)
}

function isRefusedLink(error: unknown): error is DataverseError {
  if (!(error instanceof DataverseError)) return false
  return ['bad_request', 'not_found', 'unsafe_link', 'invalid_argument'].includes(error.code)
}

function queryOf({ column, end }: PollRange, low: number) {
  const from = where.ge(column, new Date(low))
  const filter = end === undefined ? from : where.and(from, where.le(column, new Date(end)))
  return { filter, orderby: [{ column }] }
}

// An update within the same second leaves the timestamp as it was, but not the version.
function stampOf(row: Row, { table, column }: PollRange): Stamped {
  const time = row[column]
  const id = String(row[table.primaryIdColumn ?? ''])
  const version = column === 'createdon' ? '' : String(row['@odata.etag'] ?? JSON.stringify(row))
  return stamped(typeof time === 'string' ? Date.parse(time) : 0, `${id} ${version}`)
}

/** Names a row in one of its versions, the same whenever it is put out. */
export function versionOf(row: Row, { table, column }: PollRange): string {
  const id = String(row[table.primaryIdColumn ?? ''])
  // A row that was deleted may be made again with its id.
  const version = column === 'createdon' ? row[column] : (row['@odata.etag'] ?? row[column])
  return `${id} ${String(version ?? '')}`
}
