import type { Json, JsonObject } from '../../kernel/index.ts'
import { parseGuid } from '../address/guid.ts'
import { formatRowKey, type RowKey } from '../address/row-key.ts'
import { unexpectedAnswer } from '../answer/json-answer.ts'
import { DataverseError, invalidArgument } from '../errors/dataverse-error.ts'
import type { TableSummary } from '../metadata/table.ts'
import type { Operation, OperationAnswer } from '../operation.ts'
import { propertyName } from '../query/property-name.ts'
import { isRow, type Row } from '../read/pages.ts'
import { etagOf, type WriteOptions, writeHeaders, writeSearch } from './write-options.ts'

/** What a write needs to know of its table; a {@link TableSummary} tells it. */
export type WriteTable = Pick<TableSummary, 'entitySetName' | 'primaryIdColumn'>

/** What came of a write. */
export interface Written {
  /** The row as it is now, where it was asked for. */
  readonly row?: Row
  /** The version of the row, where the service tells it. */
  readonly etag?: string
  /** The session of an elastic table, to be sent along when reading what was written. */
  readonly sessionToken?: string
}

/** A new row. */
export interface Created extends Written {
  readonly id: string
}

/**
 * What came of an upsert: `written` where the service does not tell which of the two happened, or where
 * a first sending may have created what a second one then updated.
 */
export interface Upserted extends Written {
  readonly outcome: 'created' | 'updated' | 'written'
  readonly id?: string
}

/** Lets a write happen only if the row still has this version. */
export interface Conditional {
  /** The row's `@odata.etag` as it was read. */
  readonly etag?: string
}

/** What an upsert may be kept from. */
export interface UpsertOptions extends WriteOptions, Conditional {
  /** Creates, and fails with `precondition_failed` where the row exists; or updates, `not_found` where not. */
  readonly only?: 'create' | 'update'
  /** Asks for no answer body, so that the outcome is `written`. */
  readonly outcome?: 'untold'
}

/**
 * Creates a row. It may be repeated after an unknown outcome only where its body holds the id: a second
 * row cannot then come about, and a refusal as a duplicate is told as `outcome_unknown`.
 */
export function createOperation(
  table: WriteTable,
  body: JsonObject,
  options: WriteOptions = {},
): Operation<Created> {
  const path = `${setOf(table)}${writeSearch(options)}`
  const given = table.primaryIdColumn === undefined ? undefined : body[table.primaryIdColumn]
  const repeatable = typeof given === 'string'
  return {
    method: 'POST',
    path,
    headers: writeHeaders(options),
    body,
    idempotent: repeatable,
    ...(repeatable ? { allowRepeated: [409, 412] } : {}),
    read: (answer) => {
      refuseUnsure(answer, 'create the row', { idColumn: table.primaryIdColumn ?? '' })
      const written = readWritten(answer)
      const id = idOf(table, written, answer)
      if (id === undefined) throw unexpectedAnswer(path, 'no id of the new row')
      return { id, ...written }
    },
  }
}

/** Updates a row that exists, and never creates one. @throws DataverseError `not_found` */
export function updateOperation(
  table: WriteTable,
  key: RowKey,
  body: JsonObject,
  options: WriteOptions & Conditional = {},
): Operation<Written> {
  const { etag } = options
  return {
    method: 'PATCH',
    path: `${setOf(table)}${addressOf(key)}${writeSearch(options)}`,
    // Without If-Match a PATCH creates what it does not find.
    headers: { ...writeHeaders(options), 'if-match': etag === undefined ? '*' : etagOf(etag) },
    body,
    idempotent: true,
    ...(etag === undefined ? {} : { allowRepeated: [412] }),
    read: (answer) => {
      refuseUnsure(answer, 'update the row')
      return readWritten(answer)
    },
  }
}

/**
 * Updates a row, or creates it where none has the key. Which of the two happened the service tells only
 * by the status of an answer that sends the row back, so that its id is asked for unless more is.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/use-upsert-insert-update-record
 */
export function upsertOperation(
  table: WriteTable,
  key: RowKey,
  body: JsonObject,
  options: UpsertOptions = {},
): Operation<Upserted> {
  const told = options.outcome === 'untold' ? options : withOutcome(table, options)
  const condition = conditionOf(options)
  return {
    method: 'PATCH',
    path: `${setOf(table)}${addressOf(key)}${writeSearch(told)}`,
    headers: { ...writeHeaders(told), ...condition },
    body,
    idempotent: true,
    ...(Object.keys(condition).length === 0 ? {} : { allowRepeated: [412] }),
    read: (answer) => {
      refuseUnsure(answer, 'write the row')
      const { row, ...written } = readWritten(answer)
      const id = idOf(table, { ...written, ...(row === undefined ? {} : { row }) }, answer)
      return {
        outcome: outcomeOf(answer),
        ...(id === undefined ? {} : { id }),
        ...written,
        ...(row === undefined || options.returning === undefined ? {} : { row }),
      }
    },
  }
}

/** Deletes a row; repeated after an unknown outcome, it is done where the row is gone. */
export function deleteOperation(
  table: WriteTable,
  key: RowKey,
  options: Omit<WriteOptions, 'returning'> & Conditional = {},
): Operation<void> {
  const { etag } = options
  return {
    method: 'DELETE',
    path: `${setOf(table)}${addressOf(key)}${writeSearch(options, { partition: true })}`,
    headers: {
      ...writeHeaders(options),
      ...(etag === undefined ? {} : { 'if-match': etagOf(etag) }),
    },
    idempotent: true,
    allowRepeated: [404, ...(etag === undefined ? [] : [412])],
    read: (answer) => {
      if (answer.status !== 404) refuseUnsure(answer, 'delete the row')
    },
  }
}

/** The entity set that addresses of a table begin with. @throws DataverseError `invalid_argument` */
export function setOf({ entitySetName }: Pick<WriteTable, 'entitySetName'>): string {
  if (entitySetName !== undefined) return propertyName(entitySetName, 'entitySetName')
  throw invalidArgument(
    'table',
    'its rows have no address in the Web API',
    'Write the rows of another table, along with which these come about.',
  )
}

const WRITTEN_KEY = /^\([^?#\s]+\)$/

/** The part of an address that names a row; one that is written already stays as it is. */
export function addressOf(key: RowKey): string {
  return typeof key === 'string' && WRITTEN_KEY.test(key) ? key : formatRowKey(key)
}

function withOutcome({ primaryIdColumn }: WriteTable, options: UpsertOptions): WriteOptions {
  if (options.returning !== undefined || primaryIdColumn === undefined) {
    return { ...options, returning: options.returning ?? true }
  }
  return { ...options, returning: { select: [primaryIdColumn] } }
}

function conditionOf({ only, etag }: UpsertOptions): Readonly<Record<string, string>> {
  if (only === 'create' && etag !== undefined) {
    throw invalidArgument('etag', 'a row that is created has none yet', 'Leave out etag or only.')
  }
  if (only === 'create') return { 'if-none-match': '*' }
  if (etag !== undefined) return { 'if-match': etagOf(etag) }
  return only === 'update' ? { 'if-match': '*' } : {}
}

function outcomeOf({ status, repeated }: OperationAnswer): Upserted['outcome'] {
  if (status === 201) return 'created'
  // What a first sending created, a second one finds.
  return status === 200 && repeated !== true ? 'updated' : 'written'
}

function readWritten({ body, headers }: OperationAnswer): Written {
  const row = isRow(body) ? body : undefined
  const inRow = row?.['@odata.etag']
  const etag = headers.get('etag') ?? (typeof inRow === 'string' ? inRow : null)
  const sessionToken = headers.get('x-ms-session-token')
  return {
    ...(row === undefined ? {} : { row }),
    ...(etag === null ? {} : { etag }),
    ...(sessionToken === null ? {} : { sessionToken }),
  }
}

function idOf(
  { primaryIdColumn }: WriteTable,
  { row }: Written,
  { headers }: OperationAnswer,
): string | undefined {
  const inRow = primaryIdColumn === undefined ? undefined : row?.[primaryIdColumn]
  if (typeof inRow === 'string') return inRow
  const address = headers.get('odata-entityid') ?? headers.get('location') ?? ''
  return parseGuid(/\(([^()]*)\)$/.exec(address)?.[1] ?? '')
}

/** Tells honestly that a repeated write cannot know what its first sending did. */
function refuseUnsure(
  { status, repeated }: OperationAnswer,
  aim: string,
  facts: Readonly<Record<string, Json>> = {},
): void {
  if (status < 400 || repeated !== true) return
  throw new DataverseError('outcome_unknown', {
    what: `Whether Dataverse did ${aim} is not known.`,
    why: `The answer to a first sending was lost; the second was refused with ${status}, either because the first took effect or because the row changed otherwise.`,
    remedy: 'Read the row, and decide on what it holds now.',
    status,
    facts,
  })
}
