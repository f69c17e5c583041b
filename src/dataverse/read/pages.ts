import { createHash } from 'node:crypto'
import { isObject, type JsonObject } from '../../kernel/index.ts'
import { checkLength, LONGEST_BATCHED_ADDRESS, resolveLink } from '../address/address.ts'
import { unexpectedAnswer } from '../answer/json-answer.ts'
import type { CallOptions } from '../call-options.ts'
import { DataverseError, invalidArgument } from '../errors/dataverse-error.ts'
import { type Annotations, preferHeader } from '../query/prefer.ts'
import { propertyName } from '../query/property-name.ts'
import { formatQuery, hasTop, type Query, wholeNumber } from '../query/query.ts'
import type { Session } from '../session.ts'
import { ahead, type ReadAhead } from './one-ahead.ts'

/** A row as the service sends it: column values, `@odata.etag`, annotations if asked for. */
export type Row = JsonObject

/** One page of an answer. */
export interface Page {
  readonly rows: readonly Row[]
  /** The number of matching rows, if asked for; the service stops counting at 5000. */
  readonly count?: number
  /** Where the next page is; none on the last. Kept, it resumes the reading later. */
  readonly nextLink?: string
  /** By the service's own clock, in ms: what was visible then is on the page. */
  readonly servedAt?: number
}

/** How a page is to be. */
export interface PageOptions {
  /** Rows per page, 1 to 5000; without it the service sends its own pages of 5000. */
  readonly pageSize?: number
  readonly annotations?: Annotations
}

/** How to read many rows. */
export interface ReadOptions extends CallOptions, PageOptions, ReadAhead {
  /** The link of a page read before, to go on from there. */
  readonly from?: string
}

const MOST_LINKS_REMEMBERED = 10_000

/** Reads a table page by page, one page ahead of whoever takes them. */
export function readPages(
  session: Session,
  entitySetName: string,
  query: Query | string,
  options: ReadOptions,
): AsyncGenerator<Page, void, undefined> {
  return ahead((own) => eachPage(session, entitySetName, query, own), options)
}

async function* eachPage(
  session: Session,
  entitySetName: string,
  query: Query | string,
  options: ReadOptions,
): AsyncGenerator<Page, void, undefined> {
  const headers = headersFor(query, options)
  const call = session.begin(options)
  const seen = new Set<string>()
  let url = firstAddress(session, entitySetName, query, options.from)
  while (true) {
    const { body, ...served } = await session.datedJson({ ...call, url, headers })
    const page = { ...parsePage(body, url), ...served }
    yield page
    if (page.nextLink === undefined) return
    const next = resolveLink(session.api, page.nextLink, url)
    refuseRepeated(seen, next, url)
    url = next
  }
}

function firstAddress(
  session: Session,
  entitySetName: string,
  query: Query | string,
  from: string | undefined,
): URL {
  const { root } = session.api
  const url = new URL(propertyName(entitySetName, 'entitySetName'), root)
  if (from !== undefined) return resumed(resolveLink(session.api, from, root), url)
  url.search = formatQuery(query)
  return checkLength(url, LONGEST_BATCHED_ADDRESS)
}

function resumed(from: URL, { pathname }: URL): URL {
  if (from.pathname === pathname) return from
  throw invalidArgument(
    'from',
    `it is no link to a page of ${pathname.split('/').at(-1)}`,
    'Give the nextLink of a page of the same entity set.',
  )
}

/**
 * Writes what a page is asked to be. The page size is not part of the link, so that every page asks for
 * it anew; with $top the service would obey the page size and forget the $top.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/page-results
 */
export function headersFor(
  query: Query | string,
  { pageSize, annotations }: PageOptions,
): Readonly<Record<string, string>> {
  if (pageSize !== undefined) wholeNumber(pageSize, 'pageSize')
  return preferHeader({
    ...(pageSize === undefined || hasTop(query) ? {} : { pageSize }),
    ...(annotations === undefined ? {} : { annotations }),
  })
}

/** Takes an answer as a page of rows. @throws DataverseError `unexpected_answer` */
export function parsePage(answer: JsonObject, asked: URL | string): Page {
  const { value, '@odata.count': count, '@odata.nextLink': nextLink } = answer
  if (!Array.isArray(value) || !value.every(isRow)) {
    throw unexpectedAnswer(asked, 'JSON that is no list of rows')
  }
  return {
    rows: value,
    ...(typeof count === 'number' ? { count } : {}),
    ...(typeof nextLink === 'string' ? { nextLink } : {}),
  }
}

/** Tells whether a part of an answer is a row. */
export function isRow(value: unknown): value is Row {
  return isObject(value)
}

/**
 * Refuses a link that was followed before: a known fault of the service is a paging cookie that does
 * not advance, which would be read for ever.
 *
 * @throws DataverseError `repeated_page`
 */
export function refuseRepeated(seen: Set<string>, next: URL, current: URL): void {
  seen.add(digestOf(current))
  const digest = digestOf(next)
  if (seen.has(digest)) {
    throw new DataverseError('repeated_page', {
      what: `${current.host} sent a link to a page that was read before.`,
      why: 'The service’s paging does not advance; going on would repeat the same rows for ever.',
      remedy: 'Order the query by a column whose values differ, or read in ranges by a filter.',
      who: 'microsoft',
      facts: { host: current.host, pages: seen.size },
    })
  }
  seen.add(digest)
  const [oldest] = seen
  if (seen.size > MOST_LINKS_REMEMBERED && oldest !== undefined) seen.delete(oldest)
}

// A link may have 32 KB, which ten thousand times over would be a third of a gigabyte.
function digestOf({ href }: URL): string {
  return createHash('sha256').update(href).digest('base64')
}
