import { Fault } from '../fault.ts'
import type { Request } from '../request.ts'
import type { Table } from '../schema/model.ts'

/**
 * Refuses secured columns to those who have not all rights, where a switch names any.
 * @throws Fault 403 with the documented codes: read, or used to find rows
 */
export function checkSecured(request: Request, table: Table): void {
  if (request.securedColumns.length === 0 || request.caller.rights.isFull) return
  const { select, filter, orderby } = request.options
  for (const column of table.columns) {
    if (!request.securedColumns.includes(`${table.name}.${column.name}`)) continue
    const name = new RegExp(`(?<![\\w/])${column.property}(?!\\w)`)
    if (name.test(select ?? '')) {
      throw new Fault(
        403,
        '0x8004f504',
        'The user does not have read permissions to a secured field. The requested operation could not be completed.',
      )
    }
    if (name.test(`${filter ?? ''} ${orderby ?? ''}`)) {
      throw new Fault(
        403,
        '0x8004f506',
        'The Query contained a secured attribute to which the caller does not have access',
      )
    }
  }
}
