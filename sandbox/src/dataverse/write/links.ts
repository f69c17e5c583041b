import type { Answer } from '../../exchange.ts'
import { checkRight } from '../access/membership.ts'
import { badQuery } from '../fault.ts'
import { asGuid } from '../query/operands.ts'
import { noContent, type Request } from '../request.ts'
import type { Collection, Single, Table } from '../schema/model.ts'
import type { Reference } from '../store/rows.ts'
import { readBody } from './body.ts'
import { readPayload } from './payload.ts'
import { followLink } from './references.ts'
import { tie, untie } from './ties.ts'
import { applyValues } from './upsert.ts'

/** Answers `PUT row/lookup/$ref`. */
export function linkSingle(request: Request, table: Table, slot: number, single: Single): Answer {
  const link = readBody(request, table.set)['@odata.id']
  const { values } = readPayload(request, table, { [`${single.name}@odata.bind`]: link }, 'update')
  applyValues(request, table, slot, values)
  return noContent(request)
}

/** Answers `DELETE row/lookup/$ref`. */
export function unlinkSingle(request: Request, table: Table, slot: number, single: Single): Answer {
  applyValues(request, table, slot, new Map([[single.column, null]]))
  return noContent(request)
}

/** Answers `POST row/collection/$ref`. */
export function linkCollection(
  request: Request,
  table: Table,
  slot: number,
  collection: Collection,
): Answer {
  if (!collection.through)
    checkRight(request.caller, 'Write', request.database.rows(collection.table).table)
  const child = followLink(request, readBody(request, table.set)['@odata.id'], table)
  const id = request.database.rows(table).idOf(slot)
  tie(request, collection, child, { table: table.name, id })
  return noContent(request)
}

/** Answers `DELETE row/collection/$ref?$id=…` and `DELETE row/collection(id)/$ref`. */
export function unlinkCollection(
  request: Request,
  table: Table,
  slot: number,
  collection: Collection,
  key: string | undefined,
): Answer {
  const rows = request.database.rows(collection.table)
  checkRight(request.caller, 'Write', collection.through ? table : rows.table)
  const child = childOf(request, table, collection, key)
  const at = rows.slotOf(child.id)
  const parent = request.database.rows(table).idOf(slot)
  if (collection.through) {
    untie(request, collection, child, parent)
    return noContent(request)
  }
  if (at !== undefined && rows.text(at, collection.column) === parent) {
    tie(request, collection, child, null)
  }
  return noContent(request)
}

function childOf(
  request: Request,
  table: Table,
  collection: Collection,
  key: string | undefined,
): Reference {
  if (key !== undefined) {
    const id = asGuid(key)
    if (!id) throw badQuery(`The key '${key}' is not a Guid.`)
    return { table: collection.table, id }
  }
  const { id } = request.options
  if (id === undefined) throw badQuery('The reference to remove is missing: give it as $id.')
  return followLink(request, id, table)
}
