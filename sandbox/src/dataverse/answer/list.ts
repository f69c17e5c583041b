import { writeSkipToken } from '../query/cookie.ts'
import type { Options } from '../query/options.ts'
import { type Found, MAX_PAGE, type Origin, runSearch } from '../query/run.ts'
import type { Scope } from '../query/scope.ts'
import { isNested, shapeOf } from '../query/shape.ts'
import { BodyWriter } from './body-writer.ts'
import { contextOf } from './context.ts'
import type { Preferences } from './prefer.ts'
import { rowWriter } from './rows.ts'

export interface ListRequest {
  readonly scope: Scope
  readonly origin: Origin
  readonly options: Options
  readonly preferences: Preferences
  readonly base: string
  /** The address that was asked for, without its query. */
  readonly address: string
  readonly timeZone: string
  readonly tally: { rows: number }
}

const COUNT = 'Microsoft.Dynamics.CRM.totalrecordcount'
const EXCEEDED = 'Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded'
const VERSION = 'Microsoft.Dynamics.CRM.globalmetadataversion'

/** Writes one page of a collection. */
export function writeList(request: ListRequest, metadataVersion: string): Buffer {
  const { scope, origin, options, preferences, base } = request
  const shape = shapeOf(scope.database, origin.table, options.select, options.expand)
  // With a page size the service ignores $top.
  const top = preferences.pageSize === undefined ? options.top : undefined
  const pageSize = Math.min(preferences.pageSize ?? MAX_PAGE, MAX_PAGE)
  const found = runSearch(scope, origin, {
    filter: options.filter,
    orderby: options.orderby,
    skiptoken: options.skiptoken,
    limit: Math.min(top ?? pageSize, pageSize),
    count: options.count,
  })
  request.tally.rows = found.slots.length
  const write = rowWriter(
    {
      database: scope.database,
      base,
      wants: preferences.wants,
      timeZone: request.timeZone,
      scope,
      pageSize: preferences.pageSize,
    },
    shape,
  )
  const context = JSON.stringify(contextOf(base, origin.table.set, shape, false))
  const body = new BodyWriter()
  body.write(`{"@odata.context":${context}`)
  body.write(`${countNotes(preferences, options.count, found.total, metadataVersion)},"value":[`)
  for (const [index, slot] of found.slots.entries()) {
    body.write(index === 0 ? write(slot) : `,${write(slot)}`)
  }
  body.write(']')
  if (found.more && top === undefined) {
    const link = nextLink(request, found, isNested(shape))
    body.write(`,"@odata.nextLink":${JSON.stringify(link)}`)
  }
  body.write('}')
  return body.finish()
}

/** Writes the notes about the number of rows and the state of the definitions. */
export function countNotes(
  preferences: Preferences,
  count: boolean,
  total: number | undefined,
  metadataVersion: string,
): string {
  const known = count && total !== undefined
  const capped = known ? Math.min(total, MAX_PAGE) : -1
  let text = known ? `,"@odata.count":${capped}` : ''
  if (preferences.wants(COUNT)) text += `,"@${COUNT}":${capped}`
  if (preferences.wants(EXCEEDED)) text += `,"@${EXCEEDED}":${known && total > MAX_PAGE}`
  if (preferences.wants(VERSION)) text += `,"@${VERSION}":"${metadataVersion}"`
  return text
}

/** The link carries every option as it was sent, only the token is new. */
function nextLink(request: ListRequest, found: Found, counted: boolean): string {
  const { scope, origin, options, address } = request
  const kept = options.sent
    .filter(({ name }) => name !== '$skiptoken')
    .map(({ raw }) => raw.replaceAll('%27', "'"))
  const rows = scope.database.rows(origin.table)
  const token = writeSkipToken(rows, found.slots, found.terms, found.page, counted)
  return `${address}?${[...kept, `$skiptoken=${token}`].join('&')}`
}
