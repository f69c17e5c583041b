import type { Answer } from '../../exchange.ts'
import { checkRight } from '../access/membership.ts'
import { badPayload } from '../fault.ts'
import { noContent, type Request } from '../request.ts'
import type { Collection, Table } from '../schema/model.ts'
import { relatedSlots } from '../store/related.ts'
import { type Body, isBody, readBody } from './body.ts'
import { insertRow } from './create.ts'
import { removeRow } from './delete.ts'

/** The only collection that can be replaced as a whole: the parties of an activity. */
export function isPartyList(table: Table, collection: Collection): boolean {
  return table.isActivity && collection.table === 'activityparty'
}

/** Answers `PUT activity/parties`: those that were there go, those of the body come. */
export function replaceParties(
  request: Request,
  table: Table,
  slot: number,
  collection: Collection,
): Answer {
  checkRight(request.caller, 'Write', table)
  const { database } = request
  const id = database.rows(table).idOf(slot)
  const parties = readParties(request, table)
  const rows = database.rows(collection.table)
  database.atomically(() => {
    for (const old of relatedSlots(database, collection, id)) {
      removeRow(request, { table: rows.table.name, id: rows.idOf(old) })
    }
    const values = new Map([[collection.column, { table: table.name, id }]])
    for (const party of parties) insertRow(request, rows.table, party, { values })
  })
  return noContent(request)
}

function readParties(request: Request, table: Table): readonly Body[] {
  const list = readBody(request, table.set)['value']
  if (Array.isArray(list) && list.every(isBody)) return list
  throw badPayload(
    table.set,
    "Microsoft.OData.ODataException: A top-level property with name 'value' was expected in the payload.",
  )
}
