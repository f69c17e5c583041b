import type { Answer } from '../exchange.ts'
import { answerBackground } from './background/answer.ts'
import { answerSetAction } from './bulk/messages.ts'
import { answerCount, answerList, reads } from './collection-answers.ts'
import { noResource, notSupported, unknownSegment, wrongMethod } from './fault.ts'
import { answerFileMessage, isFileMessage } from './files/messages.ts'
import type { Segment } from './http/address.ts'
import { permitOptions, WRITE_OPTIONS } from './http/permitted-options.ts'
import { answerInitializeFrom } from './initialize-from.ts'
import { answerMetadataChanges } from './metadata/changes/answer.ts'
import { answerDefinitions } from './metadata/definitions.ts'
import { answerMetadata } from './metadata/document.ts'
import { answerOperation, OPERATIONS } from './operations.ts'
import { NAMESPACE } from './query/expression.ts'
import { jsonAnswer, type Request } from './request.ts'
import { routeRow } from './row-routes.ts'
import type { Table } from './schema/model.ts'
import { createRow } from './write/create.ts'

const NOT_BUILT: ReadonlyMap<string, string> = new Map([
  ['ManagedPropertyDefinitions', 'ManagedPropertyDefinitions'],
  ['BulkDelete', 'BulkDelete'],
  ['PublishXml', 'changing definitions (PublishXml)'],
  ['PublishAllXml', 'changing definitions (PublishAllXml)'],
  ['ExecuteCosmosSqlQuery', 'elastic tables (ExecuteCosmosSqlQuery)'],
])

const DEFINITIONS = new Set([
  'EntityDefinitions',
  'RelationshipDefinitions',
  'GlobalOptionSetDefinitions',
])

/** Finds what an address means and answers it. */
export function route(request: Request, segments: readonly Segment[]): Answer {
  const [first, ...rest] = segments
  if (!first) return answerServiceDocument(request)
  const missing = NOT_BUILT.get(first.name)
  if (missing !== undefined) throw notSupported(missing)
  if (first.name === '$metadata') {
    const [next] = rest
    if (next) throw unknownSegment(next.name)
    return answerMetadata(request)
  }
  if (first.name === 'backgroundoperations') return answerBackground(request, first, rest)
  if (DEFINITIONS.has(first.name)) return answerDefinitions(request, first, rest)
  if (first.name === 'InitializeFrom' && rest.length === 0) {
    permitOptions(request, [])
    return answerInitializeFrom(request, first.key)
  }
  if (first.name === 'RetrieveMetadataChanges' && rest.length === 0) {
    permitOptions(request, [])
    return answerMetadataChanges(request, first.key)
  }
  if (isFileMessage(first.name) && rest.length === 0 && first.key === undefined) {
    return answerFileMessage(request, first.name)
  }
  if (OPERATIONS.has(first.name)) {
    if (rest.length > 0) throw noResource(request.exchange.url.href)
    permitOptions(request, [])
    return answerOperation(request, first)
  }
  const table = request.database.schema.sets.get(first.name)
  if (!table) throw unknownSet(request, first.name)
  if (first.key === undefined) return routeSet(request, table, rest)
  return routeRow(request, table, first.key, rest)
}

function answerServiceDocument(request: Request): Answer {
  if (!reads(request)) throw wrongMethod(request.method)
  permitOptions(request, [])
  const sets = [
    ...request.database.schema.sets.keys(),
    ...DEFINITIONS,
    'ManagedPropertyDefinitions',
  ].sort()
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
    if (request.method !== 'POST') throw wrongMethod(request.method)
    permitOptions(request, WRITE_OPTIONS)
    return createRow(request, table)
  }
  if (next.name === '$count' && rest.length === 1) return answerCount(request, { table })
  if (next.name.startsWith(NAMESPACE) && rest.length === 1) {
    return answerSetAction(request, table, next.name.slice(NAMESPACE.length))
  }
  throw unknownSegment(next.name)
}
