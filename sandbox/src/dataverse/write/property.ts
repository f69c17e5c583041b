import type { Answer } from '../../exchange.ts'
import { badPayload, Fault } from '../fault.ts'
import { readImage } from '../files/images.ts'
import { noContent, type Request } from '../request.ts'
import type { Column, Table } from '../schema/model.ts'
import { readBody } from './body.ts'
import { applyValues, checkMatch } from './upsert.ts'
import { readValue } from './values.ts'

/** Answers a PUT of one property. */
export function setProperty(request: Request, table: Table, slot: number, column: Column): Answer {
  refuseLookup(column)
  const body = readBody(request, table.set)
  if (!('value' in body)) {
    throw badPayload(
      table.set,
      "Microsoft.OData.ODataException: A top-level property with name 'value' was expected in the payload.",
    )
  }
  checkMatch(request, table, slot)
  const given = body['value']
  const value =
    column.type === 'Image'
      ? readImage(request, table, column, given, 'update')
      : readValue(table, column, given)
  applyValues(request, table, slot, new Map([[column, value]]))
  return noContent(request)
}

/** Answers a DELETE of one property. */
export function clearProperty(
  request: Request,
  table: Table,
  slot: number,
  column: Column,
): Answer {
  refuseLookup(column)
  checkMatch(request, table, slot)
  applyValues(request, table, slot, new Map([[column, null]]))
  return noContent(request)
}

function refuseLookup(column: Column): void {
  if (column.storage === 'reference' || !column.update) {
    throw new Fault(
      400,
      '0x80060888',
      column.storage === 'reference'
        ? 'CRM do not support direct update of Entity Reference properties, Use Navigation properties instead.'
        : `The property '${column.name}' cannot be updated.`,
    )
  }
}
