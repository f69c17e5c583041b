import {
  type Change,
  type ChangePage,
  type DataverseClient,
  DataverseError,
  literal,
  type Row,
  where,
} from '../../../dataverse/index.ts'
import type { Logger } from '../../../kernel/index.ts'
import { invalidField } from '../../connector-error.ts'
import type { PollRange } from './poll.ts'

interface LateParts {
  readonly dataverse: DataverseClient
  readonly logger: Logger
  readonly signal: AbortSignal
}

/** Some rows that no walk meets any more, and where the changes go on after them. */
export interface LatePage {
  readonly rows: readonly Row[]
  readonly since: string
}

const IDS_AT_ONCE = 50

/**
 * Reads what has changed since the last execution, and gives the rows of it that are stamped before
 * `low`: they became visible too late for any walk. At first, and where the environment has forgotten
 * the changes, all rows are passed over once to have a place to go on from.
 *
 * @throws ConnectorError `invalid_field` where the table's changes are not tracked
 */
export async function* lateRows(
  range: PollRange,
  low: number,
  since: string | undefined,
  parts: LateParts,
): AsyncGenerator<LatePage, void, undefined> {
  if (since === undefined) {
    yield await begin(range, parts)
    return
  }
  try {
    for await (const { changes, cursor } of changesOf(range, since, parts)) {
      const ids = changes.flatMap((change) => lateId(change, range, low))
      yield { rows: await readRows(range, low, ids, parts), since: cursor }
    }
  } catch (error) {
    if (!isForgotten(error)) throw error
    const { logicalName: table } = range.table
    parts.logger.warn('changes forgotten, late rows until now not caught', { table })
    yield await begin(range, parts)
  }
}

async function begin(range: PollRange, parts: LateParts): Promise<LatePage> {
  let since = ''
  for await (const { cursor } of changesOf(range, undefined, parts)) since = cursor
  return { rows: [], since }
}

async function* changesOf(
  { table, column }: PollRange,
  since: string | undefined,
  { dataverse, signal }: LateParts,
): AsyncGenerator<ChangePage, void, undefined> {
  // The rows themselves are read only where they are late.
  const select = [table.primaryIdColumn ?? '', column]
  const from = since === undefined ? {} : { since }
  try {
    yield* dataverse.changes(table.entitySetName, { select, ...from, signal })
  } catch (error) {
    if (!(error instanceof DataverseError) || error.code !== 'tracking_disabled') throw error
    const { what, remedy } = error.explanation
    throw invalidField(CATCH_LATE_ROWS, what.replace(/\.$/, ''), remedy)
  }
}

/** The field that has late rows caught. */
export const CATCH_LATE_ROWS = {
  key: 'catchLateRows',
  label: 'Catch late rows by change tracking',
}

function lateId(change: Change, range: PollRange, low: number): readonly string[] {
  if (change.kind === 'deleted' || !isLate(change.row, range, low)) return []
  return [String(change.row[range.table.primaryIdColumn ?? ''])]
}

function isLate(row: Row, { column, start, end }: PollRange, low: number): boolean {
  const at = Date.parse(String(row[column]))
  return at < low && at >= start && (end === undefined || at <= end)
}

// What was written again meanwhile is stamped anew, and the walk meets it.
async function readRows(
  range: PollRange,
  low: number,
  ids: readonly string[],
  { dataverse, signal }: LateParts,
): Promise<readonly Row[]> {
  const { primaryIdColumn = '', entitySetName } = range.table
  const found: Row[] = []
  for (let first = 0; first < ids.length; first += IDS_AT_ONCE) {
    const some = ids.slice(first, first + IDS_AT_ONCE).map((id) => literal('guid', id))
    const query = { filter: where.in(primaryIdColumn, some) }
    for await (const row of dataverse.rows(entitySetName, query, { signal })) {
      if (isLate(row, range, low)) found.push(row)
    }
  }
  return found
}

function isForgotten(error: unknown): boolean {
  if (!(error instanceof DataverseError)) return false
  return error.code === 'tracking_expired' || error.code === 'tracking_lost'
}
