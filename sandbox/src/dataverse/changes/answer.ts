import type { Answer } from '../../exchange.ts'
import { BodyWriter } from '../answer/body-writer.ts'
import { FORMATTED } from '../answer/cells.ts'
import { contextOf } from '../answer/context.ts'
import { countNotes } from '../answer/list.ts'
import { type RowWriter, rowWriter } from '../answer/rows.ts'
import { permitOptions } from '../http/permitted-options.ts'
import {
  encodeLower,
  innerCookie,
  innerOfSkipToken,
  readInnerCookie,
  skipTokenOf,
} from '../query/cookie.ts'
import { MAX_PAGE } from '../query/run.ts'
import { type Shape, shapeOf } from '../query/shape.ts'
import { jsonAnswer, type Request, scopeOf } from '../request.ts'
import type { Table } from '../schema/model.ts'
import { type Change, findChanges, readPlace, writePlace } from './delta.ts'
import { permitTracking } from './permission.ts'
import { type DeltaToken, expired, readToken, writeToken } from './token.ts'

const DAY = 86_400_000
const TRACKED = 'odata.track-changes'

/** Answers with all rows of a table and, on the last page, the link that leads to what changes from here. */
export function answerTracked(request: Request, table: Table, address: string): Answer {
  permitTracking(request, table)
  permitOptions(request, ['$select', '$skiptoken'])
  const { database, options } = request
  const rows = database.rows(table)
  const inner = options.skiptoken === undefined ? undefined : innerOfSkipToken(options.skiptoken)
  const resume = inner === undefined ? undefined : readInnerCookie(inner, rows, [])
  // What changes while the pages are read belongs to the first delta: the token is that of the first page.
  const token =
    /^<cookie page="\d+" token="([^"]*)"/.exec(inner ?? '')?.[1] ?? currentToken(request)
  readToken(token)
  const size = pageSize(request)
  const slots: number[] = []
  let more = false
  for (const slot of rows.slotsAfter(resume?.id)) {
    more = slots.length === size
    if (more) break
    slots.push(slot)
  }
  request.tally.rows = slots.length
  const page = (resume?.page ?? 0) + 1
  const body = new BodyWriter()
  const { shape, write } = writerOf(request, table)
  open(body, request, table, shape, '', more ? '' : deltaLink(request, shape, address, token))
  for (const [index, slot] of slots.entries()) body.write(`${index === 0 ? '' : ','}${write(slot)}`)
  const cookie = innerCookie(rows, slots, [], `page="${page}" token="${token}"`)
  close(body, more ? nextLink(request, address, skipTokenOf(cookie, page + 1, true)) : '')
  return jsonAnswer(request, body.finish(), { headers: trackedHeader(request) })
}

/** Answers with the rows that changed since a token, then with those that are gone. */
export function answerDelta(request: Request, table: Table, address: string): Answer {
  permitTracking(request, table)
  permitOptions(request, ['$select', '$deltatoken', '$skiptoken'])
  const { deltatoken = '', skiptoken } = request.options
  const since = checkedToken(request, deltatoken)
  const before = skiptoken === undefined ? undefined : readPlace(innerOfSkipToken(skiptoken))
  const token = before?.token ?? currentToken(request)
  const until = readToken(token).version
  const span = { after: since.version, until }
  const changes = findChanges(request.database, table, span, before?.place)
  const page = changes.slice(0, pageSize(request))
  const last = changes.length > page.length ? page.at(-1) : undefined
  request.tally.rows = page.length
  const number = (before?.page ?? 0) + 1
  const body = new BodyWriter()
  const { shape, write } = writerOf(request, table)
  open(
    body,
    request,
    table,
    shape,
    '/$delta',
    last ? '' : deltaLink(request, shape, address, token),
  )
  const gone = JSON.stringify(`${request.base}/$metadata#${table.set}/$deletedEntity`)
  for (const [index, change] of page.entries()) {
    body.write(`${index === 0 ? '' : ','}${changeText(change, write, gone)}`)
  }
  const next = last && skipTokenOf(writePlace(number, token, last), number + 1, true)
  close(body, next ? nextLink(request, address, next, ['$deltatoken']) : '')
  const asked = request.preferences.trackChanges ? trackedHeader(request) : {}
  return jsonAnswer(request, body.finish(), { headers: asked })
}

/** The number of changes since the token of a count. */
export function countChanges(request: Request, table: Table): number {
  permitTracking(request, table)
  const { version } = checkedToken(request, request.options.deltatoken ?? '')
  const span = { after: version, until: request.database.version }
  return findChanges(request.database, table, span).length
}

function changeText(change: Change, write: RowWriter, gone: string): string {
  if (change.kind === 'row') return write(change.slot)
  return `{"@odata.context":${gone},"id":"${change.id}","reason":"deleted"}`
}

/** @throws Fault 0x80044352 when the token is older than changes are kept, or of another life of the organization */
function checkedToken(request: Request, text: string): DeltaToken {
  const token = readToken(text)
  const oldest = request.now - request.tracking.retentionDays * DAY
  if (token.at < oldest || token.version > request.database.version) throw expired()
  return token
}

function currentToken({ database, now }: Request): string {
  return writeToken({ version: database.version, at: now })
}

function pageSize({ preferences }: Request): number {
  return Math.min(preferences.pageSize ?? MAX_PAGE, MAX_PAGE)
}

function writerOf(request: Request, table: Table): { shape: Shape; write: RowWriter } {
  const { database, base, preferences, timeZone } = request
  const shape = shapeOf(database, table, request.options.select, undefined)
  const scope = scopeOf(request, table)
  const { wants } = preferences
  const writing = { database, base, wants, timeZone, scope, pageSize: undefined }
  return { shape, write: rowWriter(writing, shape) }
}

function open(
  body: BodyWriter,
  request: Request,
  table: Table,
  shape: Shape,
  suffix: string,
  delta: string,
): void {
  const context = contextOf(request.base, table.set, shape, false) + suffix
  body.write(`{"@odata.context":${JSON.stringify(context)}`)
  body.write(countNotes(request.preferences, false, undefined, request.metadataVersion))
  body.write(`${delta},"value":[`)
}

function close(body: BodyWriter, next: string): void {
  body.write(`]${next}}`)
}

/** A switch leaves it out as an old version did that had to write display texts of lookups. */
function deltaLink(request: Request, shape: Shape, address: string, token: string): string {
  const lookups = shape.columns.some(({ storage }) => storage === 'reference')
  const lost = request.tracking.deltaLink === 'lostWithLookups'
  if (lost && lookups && request.preferences.wants(FORMATTED)) return ''
  const link = linkOf(request, address, `$deltatoken=${encodeLower(token)}`)
  return `,"@odata.deltaLink":${JSON.stringify(link)}`
}

function nextLink(
  request: Request,
  address: string,
  token: string,
  kept: readonly string[] = [],
): string {
  const link = linkOf(request, address, `$skiptoken=${token}`, kept)
  return `,"@odata.nextLink":${JSON.stringify(link)}`
}

function linkOf(
  { options }: Request,
  address: string,
  token: string,
  kept: readonly string[] = [],
): string {
  const others = options.sent.filter(
    ({ name }) => kept.includes(name) || (name !== '$skiptoken' && name !== '$deltatoken'),
  )
  return `${address}?${[...others.map(({ raw }) => raw), token].join('&')}`
}

function trackedHeader({ preferences }: Request): Record<string, string> {
  return { 'preference-applied': [TRACKED, ...preferences.applied].join(',') }
}
