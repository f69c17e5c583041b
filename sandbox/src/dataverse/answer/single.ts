import type { Answer } from '../../exchange.ts'
import { checkSecured } from '../access/secured.ts'
import { badQuery, notSupported } from '../fault.ts'
import { shapeOf } from '../query/shape.ts'
import { jsonAnswer, type Request, scopeOf } from '../request.ts'
import type { Column, Table } from '../schema/model.ts'
import { valueWriter } from './cells.ts'
import { contextOf } from './context.ts'
import { rowWriter } from './rows.ts'

/** Answers with one row, or with 304 when the client has this version of it. */
export function answerRow(
  request: Request,
  table: Table,
  slot: number,
  { status = 200, expanded = true }: { status?: number; expanded?: boolean } = {},
): Answer {
  const expand = expanded ? request.options.expand : undefined
  refuseListOptions(request)
  checkSecured(request, table)
  const tag = entityTag(request, table, slot)
  const fresh = request.exchange.headers['if-none-match']
  const conditional = expand === undefined && !request.preferences.anyAnnotations
  if (status === 200 && request.method !== 'PATCH' && conditional && fresh === tag) {
    return { status: 304, headers: { 'content-type': 'application/json; odata.metadata=minimal' } }
  }
  const shape = shapeOf(request.database, table, request.options.select, expand)
  const write = rowWriter(
    {
      database: request.database,
      base: request.base,
      wants: request.preferences.wants,
      timeZone: request.timeZone,
      scope: scopeOf(request, table),
      pageSize: request.preferences.pageSize,
    },
    shape,
  )
  const context = contextOf(request.base, table.set, shape, true)
  const body = `{"@odata.context":${JSON.stringify(context)},${write(slot).slice(1)}`
  return jsonAnswer(request, body, { status, headers: { etag: tag } })
}

/** The weak tag of a row's version. */
export function entityTag(request: Request, table: Table, slot: number): string {
  const version = table.byName.get('versionnumber')
  return `W/"${(version && request.database.rows(table).number(slot, version)) ?? 0}"`
}

/** Answers with one property of a row; an empty one has no content. */
export function answerProperty(
  request: Request,
  table: Table,
  slot: number,
  column: Column,
): Answer {
  const rows = request.database.rows(table)
  if (rows.raw(slot, column) === null) return { status: 204 }
  const context = `${request.base}/$metadata#${table.set}(${rows.idOf(slot)})/${column.property}`
  const value = valueWriter(rows, column)(slot)
  return jsonAnswer(request, `{"@odata.context":${JSON.stringify(context)},"value":${value}}`)
}

function refuseListOptions(request: Request): void {
  if (request.preferences.trackChanges) throw notSupported('change tracking of a single row')
  const { filter, orderby, top, count } = request.options
  const given = [
    filter !== undefined && '$filter',
    orderby !== undefined && '$orderby',
    top !== undefined && '$top',
    count && '$count',
  ].find((name) => name !== false)
  if (given) {
    throw badQuery(
      `Query options $orderby, $inlinecount, $skip and $top can be applied only on collections. '${given}' was given.`,
    )
  }
}
