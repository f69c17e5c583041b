import { badQuery, notSupported } from '../fault.ts'
import type { IdOrder } from '../store/id-sorting.ts'
import type { Rows } from '../store/rows.ts'
import { asGuid } from './operands.ts'
import type { SortTerm, SortValue } from './order.ts'

const OUTER = /^<cookie pagenumber="(\d+)" pagingcookie="([^"]*)" istracking="(False|True)" \/>$/

const ORDER_MARK = / idorder="\w*"(?=>)/

/** Where a page ended: the next one begins after this place. */
export interface Resume {
  readonly page: number
  readonly id: string
  readonly values: readonly SortValue[]
}

/** Writes the `$skiptoken` for the page that follows, in the service's own double encoding. */
export function writeSkipToken(
  rows: Rows,
  page: readonly number[],
  terms: readonly SortTerm[],
  number: number,
  counted: boolean,
): string {
  const records = counted ? ` countOfRecords="${page.length}"` : ''
  return skipTokenOf(
    innerCookie(rows, page, terms, `page="${number}"${records}`),
    number + 1,
    false,
  )
}

/** Writes the `$skiptoken` of an inner cookie. */
export function skipTokenOf(inner: string, page: number, tracking: boolean): string {
  const flag = tracking ? 'True' : 'False'
  return `%3Ccookie%20pagenumber=%22${page}%22%20pagingcookie=%22${encodeTwice(inner)}%22%20istracking=%22${flag}%22%20/%3E`
}

/** Writes where a page begins and ends, with these attributes of its own. */
export function innerCookie(
  rows: Rows,
  page: readonly number[],
  terms: readonly SortTerm[],
  attributes: string,
): string {
  const first = page[0] ?? 0
  const last = page.at(-1) ?? 0
  const places = terms.map(({ column, value }) => {
    const name = column.name
    return `<${name}${attribute('last', value(last))}${attribute('first', value(first))} />`
  })
  const key = rows.table.id.name
  const id = (slot: number): string => `{${rows.idOf(slot).toUpperCase()}}`
  return `<cookie ${attributes}${orderMark(rows.sorting.order)}>${places.join('')}<${key} last="${id(last)}" first="${id(first)}" /></cookie>`
}

/** Encodes an inner cookie twice, as it stands in an outer one. */
export function encodeTwice(inner: string): string {
  return encodeLower(inner).replaceAll('%', '%25')
}

/** Reads a `$skiptoken` that this service wrote, decoded once as every query option is. */
export function readSkipToken(text: string, rows: Rows, terms: readonly SortTerm[]): Resume {
  const outer = OUTER.exec(text)
  if (!outer) throw malformed()
  return { ...readInnerCookie(decode(outer[2] ?? ''), rows, terms), page: Number(outer[1]) }
}

/** The inner cookie of a `$skiptoken`. */
export function innerOfSkipToken(text: string): string {
  const outer = OUTER.exec(text)
  if (!outer) throw malformed()
  return decode(outer[2] ?? '')
}

/** Whether a `$skiptoken` leads to the next page of tracked rows. */
export function isTracking(text: string): boolean {
  return OUTER.exec(text)?.[3] === 'True'
}

/**
 * Reads an inner cookie; its page is the one that it was written on.
 * @throws Fault 501 when ids were in another order then: what comes after the place is no longer the rest
 */
export function readInnerCookie(inner: string, rows: Rows, terms: readonly SortTerm[]): Resume {
  if ((ORDER_MARK.exec(inner)?.[0] ?? '') !== orderMark(rows.sorting.order)) {
    throw notSupported("a paging cookie from before the switch 'idOrder' was changed")
  }
  const elements = [
    ...inner.matchAll(/<(\w+) (last(?:null)?)="([^"]*)" first(?:null)?="[^"]*" \/>/g),
  ]
  const key = elements.pop()
  if (key?.[1] !== rows.table.id.name || elements.length !== terms.length) throw malformed()
  const values = elements.map(([, name, kind, value], index) => {
    const term = terms[index]
    if (!term || term.column.name !== name) throw malformed()
    if (kind === 'lastnull') return null
    const plain = unescapeXml(value ?? '')
    if (term.compareIds) return readId(plain)
    return term.column.storage === 'number' && !term.byLabel ? Number(plain) : plain
  })
  const page = Number(/^<cookie page="(\d+)"/.exec(inner)?.[1] ?? 0)
  return { page, id: readId(key[3] ?? ''), values }
}

/** Tells the order of ids, where it is not SQL Server's: the cookies of that one are as the documents show them. */
function orderMark(order: IdOrder): string {
  return order === 'uniqueidentifier' ? '' : ` idorder="${order}"`
}

function readId(text: string): string {
  const id = asGuid(text)
  if (id === undefined) throw malformed()
  return id
}

function attribute(name: string, value: SortValue): string {
  return value === null ? ` ${name}null="1"` : ` ${name}="${escapeXml(String(value))}"`
}

function malformed(): Error {
  return badQuery('Malformed XML in the Paging Cookie')
}

/** Percent-encodes text as the service does: small letters, more characters than JavaScript. */
export function encodeLower(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16)}`)
    .replace(/%[0-9A-F]{2}/g, (octet) => octet.toLowerCase())
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw malformed()
  }
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
}

function unescapeXml(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
}
