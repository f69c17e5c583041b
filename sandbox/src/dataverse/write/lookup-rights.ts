import { missingPrivilege } from '../access/membership.ts'
import { checkAppend, checkReach } from '../access/reach.ts'
import { DEPTHS } from '../access/rights.ts'
import type { Request } from '../request.ts'
import type { Column, Table } from '../schema/model.ts'
import type { Value } from '../store/rows.ts'

/** Checks what setting lookups needs: another owner the right to assign, any other row the rights to append. */
export function checkLookups(
  request: Request,
  table: Table,
  given: ReadonlyMap<Column, Value>,
  slot: number | undefined,
): void {
  const { caller, database } = request
  if (caller.rights.isFull) return
  for (const [column, value] of given) {
    if (column.storage !== 'reference' || typeof value !== 'object' || value === null) continue
    if (column.type !== 'Owner') checkAppend(database, caller, table, value)
    else if (slot !== undefined) checkReach(database, caller, 'Assign', table, slot)
    else if (value.id !== caller.user.id && caller.rights.depth('Assign', table) === DEPTHS.None) {
      throw missingPrivilege(caller, 'Assign', table)
    }
  }
}
