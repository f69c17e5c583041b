import type { Answer } from '../exchange.ts'
import { checkRight } from './access/membership.ts'
import { writeList } from './answer/list.ts'
import { answerProperty, answerRow } from './answer/single.ts'
import { noResource, notSupported, unknownSegment, wrongMethod } from './fault.ts'
import type { Segment } from './http/address.ts'
import { findRow, readRowKey, rowMissing } from './http/row-key.ts'
import { answerDefinitions } from './metadata/definitions.ts'
import { answerMetadata } from './metadata/document.ts'
import { answerOperation, OPERATIONS } from './operations.ts'
import { NAMESPACE } from './query/expression.ts'
import { countRows, MAX_PAGE, type Origin } from './query/run.ts'
import { refuseManyToMany, refuseUnserved, targetTable } from './query/scope.ts'
import { jsonAnswer, type Request, scopeOf } from './request.ts'
import type { Collection, Table } from './schema/model.ts'
import { createRow } from './write/create.ts'
import { deleteRow } from './write/delete.ts'
import { linkCollection, linkSingle, unlinkCollection, unlinkSingle } from './write/links.ts'
import { clearProperty, setProperty } from './write/property.ts'
import { upsertRow } from './write/upsert.ts'

const NOT_BUILT: Readonly<Record<string, string>> = {
  $batch: '$batch requests',
  RelationshipDefinitions: 'RelationshipDefinitions',
  GlobalOptionSetDefinitions: 'GlobalOptionSetDefinitions',
  RetrieveMetadataChanges: 'RetrieveMetadataChanges',
  InitializeFrom: 'InitializeFrom',
  InitializeFileBlocksUpload: 'file uploads (InitializeFileBlocksUpload)',
  UploadBlock: 'file uploads (UploadBlock)',
  CommitFileBlocksUpload: 'file uploads (CommitFileBlocksUpload)',
  InitializeFileBlocksDownload: 'file downloads (InitializeFileBlocksDownload)',
  BulkDelete: 'BulkDelete',
}

/** Finds what an address means and answers it. */
export function route(request: Request, segments: readonly Segment[]): Answer {
  const [first, ...rest] = segments
  if (!first) return answerServiceDocument(request)
  if (first.name === '$metadata') return answerMetadata(request)
  if (NOT_BUILT[first.name]) throw notSupported(NOT_BUILT[first.name] ?? '')
  if (first.name === 'EntityDefinitions') return answerDefinitions(request, first, rest)
  if (OPERATIONS.has(first.name)) {
    if (rest.length > 0) throw noResource(request.exchange.url.href)
    return answerOperation(request, first)
  }
  const table = request.database.schema.sets.get(first.name)
  if (!table) throw unknownSet(request, first.name)
  if (first.key === undefined) return routeSet(request, table, rest)
  return routeRow(request, table, first.key, rest)
}

function answerServiceDocument(request: Request): Answer {
  if (!reads(request)) throw wrongMethod(request.method)
  const sets = [...request.database.schema.sets.keys(), 'EntityDefinitions'].sort()
  const value = sets.map((name) => ({ name, kind: 'EntitySet', url: name }))
  const body = { '@odata.context': `${request.base}/$metadata`, value }
  return jsonAnswer(request, JSON.stringify(body))
}

function unknownSet(request: Request, name: string): Error {
  const unserved = [...request.database.schema.unserved].find(([, set]) => set === name)
  return unserved ? notSupported(`the table ${unserved[0]}`) : unknownSegment(name)
}

function routeSet(request: Request, table: Table, rest: readonly Segment[]): Answer {
  const [next] = rest
  if (!next) {
    if (reads(request)) return answerList(request, { table }, `${request.base}/${table.set}`)
    if (request.method === 'POST') return createRow(request, table)
    throw wrongMethod(request.method)
  }
  if (next.name === '$count' && rest.length === 1) return answerCount(request, { table })
  if (next.name.startsWith(NAMESPACE)) {
    throw notSupported(`the operation ${next.name.slice(NAMESPACE.length)}`)
  }
  throw unknownSegment(next.name)
}

function routeRow(
  request: Request,
  table: Table,
  keyText: string,
  rest: readonly Segment[],
): Answer {
  const key = readRowKey(table, keyText)
  const [next, last] = rest
  if (!next && request.method === 'PATCH') return upsertRow(request, table, key)
  const slot = findRow(request.database.rows(table), key)
  if (slot === undefined) throw rowMissing(table, key)
  if (!next) {
    if (request.method === 'DELETE') return deleteRow(request, table, slot)
    if (!reads(request)) throw wrongMethod(request.method)
    checkRight(request.caller, 'Read', table)
    return answerRow(request, table, slot)
  }
  if (next.name.startsWith(NAMESPACE)) {
    throw notSupported(`the operation ${next.name.slice(NAMESPACE.length)}`)
  }
  const single = table.singles.get(next.name)
  if (single) return routeSingle(request, table, slot, next.name, last)
  const collection = table.collections.get(next.name)
  if (collection) return routeCollection(request, table, slot, collection, next, last)
  return routeProperty(request, table, slot, next, last)
}

function routeSingle(
  request: Request,
  table: Table,
  slot: number,
  name: string,
  last: Segment | undefined,
): Answer {
  const single = table.singles.get(name)
  if (!single) throw unknownSegment(name)
  const target = targetTable(request.database, single)
  const reference = request.database.rows(table).reference(slot, single.column)
  const found =
    reference?.table === target.name
      ? request.database.rows(target).slotOf(reference.id)
      : undefined
  if (last?.name === '$ref') {
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
  const origin: Origin = { table: child, parent: { column: collection.column, id } }
  if (last?.name === '$ref') {
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
  if (column.type === 'File' || column.type === 'Image')
    throw notSupported('file and image columns')
  if (last) throw notSupported(`the path segment '${last.name}' after a property`)
  if (request.method === 'PUT') return setProperty(request, table, slot, column)
  if (request.method === 'DELETE') return clearProperty(request, table, slot, column)
  if (!reads(request)) throw wrongMethod(request.method)
  return answerProperty(request, table, slot, column)
}

function answerList(request: Request, origin: Origin, address: string): Answer {
  checkRight(request.caller, 'Read', origin.table)
  const body = writeList(
    {
      scope: scopeOf(request, origin.table),
      origin,
      options: request.options,
      preferences: request.preferences,
      base: request.base,
      address,
      timeZone: request.timeZone,
    },
    request.metadataVersion,
  )
  return jsonAnswer(request, body)
}

/** A bare number, at most 5,000, after a byte order mark. */
function answerCount(request: Request, origin: Origin): Answer {
  if (!reads(request)) throw wrongMethod(request.method)
  const total = countRows(scopeOf(request, origin.table), origin, request.options.filter)
  const body = `\uFEFF${Math.min(total, MAX_PAGE)}`
  return { status: 200, headers: { 'content-type': 'text/plain' }, body }
}

function answerReferences(request: Request, origin: Origin): Answer {
  const rows = request.database.rows(origin.table)
  const slots = origin.parent ? rows.related(origin.parent.column, origin.parent.id) : []
  const value = slots.map((slot) => ({
    '@odata.id': `${request.base}/${origin.table.set}(${rows.idOf(slot)})`,
  }))
  const context = `${request.base}/$metadata#Collection($ref)`
  return jsonAnswer(request, JSON.stringify({ '@odata.context': context, value }))
}

function reads(request: Request): boolean {
  return request.method === 'GET' || request.method === 'HEAD'
}
