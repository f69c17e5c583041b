import type { Answer } from '../../exchange.ts'
import { notSupported, wrongMethod } from '../fault.ts'
import { permitOptions } from '../http/permitted-options.ts'
import { metadataId } from '../metadata/labels.ts'
import { NAMESPACE } from '../query/expression.ts'
import { jsonAnswer, type Request } from '../request.ts'
import type { Table } from '../schema/model.ts'
import { type Caller, checkRight } from './membership.ts'
import { DEPTHS, privilegeName, RIGHTS, SPECIAL } from './rights.ts'

/** Answers a function that is bound to a row: the one that there is, of users. */
export function answerRowFunction(
  request: Request,
  table: Table,
  slot: number,
  name: string,
): Answer {
  if (name !== `${NAMESPACE}RetrieveUserPrivileges` || table.name !== 'systemuser') {
    throw notSupported(`the operation ${name.slice(NAMESPACE.length)}`)
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') throw wrongMethod(request.method)
  permitOptions(request, [])
  checkRight(request.caller, 'Read', table)
  const user = request.membership.callerOf(request.database.rows(table).idOf(slot))
  const context = `${request.base}/$metadata#${NAMESPACE}RetrieveUserPrivilegesResponse`
  const RolePrivileges = user ? privilegesOf(request, user) : []
  return jsonAnswer(request, JSON.stringify({ '@odata.context': context, RolePrivileges }))
}

/** Every privilege once, with the reach that the user's roles give it together. */
function privilegesOf({ database }: Request, { rights, unit }: Caller) {
  const depths = new Map<string, number>()
  for (const table of database.schema.tables.values()) {
    if (table.isIntersect) continue
    for (const right of RIGHTS) depths.set(privilegeName(right, table), rights.depth(right, table))
  }
  for (const name of SPECIAL) if (rights.holds(name)) depths.set(name, DEPTHS.Global)
  const named = new Map<number, string>(
    Object.entries(DEPTHS).map(([name, depth]) => [depth, name]),
  )
  return [...depths]
    .filter(([, depth]) => depth > DEPTHS.None)
    .map(([name, depth]) => ({
      Depth: named.get(depth),
      PrivilegeId: metadataId(name),
      BusinessUnitId: unit,
      PrivilegeName: name,
    }))
}
