import { checkOrganizationRead } from '../access/membership.ts'
import { badQuery, Fault } from '../fault.ts'
import type { Request } from '../request.ts'
import type { Table } from '../schema/model.ts'

const REFUSED = ['$filter', '$orderby', '$expand', '$top']

/**
 * Checks that the changes of a table may be asked for, by this caller and in this way.
 * @throws Fault 400 with the service's codes, 403 without organization-level read
 */
export function permitTracking(request: Request, table: Table): void {
  checkEnabled(request, table)
  checkOrganizationRead(request.caller, table)
  const refused = request.options.sent.find(({ name }) => REFUSED.includes(name))
  if (refused) {
    throw badQuery(
      `The "${refused.name}" query parameter isn't supported when Change Tracking is enabled.`,
    )
  }
}

function checkEnabled({ database }: Request, table: Table): void {
  if (!table.isIntersect) {
    if (table.changeTracking) return
    throw new Fault(400, '0x80072491', `Entity ${table.name} isn't enabled for change tracking.`)
  }
  const { tables, manyToMany } = database.schema
  const relation = manyToMany.find(({ between }) => between === table.name)
  const sides = [relation?.first ?? '', relation?.second ?? '']
  if (sides.every((side) => tables.get(side)?.changeTracking)) return
  throw new Fault(
    400,
    '0x80072492',
    `Changes cannot be retrieved for intersect entity ${table.name} since both related entities are not enabled for change tracking.`,
  )
}
