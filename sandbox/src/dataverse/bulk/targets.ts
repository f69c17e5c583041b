import { badPayload, Fault, notSupported } from '../fault.ts'
import { readAddress } from '../http/address.ts'
import { type RowKey, readRowKey } from '../http/row-key.ts'
import { NAMESPACE } from '../query/expression.ts'
import { asGuid } from '../query/operands.ts'
import type { Request } from '../request.ts'
import type { Table } from '../schema/model.ts'
import { type Body, isBody, readBody } from '../write/body.ts'

/** One row of a bulk message: what names it, if anything does, and its values. */
export interface Target {
  /** By `@odata.id`, or by the primary key among the values. */
  readonly key: RowKey | undefined
  readonly body: Body
}

/** Reads the `Targets` of a bulk message. @throws Fault when they are not rows of this table */
export function readTargets(request: Request, table: Table, message: string): Target[] {
  const parameters = readBody(request, table.set)
  for (const name of Object.keys(parameters)) {
    if (name !== 'Targets') throw unknownParameter(table, message, name)
  }
  const targets = parameters['Targets']
  if (targets === undefined) throw missingTargets(table, message)
  if (!Array.isArray(targets)) throw notAnArray(table)
  request.tally.rows = targets.length
  if (targets.length === 0) throw notSupported(`${message} without targets`)
  return targets.map((target: unknown) => readTarget(request, table, target))
}

function readTarget(request: Request, table: Table, target: unknown): Target {
  if (!isBody(target)) throw notAnObject(table)
  const { '@odata.type': type, '@odata.id': link, ...body } = target
  if (type === undefined) throw untyped(table, Object.keys(body)[0])
  if (String(type).replace(/^#/, '') !== `${NAMESPACE}${table.name}`) throw foreign(table, type)
  const id = body[table.id.name]
  if (link === undefined) {
    const guid = typeof id === 'string' ? asGuid(id) : undefined
    // What is no id at all is refused with the other values.
    return { key: guid ? { kind: 'id', id: guid, text: guid } : undefined, body }
  }
  if (id !== undefined) throw notSupported('a target with both @odata.id and its primary key')
  return { key: readLink(request, table, link), body }
}

/** `@odata.id` names the row as an address does: relative to the service, from the root, or absolute. */
function readLink(request: Request, table: Table, link: unknown): RowKey {
  if (typeof link !== 'string') throw badLink(table, link)
  const base = `${request.base}/`
  if (!URL.canParse(link, base)) throw badLink(table, link)
  const segments = readAddress(new URL(link, base).pathname)?.segments
  const [segment] = segments ?? []
  if (segments?.length !== 1 || segment?.name !== table.set || segment.key === undefined) {
    throw badLink(table, link)
  }
  return readRowKey(table, segment.key)
}

/** Without its type a target is read as the base type of all rows, which has no columns. */
function untyped(table: Table, property: string | undefined): Fault {
  if (property === undefined) return notAnObject(table)
  return new Fault(
    400,
    '0x0',
    `An error occurred while validating input parameters: Microsoft.Crm.CrmException: Invalid property '${property}' was found in entity '${NAMESPACE}crmbaseentity'. ---> Microsoft.OData.ODataException: Does not support untyped value in non-open type.`,
  )
}

function foreign(table: Table, type: unknown): Fault {
  return new Fault(
    400,
    '0x80040203',
    `The type '${String(type)}' of a target is not '${NAMESPACE}${table.name}', the type of the collection.`,
  )
}

function unknownParameter(table: Table, message: string, name: string): Fault {
  return badPayload(
    table.set,
    `Microsoft.OData.ODataException: The parameter '${name}' in the request payload is not a valid parameter for the operation '${message}'.`,
  )
}

function missingTargets(table: Table, message: string): Fault {
  return badPayload(
    table.set,
    `Microsoft.OData.ODataException: One or more parameters of the operation '${message}' are missing from the request payload. The missing parameters are: Targets.`,
  )
}

function notAnArray(table: Table): Fault {
  return badPayload(
    table.set,
    "Microsoft.OData.ODataException: When trying to read the parameter 'Targets', a node of type 'StartArray' was expected.",
  )
}

function notAnObject(table: Table): Fault {
  return badPayload(
    table.set,
    "Microsoft.OData.ODataException: When trying to read a target, a node of type 'StartObject' with the property '@odata.type' was expected.",
  )
}

function badLink(table: Table, link: unknown): Fault {
  return badPayload(
    table.set,
    `Microsoft.OData.ODataException: The value '${String(link)}' of '@odata.id' is no row of '${table.set}'.`,
  )
}
