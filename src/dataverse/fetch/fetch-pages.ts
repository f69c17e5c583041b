import type { JsonObject } from '../../kernel/index.ts'
import { unexpectedAnswer } from '../answer/json-answer.ts'
import type { CallOptions } from '../call-options.ts'
import { DataverseError, invalidArgument } from '../errors/dataverse-error.ts'
import { type Annotations, preferHeader } from '../query/prefer.ts'
import { propertyName } from '../query/property-name.ts'
import { wholeNumber } from '../query/query.ts'
import { ahead, type ReadAhead } from '../read/one-ahead.ts'
import { isRow, type Row } from '../read/pages.ts'
import type { Session } from '../session.ts'
import { type FetchXml, parseFetchXml, withAttributes } from './fetch-xml.ts'
import { parsePagingCookie, placeOf } from './paging-cookie.ts'

/** Where a page of a FetchXML query is; kept, it resumes the reading later. */
export interface FetchPlace {
  readonly page: number
  /** None where the service pages by numbers alone. */
  readonly cookie?: string
}

/** One page of a FetchXML query. Its rows leave nulls out. */
export interface FetchPage {
  readonly rows: readonly Row[]
  /** The number of matching rows, where `returntotalrecordcount` asks for it. */
  readonly count?: number
  /** Where the next page is; none on the last. */
  readonly next?: FetchPlace
}

/** How to read a FetchXML query. */
export interface FetchOptions extends CallOptions, ReadAhead {
  /** Rows per page, where the query has no `count` of its own; the service’s own is 5000. */
  readonly pageSize?: number
  readonly annotations?: Annotations
  /** The place of a page, to go on from there. */
  readonly from?: FetchPlace
}

const CRM = 'Microsoft.Dynamics.CRM.'
// https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/page-results
const MOST_WITHOUT_COOKIE = 50_000

/** Reads a FetchXML query page by page, one page ahead of whoever takes them. */
export function readFetchPages(
  session: Session,
  entitySetName: string,
  xml: string,
  options: FetchOptions,
): AsyncGenerator<FetchPage, void, undefined> {
  return ahead((own) => eachPage(session, entitySetName, xml, own), options)
}

async function* eachPage(
  session: Session,
  entitySetName: string,
  xml: string,
  options: FetchOptions,
): AsyncGenerator<FetchPage, void, undefined> {
  const call = session.begin(options)
  const fetch = parseFetchXml(xml)
  const plan = planOf(fetch, options)
  const headers = preferHeader({ annotations: withPaging(options.annotations) })
  const url = new URL(propertyName(entitySetName, 'entitySetName'), session.api.root)
  let place = plan.first
  let read = 0
  let before = ''
  while (true) {
    url.search = `fetchXml=${encodeURIComponent(plan.write(place))}`
    const answer = await session.json({ ...call, url: new URL(url), headers })
    const page = parsePage(answer, url, place.page)
    read += page.rows.length
    const trace = traceOf(page)
    if (page.next?.cookie !== undefined && page.rows.length > 0 && trace === before)
      throw repeated(url, place)
    yield page
    if (page.next === undefined || plan.single) return
    if (page.next.cookie === undefined && read >= MOST_WITHOUT_COOKIE) throw tooManyWithoutCookie()
    before = trace
    place = page.next
  }
}

interface Plan {
  readonly first: FetchPlace
  readonly single: boolean
  readonly write: (place: FetchPlace) => string
}

function planOf(fetch: FetchXml, { pageSize, from }: FetchOptions): Plan {
  const { attributes, text } = fetch
  if (attributes.has('top')) {
    const paging = ['page', 'count', 'paging-cookie'].find((name) => attributes.has(name))
    if (paging !== undefined || pageSize !== undefined || from !== undefined) {
      throw invalidArgument(
        'fetchXml',
        `top cannot stand beside ${paging ?? (from === undefined ? 'pageSize' : 'from')}`,
        'Page with count, or limit the rows with top alone.',
      )
    }
    return { first: { page: 1 }, single: true, write: () => text }
  }
  const ownCount = attributes.get('count')
  if (pageSize !== undefined && ownCount !== undefined) {
    throw invalidArgument('pageSize', 'the query has a count of its own', 'Give one of them.')
  }
  const count = pageSize === undefined ? {} : { count: wholeNumber(pageSize, 'pageSize') }
  return {
    first: from ?? placeIn(attributes),
    single: false,
    write: ({ page, cookie }) =>
      withAttributes(fetch, { page: String(page), 'paging-cookie': cookie, ...count }),
  }
}

function placeIn(attributes: ReadonlyMap<string, string>): FetchPlace {
  const text = attributes.get('page') ?? '1'
  const page = /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined
  if (page === undefined) {
    throw invalidArgument(
      'fetchXml',
      `its page “${text.slice(0, 20)}” is not a whole number from 1`,
      'Count from 1.',
    )
  }
  const cookie = attributes.get('paging-cookie')
  return { page, ...(cookie === undefined ? {} : { cookie }) }
}

// Without these two the service does not tell whether there is another page.
function withPaging(annotations: Annotations | undefined): Annotations {
  if (annotations === '*') return '*'
  return [...new Set([...(annotations ?? []), `${CRM}fetchxmlpagingcookie`, `${CRM}morerecords`])]
}

function parsePage(answer: JsonObject, url: URL, page: number): FetchPage {
  const { value } = answer
  if (!Array.isArray(value) || !value.every(isRow)) {
    throw unexpectedAnswer(url, 'JSON that is no list of rows')
  }
  const annotation = answer[`@${CRM}fetchxmlpagingcookie`]
  const count = answer[`@${CRM}totalrecordcount`]
  const counted = typeof count === 'number' && count >= 0 ? { count } : {}
  const rows = { rows: value, ...counted }
  if (typeof annotation !== 'string' || annotation === '') {
    return answer[`@${CRM}morerecords`] === true ? { ...rows, next: { page: page + 1 } } : rows
  }
  const cookie = parsePagingCookie(annotation)
  if (cookie === undefined) throw unexpectedAnswer(url, 'a paging cookie that cannot be read')
  return { ...rows, next: { page: page + 1, ...(cookie === '' ? {} : { cookie }) } }
}

// The number of the page grows in any case, so that the rows and the cookie’s place are compared.
function traceOf({ rows, next }: FetchPage): string {
  return JSON.stringify([placeOf(next?.cookie), rows.length, rows[0], rows.at(-1)])
}

function repeated(url: URL, { page }: FetchPlace): DataverseError {
  return new DataverseError('repeated_page', {
    what: `${url.host} sent page ${page} with the rows of the page before.`,
    why: 'The service’s paging does not advance; going on would repeat the same rows for ever.',
    remedy: 'Order the query by a column whose values differ, or read in ranges by a filter.',
    who: 'microsoft',
    facts: { host: url.host, pages: page },
  })
}

function tooManyWithoutCookie(): DataverseError {
  return new DataverseError('paging_limit', {
    what: `There are more than ${MOST_WITHOUT_COOKIE} rows, and the service gives no paging cookie.`,
    why: 'Without a cookie, as where a query is ordered by a linked table, Dataverse pages by numbers, and only so far.',
    remedy: 'Order by columns of the table itself, or read in ranges by a condition.',
    facts: { limit: MOST_WITHOUT_COOKIE },
  })
}
