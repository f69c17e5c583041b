import { BodyWriter } from '../answer/body-writer.ts'
import type { Writing } from '../answer/cells.ts'
import { countNotes } from '../answer/list.ts'
import type { Preferences } from '../answer/prefer.ts'
import type { Scope } from '../query/scope.ts'
import type { Table } from '../schema/model.ts'
import { writeFetchGroups } from './aggregates.ts'
import { planColumns } from './columns.ts'
import { badFetch } from './errors.ts'
import { planOrders } from './order.ts'
import { type FetchPage, readPage } from './page.ts'
import { Plan } from './plan.ts'
import { readFetch } from './read-query.ts'
import { planQuery } from './run.ts'

export interface FetchRequest {
  readonly scope: Scope
  readonly table: Table
  readonly text: string
  /** The rows that the query is applied to; all of the table when absent. */
  readonly among?: readonly number[]
  /** `$count=true` beside the query. */
  readonly count: boolean
  readonly preferences: Preferences
  readonly writing: Writing
  /** Told how many rows were read. */
  readonly tally: { rows: number }
}

const COOKIE = 'Microsoft.Dynamics.CRM.fetchxmlpagingcookie'
const MORE = 'Microsoft.Dynamics.CRM.morerecords'

/** Answers a FetchXML query. */
export function writeFetch(request: FetchRequest, metadataVersion: string): Buffer {
  const { scope, table, preferences, writing } = request
  const query = readFetch(request.text)
  const plan = new Plan(scope)
  const planned = planQuery(plan, query.entity, request.among)
  if (query.entity.name !== table.name) {
    throw badFetch(
      '0x80041128',
      'The entity name specified in fetchxml does not match the entity name specified in the Entity or Query Expression.',
    )
  }
  if (query.aggregate) return writeFetchGroups(writing, planned, query, table.set, request.tally)
  const terms = planOrders(plan, planned, query)
  const columns = planColumns(writing, planned, query)
  const counted = request.count || query.totalCount
  const page = readPage(query, planned, terms, columns.write, counted)
  request.tally.rows = page.rows.length
  const list = columns.listed.length === 0 ? '' : `(${columns.listed.join(',')})`
  const body = new BodyWriter()
  body.write(`{"@odata.context":${JSON.stringify(`${writing.base}/$metadata#${table.set}${list}`)}`)
  body.write(countNotes(preferences, counted, page.total, metadataVersion))
  body.write(`${pagingNotes(preferences, page)},"value":[`)
  for (const [index, row] of page.rows.entries()) body.write(index === 0 ? row : `,${row}`)
  body.write(']}')
  return body.finish()
}

/** The last page has neither of them. */
function pagingNotes({ wants }: Preferences, { more, cookie }: FetchPage): string {
  if (!more) return ''
  const place =
    cookie !== undefined && wants(COOKIE) ? `,"@${COOKIE}":${JSON.stringify(cookie)}` : ''
  return wants(MORE) ? `${place},"@${MORE}":true` : place
}
