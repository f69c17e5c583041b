import type { Answer } from '../exchange.ts'
import { checkRight } from './access/membership.ts'
import { checkReach } from './access/reach.ts'
import { answerRowFunction } from './access/user-privileges.ts'
import { answerProperty, answerRow } from './answer/single.ts'
import { answerCount, answerList, answerReferences, reads } from './collection-answers.ts'
import { notSupported, unknownSegment, wrongMethod } from './fault.ts'
import { answerFileColumn } from './files/column-routes.ts'
import type { Segment } from './http/address.ts'
import { permitOptions, ROW_OPTIONS, WRITE_OPTIONS } from './http/permitted-options.ts'
import { findRow, readRowKey, rowMissing } from './http/row-key.ts'
import { NAMESPACE } from './query/expression.ts'
import type { Origin } from './query/run.ts'
import { refuseManyToMany, refuseUnserved, targetTable } from './query/scope.ts'
import { jsonAnswer, type Request } from './request.ts'
import type { Collection, Single, Table } from './schema/model.ts'
import { deleteRow } from './write/delete.ts'
import { linkCollection, linkSingle, unlinkCollection, unlinkSingle } from './write/links.ts'
import { isPartyList, replaceParties } from './write/parties.ts'
import { clearProperty, setProperty } from './write/property.ts'
import { upsertRow } from './write/upsert.ts'

/** Answers what is asked of one row, or of what belongs to it. */
export function routeRow(
  request: Request,
  table: Table,
  keyText: string,
  rest: readonly Segment[],
): Answer {
  const key = readRowKey(table, keyText)
  const [next, last] = rest
  if (!next && request.method === 'PATCH') {
    permitOptions(request, WRITE_OPTIONS)
    return upsertRow(request, table, key)
  }
  const slot = findRow(request.database.rows(table), key)
  if (slot === undefined) throw rowMissing(table, key)
  if (!next) return routeRowItself(request, table, slot)
  if (next.name.startsWith(NAMESPACE)) {
    return answerRowFunction(request, table, slot, next.name)
  }
  const single = table.singles.get(next.name)
  if (single) return routeSingle(request, table, slot, single, last)
  const collection = table.collections.get(next.name)
  if (collection) return routeCollection(request, table, slot, collection, next, last)
  return routeProperty(request, table, slot, next, last)
}

function routeSingle(
  request: Request,
  table: Table,
  slot: number,
  single: Single,
  last: Segment | undefined,
): Answer {
  const target = targetTable(request.database, single)
  const reference = request.database.rows(table).reference(slot, single.column)
  const found =
    reference?.table === target.name
      ? request.database.rows(target).slotOf(reference.id)
      : undefined
  if (last?.name === '$ref') {
    permitReference(request)
    if (request.method === 'PUT') return linkSingle(request, table, slot, single)
    if (request.method === 'DELETE') return unlinkSingle(request, table, slot, single)
    if (!reads(request)) throw wrongMethod(request.method)
    if (found === undefined || !reference) return { status: 204 }
    const context = `${request.base}/$metadata#$ref`
    const id = `${request.base}/${target.set}(${reference.id})`
    return jsonAnswer(request, JSON.stringify({ '@odata.context': context, '@odata.id': id }))
  }
  if (last) throw notSupported(`the path segment '${last.name}' after a navigation property`)
  if (!reads(request)) throw wrongMethod(request.method)
  permitOptions(request, ROW_OPTIONS)
  checkRight(request.caller, 'Read', target)
  if (found !== undefined) checkReach(request.database, request.caller, 'Read', target, found)
  return found === undefined ? { status: 204 } : answerRow(request, target, found)
}

function routeCollection(
  request: Request,
  table: Table,
  slot: number,
  collection: Collection,
  step: Segment,
  last: Segment | undefined,
): Answer {
  const { name } = collection
  const id = request.database.rows(table).idOf(slot)
  const child = request.database.rows(collection.table).table
  const origin: Origin = { table: child, parent: { way: collection, id } }
  if (last?.name === '$ref') {
    permitReference(request)
    if (request.method === 'POST') return linkCollection(request, table, slot, collection)
    if (request.method === 'DELETE') {
      return unlinkCollection(request, table, slot, collection, step.key)
    }
    if (!reads(request)) throw wrongMethod(request.method)
    return answerReferences(request, origin)
  }
  if (step.key !== undefined) throw notSupported('a key on a collection-valued navigation property')
  if (last?.name === '$count') return answerCount(request, origin)
  if (last) throw unknownSegment(last.name)
  if (request.method === 'PUT' && isPartyList(table, collection)) {
    permitOptions(request, ['tag'])
    return replaceParties(request, table, slot, collection)
  }
  if (request.method === 'POST')
    throw notSupported('POST to a collection-valued navigation property')
  if (!reads(request)) throw wrongMethod(request.method)
  return answerList(request, origin, `${request.base}/${table.set}(${id})/${name}`)
}

function routeProperty(
  request: Request,
  table: Table,
  slot: number,
  step: Segment,
  last: Segment | undefined,
): Answer {
  const column = table.byProperty.get(step.name)
  if (!column) {
    refuseManyToMany(request.database, table, step.name)
    refuseUnserved(request.database, table, step.name)
    throw unknownSegment(step.name)
  }
  if (column.type === 'File' || column.type === 'Image') {
    return answerFileColumn(request, { table, slot, column }, last)
  }
  if (last) throw notSupported(`the path segment '${last.name}' after a property`)
  permitOptions(request, reads(request) ? [] : ['tag'])
  if (request.method === 'PUT') return setProperty(request, table, slot, column)
  if (request.method === 'DELETE') return clearProperty(request, table, slot, column)
  if (!reads(request)) throw wrongMethod(request.method)
  checkReach(request.database, request.caller, 'Read', table, slot)
  return answerProperty(request, table, slot, column)
}

function routeRowItself(request: Request, table: Table, slot: number): Answer {
  if (request.method === 'DELETE') {
    permitOptions(request, ['tag'])
    return deleteRow(request, table, slot)
  }
  if (!reads(request)) throw wrongMethod(request.method)
  permitOptions(request, ROW_OPTIONS)
  checkReach(request.database, request.caller, 'Read', table, slot)
  return answerRow(request, table, slot)
}

/** Links have no version of their own that a condition could name. */
function permitReference(request: Request): void {
  permitOptions(request, reads(request) ? [] : ['tag', '$id'])
  if (request.exchange.headers['if-match'] !== undefined) throw notSupported('If-Match with $ref')
}
