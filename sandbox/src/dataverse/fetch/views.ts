import { badQuery, Fault, notSupported } from '../fault.ts'
import { asGuid } from '../query/operands.ts'
import type { Request } from '../request.ts'
import type { Table } from '../schema/model.ts'

/**
 * The FetchXML of the view that a request names.
 * @throws Fault 404 when there is no such view, 400 when it is one of another table
 */
export function viewText(request: Request, table: Table): string {
  const { savedQuery, userQuery } = request.options
  if (savedQuery !== undefined && userQuery !== undefined) {
    throw notSupported('savedQuery beside userQuery')
  }
  const name = savedQuery === undefined ? 'userquery' : 'savedquery'
  const views = request.database.schema.tables.get(name)
  if (!views) throw notSupported(`the table ${name}`)
  const id = asGuid(savedQuery ?? userQuery ?? '')
  if (id === undefined) throw badQuery(`The id of the ${name} is not a valid Guid.`)
  const rows = request.database.rows(views)
  const slot = rows.slotOf(id)
  const read = (column: string): string | null => {
    const found = views.byName.get(column)
    return slot === undefined || !found ? null : rows.text(slot, found)
  }
  if (slot === undefined)
    throw new Fault(404, '0x80040217', `${name} With Id = ${id} Does Not Exist`)
  const of = read('returnedtypecode')
  if (of !== null && of !== table.name) {
    throw badQuery(
      `The ${name} '${read('name') ?? id}' returns rows of ${of}, not of ${table.name}.`,
    )
  }
  return read('fetchxml') ?? ''
}
