import { formatRowKey, type RowKey } from '../address/row-key.ts'
import { asJsonObject, unexpectedAnswer } from '../answer/json-answer.ts'
import type { Operation } from '../operation.ts'
import type { Filter } from '../query/filter.ts'
import { type Annotations, preferHeader } from '../query/prefer.ts'
import { propertyName } from '../query/property-name.ts'
import { formatQuery, LARGEST_PAGE, type Query } from '../query/query.ts'
import { headersFor, type Page, type PageOptions, parsePage, type Row } from './pages.ts'

/** What to read of one row. */
export interface RowParts extends Pick<Query, 'expand' | 'select'> {
  readonly annotations?: Annotations
}

/** A number of rows; one that is not exact says "at least", or "about" if it is a snapshot. */
export interface Count {
  readonly value: number
  readonly exact: boolean
  /** The number is one that the service keeps, up to a day old. */
  readonly snapshot?: true
}

/** Reads one row by its id or an alternate key. */
export function rowOperation(
  entitySetName: string,
  key: RowKey,
  { select, expand, annotations }: RowParts = {},
): Operation<Row> {
  const set = propertyName(entitySetName, 'entitySetName')
  const search = formatQuery({
    ...(select === undefined ? {} : { select }),
    ...(expand === undefined ? {} : { expand }),
  })
  const path = withSearch(`${set}${formatRowKey(key)}`, search)
  return {
    method: 'GET',
    path,
    headers: preferHeader(annotations === undefined ? {} : { annotations }),
    read: ({ body }) => asJsonObject(body, path),
  }
}

/** Reads the first page of a query; its link leads to the next one. */
export function pageOperation(
  entitySetName: string,
  query: Query | string = {},
  options: PageOptions = {},
): Operation<Page> {
  const set = propertyName(entitySetName, 'entitySetName')
  const path = withSearch(set, formatQuery(query))
  return {
    method: 'GET',
    path,
    headers: headersFor(query, options),
    read: ({ body }) => parsePage(asJsonObject(body, path), path),
  }
}

/** Counts the rows that match; from 5000 on the service stops counting. */
export function countOperation(entitySetName: string, filter?: Filter | string): Operation<Count> {
  const set = propertyName(entitySetName, 'entitySetName')
  const path = withSearch(`${set}/$count`, formatQuery(filter === undefined ? {} : { filter }))
  return {
    method: 'GET',
    path,
    headers: { accept: 'text/plain' },
    read: ({ body }) => parseCount(body, path),
  }
}

/** Takes an answer as a number of rows. @throws DataverseError `unexpected_answer` */
export function parseCount(body: unknown, path: string): Count {
  // The number comes after a byte order mark.
  const digits = /^\uFEFF?\s*(\d{1,15})\s*$/.exec(String(body))?.[1]
  if (digits === undefined) throw unexpectedAnswer(path, 'something else than a number')
  return { value: Number(digits), exact: Number(digits) < LARGEST_PAGE }
}

function withSearch(path: string, search: string): string {
  return search === '' ? path : `${path}?${search}`
}
