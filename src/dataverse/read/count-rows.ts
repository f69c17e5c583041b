import { readNumber, readObjects, readText } from '../answer/answer-fields.ts'
import { unexpectedAnswer } from '../answer/json-answer.ts'
import type { CallOptions } from '../call-options.ts'
import { DataverseError, invalidArgument } from '../errors/dataverse-error.ts'
import { unknownTable } from '../errors/unknown-table.ts'
import type { Filter } from '../query/filter.ts'
import { literal } from '../query/literal.ts'
import { propertyName } from '../query/property-name.ts'
import { formatQuery } from '../query/query.ts'
import type { Session } from '../session.ts'
import { readPages } from './pages.ts'
import { type Count, countOperation } from './read-operations.ts'

/** How to count. */
export interface CountOptions extends CallOptions {
  /**
   * Counts beyond 5000 as well: up to 50,000 rows in one more request, more by reading the keys of all
   * rows page by page, which are then not those of one moment.
   */
  readonly exact?: boolean
  /** Asks for the number that the service keeps of the whole table, up to a day old. */
  readonly snapshot?: boolean
}

// https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/aggregate-data
const TOO_MANY_TO_AGGREGATE = '0x8004e023'

/** Counts rows; see `DataverseClient.count`. */
export async function countRows(
  session: Session,
  entitySetName: string,
  filter: Filter | string | undefined,
  options: CountOptions,
): Promise<Count> {
  const call = session.begin(options)
  if (options.snapshot === true) {
    if (filter !== undefined || options.exact === true) throw snapshotOfAll()
    return countSnapshot(session, entitySetName, call)
  }
  const counted = await session.perform(countOperation(entitySetName, filter), call)
  if (counted.exact || options.exact !== true) return counted
  const aggregated = await countByAggregate(session, entitySetName, filter, call)
  return aggregated ?? countByPages(session, entitySetName, filter, call)
}

async function countByAggregate(
  session: Session,
  entitySetName: string,
  filter: Filter | string | undefined,
  options: CallOptions,
): Promise<Count | undefined> {
  const apply = {
    ...(filter === undefined ? {} : { filter }),
    aggregate: [{ count: true, as: 'counted' }] as const,
  }
  const url = new URL(propertyName(entitySetName, 'entitySetName'), session.api.root)
  url.search = formatQuery({ apply })
  try {
    const answer = await session.json({ ...options, url })
    const [row] = readObjects(answer, 'value')
    const value = row === undefined ? undefined : readNumber(row, 'counted')
    if (value === undefined) throw unexpectedAnswer(url, 'JSON without the number')
    return { value, exact: true }
  } catch (error) {
    const tooMany = error instanceof DataverseError && error.dataverseCode === TOO_MANY_TO_AGGREGATE
    if (tooMany) return undefined
    throw error
  }
}

async function countByPages(
  session: Session,
  entitySetName: string,
  filter: Filter | string | undefined,
  options: CallOptions,
): Promise<Count> {
  const { primaryId } = await tableOf(session, entitySetName, options)
  const query = { select: [primaryId], ...(filter === undefined ? {} : { filter }) }
  let value = 0
  for await (const { rows } of readPages(session, entitySetName, query, options)) {
    value += rows.length
  }
  return { value, exact: true }
}

async function countSnapshot(
  session: Session,
  entitySetName: string,
  options: CallOptions,
): Promise<Count> {
  const { logicalName } = await tableOf(session, entitySetName, options)
  const url = new URL('RetrieveTotalRecordCount(EntityNames=@p1)', session.api.root)
  url.search = `@p1=${encodeURIComponent(JSON.stringify([logicalName]))}`
  const answer = await session.json({ ...options, url })
  const [counts] = readObjects({ all: [answer['EntityRecordCountCollection']] }, 'all')
  const values = counts?.['Values']
  const value: unknown = Array.isArray(values) ? values[0] : undefined
  if (typeof value !== 'number') throw unexpectedAnswer(url, 'JSON without the number')
  return { value, exact: false, snapshot: true }
}

async function tableOf(session: Session, entitySetName: string, options: CallOptions) {
  const url = new URL('EntityDefinitions', session.api.root)
  const name = String(literal('string', propertyName(entitySetName, 'entitySetName')))
  url.search = `$select=LogicalName,PrimaryIdAttribute&$filter=EntitySetName%20eq%20${name}`
  const answer = await session.json({ ...options, url })
  const [table = {}] = readObjects(answer, 'value')
  const logicalName = readText(table, 'LogicalName')
  const primaryId = readText(table, 'PrimaryIdAttribute')
  if (logicalName === undefined || primaryId === undefined) {
    throw unknownTable(entitySetName, [])
  }
  return { logicalName, primaryId }
}

function snapshotOfAll(): DataverseError {
  return invalidArgument(
    'snapshot',
    'the number that the service keeps is that of the whole table, and not exact',
    'Leave filter and exact out, or count without snapshot.',
  )
}
