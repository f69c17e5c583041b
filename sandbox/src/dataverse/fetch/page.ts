import { encodeTwice, innerCookie, type Resume, readInnerCookie } from '../query/cookie.ts'
import { isAfter, MAX_PAGE } from '../query/run.ts'
import type { Frame } from '../query/scope.ts'
import { badFetch } from './errors.ts'
import { type FetchTerm, sortFrames } from './order.ts'
import { NO_ROW } from './plan.ts'
import type { FetchQuery } from './query.ts'
import { joinedFrames, keepsRows, type Planned } from './run.ts'

/** One page of written rows. */
export interface FetchPage {
  readonly rows: readonly string[]
  readonly more: boolean
  /** The cookie for the next page; undefined where there is none or the query allows none. */
  readonly cookie: string | undefined
  /** Counted up to one more than 5,000. */
  readonly total: number | undefined
}

const MAX_SIMPLE = 50_000

/** Reads one page of a query; `counted` asks for the number of all rows. */
export function readPage(
  query: FetchQuery,
  planned: Planned,
  terms: readonly FetchTerm[],
  write: (frame: Frame) => string,
  counted: boolean,
): FetchPage {
  checkPaging(query, counted)
  const { root } = planned
  const withCookie =
    !query.distinct && keepsRows(planned) && terms.every(({ source }) => source === root)
  const resume =
    withCookie && query.pagingCookie !== undefined
      ? readInnerCookie(query.pagingCookie, root.rows, terms)
      : undefined
  const size = Math.min(query.top ?? query.count ?? MAX_PAGE, MAX_PAGE)
  const skip = resume ? 0 : (query.page - 1) * size
  if (!resume && skip + size > MAX_SIMPLE) throw overLimit()
  const frames: Frame[] = []
  const rows: string[] = []
  let more = false
  let passed = 0
  for (const [frame, text] of written(
    query,
    orderedFrames(planned, terms, resume, query.distinct ? undefined : skip + size + 1),
    write,
  )) {
    passed += 1
    if (passed <= skip) continue
    if (rows.length === size) {
      more = query.top === undefined
      break
    }
    rows.push(text ?? write(frame))
    if (rows.length === 1 || rows.length === size) frames.push([...frame])
  }
  const slots = frames.map((frame) => frame[root.depth] ?? NO_ROW)
  const inner = innerCookie(root.rows, slots, terms, `page="${query.page}"`)
  return {
    rows,
    more,
    cookie: more && withCookie ? outerCookie(inner) : undefined,
    total: counted ? countFrames(query, planned, write) : undefined,
  }
}

/** The documents show `pagenumber="2"` on the first page and on the second. */
function outerCookie(inner: string): string {
  return `<cookie pagenumber="2" pagingcookie="${encodeTwice(inner)}" istracking="False" />`
}

/** Distinct rows have to be written before they can be told apart. */
function* written(
  query: FetchQuery,
  frames: Iterable<Frame>,
  write: (frame: Frame) => string,
): Iterable<readonly [frame: Frame, text: string | undefined]> {
  if (!query.distinct) {
    for (const frame of frames) yield [frame, undefined]
    return
  }
  const seen = new Set<string>()
  for (const frame of frames) {
    const text = write(frame)
    if (seen.has(text)) continue
    seen.add(text)
    yield [frame, text]
  }
}

function* orderedFrames(
  planned: Planned,
  terms: readonly FetchTerm[],
  resume: Resume | undefined,
  count: number | undefined,
): Iterable<Frame> {
  const { root } = planned
  if (terms.length === 0) {
    yield* joinedFrames(planned, resume?.id)
    return
  }
  const rest: Frame[] = []
  for (const frame of joinedFrames(planned)) {
    const slot = frame[root.depth] ?? NO_ROW
    if (!resume || isAfter(root.rows, slot, terms, resume)) rest.push([...frame])
  }
  yield* sortFrames(rest, terms, root, count ?? rest.length)
}

function countFrames(query: FetchQuery, planned: Planned, write: (frame: Frame) => string): number {
  let total = 0
  for (const _ of written(query, joinedFrames(planned), write)) {
    total += 1
    if (total > MAX_PAGE) break
  }
  return total
}

function checkPaging({ top, count, page }: FetchQuery, counted: boolean): void {
  if (top === undefined) return
  if (top > MAX_PAGE) {
    throw badFetch('0x80041139', `The attribute value provided is invalid: top='${top}'.`)
  }
  if (count === undefined && page === 1 && !counted) return
  throw badFetch(
    '0x80040203',
    "The attribute 'top' cannot be used together with paging or a total record count.",
  )
}

function overLimit(): Error {
  return badFetch(
    '0x8004430a',
    'Over upper limit of records that can be requested without a paging cookie. A paging cookie is required when retrieving a high page number.',
  )
}
